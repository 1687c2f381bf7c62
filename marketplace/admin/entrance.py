"""Who comes in: staff, by the log-in everybody uses, with its second factor and limits."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from marketplace.pages.errors import error_page

View = Callable[..., HttpResponse]


def through_site_login(admin_login: View) -> View:
    """The admin's log-in page replaced by the site's; people who are not staff get a 403."""
    secured = secure_admin_login(admin_login)

    def login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            response: HttpResponse = secured(request, extra_context)
        except PermissionDenied:
            return error_page(
                403,
                message="The moderation desk is for moderators. You are logged in as "
                f"{request.user}, who is not one.",
            )
        return response

    return login
