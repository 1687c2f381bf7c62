"""The one place that turns errors into JSON answers."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from drf_standardized_errors.handler import exception_handler as standard_handler
from redis.exceptions import RedisError
from rest_framework.response import Response

from accounts.errors import DomainError
from marketplace.api.bodies import BodyTooLarge
from marketplace.middleware import MESSAGE


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """``{"type", "errors": [{"code", "detail", "attr"}]}`` for every refusal.

    A domain error whose details name a field puts it into ``attr``.
    """
    if isinstance(error, DomainError):
        return Response(body_of(error), status=error.http_status)
    if isinstance(error, OperationalError | InterfaceError | RedisError):
        detail = {"code": "unavailable", "detail": MESSAGE, "attr": None}
        return Response(
            {"type": "server_error", "errors": [detail]},
            status=503,
            headers={"Retry-After": "30"},
        )
    if isinstance(error, RequestDataTooBig):
        # Django refuses bodies above its own limit before our parser is asked.
        error = BodyTooLarge()
    return standard_handler(error, context)


def body_of(error: DomainError) -> dict[str, Any]:
    """What is answered to a domain error."""
    details = error.details if isinstance(error.details, dict) else {}
    attr = details.get("field")
    if error.http_status >= 500:
        kind = "server_error"
    else:
        kind = "validation_error" if attr else "client_error"
    body: dict[str, Any] = {
        "type": kind,
        "errors": [{"code": error.code, "detail": error.message, "attr": attr}],
    }
    if error.details is not None and set(details) != {"field"}:
        body["details"] = error.details
    return body
