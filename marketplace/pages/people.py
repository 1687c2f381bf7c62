"""Who asks."""

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    """The user behind a page that `refusals.page` guards: never anonymous."""
    return cast(User, request.user)
