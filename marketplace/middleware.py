"""What a visitor sees when a store behind the page is down."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from marketplace.echo import echo_of

log = structlog.get_logger(__name__)

CACHE_ERRORS = (RedisConnectionError, RedisTimeoutError)
STORE_ERRORS = (OperationalError, InterfaceError, *CACHE_ERRORS)
MESSAGE = (
    "The database cannot be reached just now, so nothing you sent was saved. "
    "Please try again in a minute."
)
CACHE_MESSAGE = MESSAGE.replace("The database", "Redis")


class ServiceUnavailableMiddleware:
    """Turn a lost database or Redis into one clear 503, as a page or as JSON.

    Covers views and the templates they render. What another middleware raises never
    comes back here as an exception: Django has made it a 500 before, through
    `marketplace.pages.errors.server_error`, which asks `unavailable` as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, STORE_ERRORS):
            return None
        return unavailable(request, error)


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The 503 answer. Uses neither database, session nor cache."""
    message = CACHE_MESSAGE if isinstance(error, CACHE_ERRORS) else MESSAGE
    log.error("store_unreachable", path=request.path, error=type(error).__name__)
    response: HttpResponse
    if request.path.startswith(("/api/", "/_allauth/")):
        body = {
            "type": "server_error",
            "errors": [{"code": "unavailable", "detail": message, "attr": None}],
        }
        response = JsonResponse(body, status=503)
    else:
        context = {"message": message, "path": request.get_full_path(), "echo": echo_of(request)}
        response = HttpResponse(render_to_string("errors/503.html", context), status=503)
    response["Retry-After"] = "30"
    return response
