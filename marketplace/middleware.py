"""What a visitor sees when a store behind the page is down."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from redis.exceptions import ConnectionError as RedisConnectionError

log = structlog.get_logger(__name__)

STORE_ERRORS = (OperationalError, InterfaceError, RedisConnectionError)
MESSAGE = (
    "The database cannot be reached just now. Nothing you sent was saved; "
    "your text is still in the form when you go back. Please try again in a minute."
)


class ServiceUnavailableMiddleware:
    """Turn a lost database or Redis into one clear 503, as a page or as JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, STORE_ERRORS):
            return None
        return unavailable(request, error)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("store_unreachable", path=request.path, error=type(error).__name__)
    response: HttpResponse
    if request.path.startswith("/api/"):
        body = {
            "type": "server_error",
            "errors": [{"code": "unavailable", "detail": MESSAGE, "attr": None}],
        }
        response = JsonResponse(body, status=503)
    else:
        response = render(None, "errors/503.html", {"message": MESSAGE}, status=503)
    response["Retry-After"] = "30"
    return response
