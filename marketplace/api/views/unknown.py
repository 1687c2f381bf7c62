"""Addresses under /api/ that mean nothing, answered in the API's own shape."""

from typing import Any

from django.urls import resolve
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


@extend_schema(exclude=True)
class UnknownAddressView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        slashed = f"{request.path_info}/"
        known = getattr(resolve(slashed).func, "cls", None) is not type(self)
        hint = f" Did you mean {slashed}?" if known else ""
        raise NotFound(f"There is no such address.{hint}")
