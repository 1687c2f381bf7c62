"""Rate limits that fail open: a lost Redis must not close the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # that module reads the settings, which name this one
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)


class FailOpen(SimpleRateThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            log.warning("throttle_store_unreachable", error=str(error))
            return True


class UserThrottle(FailOpen, UserRateThrottle):
    pass


class ProviderThrottle(FailOpen):
    """Reports of one provider, from one address."""

    scope = "provider"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        ident = f"{view.kwargs['name'][:20]}:{self.get_ident(request)}"
        return self.cache_format % {"scope": self.scope, "ident": ident}
