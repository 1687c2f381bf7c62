"""The one place where pages turn a `DomainError` into something to read."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.errors import DomainError
from marketplace.echo import echo_of
from marketplace.pages.errors import error_page

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """A page for people who are logged in, whose refusals are told in words.

    What the asker may not see or do gets its own page with status 404 or 403. Any other
    refusal of a sent form is shown on top of the page the form was on.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refuse(request, error)

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return answer(request, *args, **kwargs)
        # The log-in page would lose what was typed; its text is shown to be copied.
        if echo := echo_of(request):
            copied = replace(echo, can_resend=False)
            return error_page(403, template="errors/logged_out.html", echo=copied)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    return enter


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    if request.method == "POST" and error.http_status not in {403, 404}:
        messages.error(request, error.message)
        return redirect(_sender(request))
    status = error.http_status if error.http_status in {403, 404, 409, 503} else 400
    return error_page(status, message=error.message)


def _sender(request: HttpRequest) -> str:
    """The page of ours the form was on; the start page when the browser does not say."""
    referer = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referer if ours else "/"
