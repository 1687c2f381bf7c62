"""How often one address may ask whether a document is genuine, by page or API.

The links cannot be guessed; this keeps somebody who tries from costing much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request

from marketplace.api.throttling import FailOpen

if TYPE_CHECKING:
    from rest_framework.views import APIView


class VerifyThrottle(FailOpen):
    scope = "verify"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
