"""The public page behind a signed link: the frozen figures, and whether they are still valid."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from accounts.errors import DomainError
from accounts.models import User
from marketplace.api.verify_throttle import VerifyThrottle
from marketplace.pages.errors import error_page
from marketplace.pages.justifying import pdf_response
from marketplace.pages.justifying_shown import show_sections
from marketplace.pages.refusals import refuse
from marketplace.pages.showing import is_looked_at
from scoring.justifying.links import LinkWrong, verify_url
from scoring.justifying.reading import changes_since, count_view, may_see_changes, verify

View = Callable[..., HttpResponse]
TOO_OFTEN = "This address asked for many documents in a short time. Try again in a minute."


def public(view: View) -> View:
    """For everybody who has the link: not indexed, not told to other sites, and not too often."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = VerifyThrottle()
        # It reads of a request what Django's and the framework's have alike.
        if throttle.allow_request(cast(Request, request), cast(Any, None)):
            try:
                response = view(request, *args, **kwargs)
            except DomainError as error:
                response = refuse(request, error)
        else:
            response = error_page(400, message=TOO_OFTEN)
            response.status_code = 429
            response["Retry-After"] = str(round(throttle.wait() or 60))
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return never_cache(answer)


@public
@require_safe
def justification_verify(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    found = verify(token, now=now)
    one = found.justification
    is_own = request.user.is_authenticated and one.account.creator.user_id == request.user.pk
    if found.document is not None and not is_own and is_looked_at(request):
        count_view(one, now=now)
    shows_changes = found.document is not None and may_see_changes(cast(User, request.user), one)
    context = {
        "one": one,
        "token": token,
        "standing": found.standing,
        "document": found.document,
        "sections": show_sections(found.document) if found.document else [],
        "is_flagged_now": one.account.creator.status == "flagged",
        "shows_changes": shows_changes,
        "changes": changes_since(one, now=now) if shows_changes else [],
        "now": now,
        "link": verify_url(one),
    }
    return render(request, "justifying/verify.html", context)


@public
@require_safe
def justification_verify_file(request: HttpRequest, token: str) -> HttpResponse:
    """The same bytes that the creator has, to be compared with a paper somebody was given."""
    found = verify(token, now=timezone.now())
    if found.document is None:
        raise LinkWrong("This document is withdrawn or not shown, so there is no paper of it.")
    return pdf_response(found.justification)
