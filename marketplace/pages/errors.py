"""The pages for what went wrong. None of them asks the database or the session."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from marketplace.echo import echo_of
from marketplace.middleware import STORE_ERRORS, unavailable

TOO_BIG = (
    "What you sent is larger than this page accepts. A brief may have 20,000 characters; "
    "files belong on the import page."
)


def error_page(
    status: int, *, template: str = "", message: str = "", **context: object
) -> HttpResponse:
    """The page for one status code, with a sentence of its own if there is one."""
    html = render_to_string(template or f"errors/{status}.html", {"message": message, **context})
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = TOO_BIG if isinstance(exception, RequestDataTooBig) else ""
    return error_page(400, message=message)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Never offers to send again: the form may have come from somebody else's page."""
    return error_page(403, template="errors/403_csrf.html", echo=echo_of(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """Also where errors raised inside other middleware arrive, such as a lost session store."""
    error = sys.exc_info()[1]
    if isinstance(error, STORE_ERRORS):
        return unavailable(request, error)
    return error_page(500, echo=echo_of(request))
