"""The one place that turns errors into JSON answers."""

from typing import Any

from django.db import InterfaceError, OperationalError
from drf_standardized_errors.handler import exception_handler as standard_handler
from redis.exceptions import RedisError
from rest_framework.response import Response

from accounts.errors import DomainError
from marketplace.middleware import MESSAGE


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """``{"type", "errors": [{"code", "detail", "attr"}]}`` for every refusal."""
    if isinstance(error, DomainError):
        body: dict[str, Any] = {
            "type": "client_error",
            "errors": [{"code": error.code, "detail": error.message, "attr": None}],
        }
        if error.details is not None:
            body["details"] = error.details
        return Response(body, status=error.http_status)
    if isinstance(error, OperationalError | InterfaceError | RedisError):
        detail = {"code": "unavailable", "detail": MESSAGE, "attr": None}
        return Response(
            {"type": "server_error", "errors": [detail]},
            status=503,
            headers={"Retry-After": "30"},
        )
    return standard_handler(error, context)
