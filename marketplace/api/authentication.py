"""Who asks: the app's session token, else the browser's session."""

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from rest_framework.request import Request

from accounts.models import User

TOKEN_HEADER = "X-Session-Token"  # noqa: S105 (the header's name)


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """Answers 401 to strangers, where the class it extends leads to a 403."""

    def authenticate_header(self, request: Request) -> str:
        return TOKEN_HEADER


def asker(request: Request) -> User:
    """The user behind a request that passed `IsAuthenticated`."""
    assert isinstance(request.user, User)
    return request.user
