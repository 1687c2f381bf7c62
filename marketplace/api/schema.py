"""What the OpenAPI description says of every operation alike: how it may refuse."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from accounts.idempotency import KEY_CHARACTERS
from marketplace.api.authentication import TOKEN_HEADER
from marketplace.api.serializers.refusals import RefusalSerializer

ALWAYS = {
    "401": "Nobody is logged in.",
    "403": "Your role does not allow this.",
    "404": "It does not exist, or you may not know that it does.",
    "405": "The address has no such method.",
    "406": "Answers are JSON only.",
    "429": "Too many requests; Retry-After says when to come back.",
    "503": "The database or a model is away; Retry-After says when to come back.",
}
WITH_INPUT = {"400": "Something sent cannot be used; attr names it."}
WITH_BODY = {"413": "The body is larger than a megabyte.", "415": "Bodies are JSON only."}

WITH_KEY = {
    "409": "Its present state does not allow this, or the first request with this idempotency key "
    "is still at work.",
    "422": "The idempotency key was used for another request.",
}

SOMETIMES = {
    409: "The account is not scored yet.",
    422: "No prices of comparable creators are known.",
}


class ApiSchema(AutoSchema):
    """Adds the refusals, each in the one shape `errors.exception_handler` gives them."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        refusals = ALWAYS | WITH_INPUT
        if self.method in {"POST", "PATCH"}:
            refusals |= WITH_BODY
        if self._takes_key:
            refusals |= WITH_KEY
        for status, description in refusals.items():
            if status not in bodies:
                body = self._get_response_for_code(RefusalSerializer, status)
                bodies[status] = body | {"description": description}
        return dict(sorted(bodies.items()))

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = super().get_override_parameters()
        if self._takes_key:
            needed = getattr(self.view, "needs_idempotency_key", False)
            parameters = [*parameters, key_parameter(required=needed)]
        return parameters

    @property
    def _takes_key(self) -> bool:
        return self.method == "POST" and getattr(self.view, "takes_idempotency_key", False)


def key_parameter(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "Idempotency-Key",
        str,
        OpenApiParameter.HEADER,
        required=required,
        pattern=rf"^[a-zA-Z0-9_-]{{1,{KEY_CHARACTERS}}}$",
        description="A UUID, say. The same request with the same key has its effect once and is "
        "answered as the first time for at least 24 hours.",
    )


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """Further refusals of one operation, for `extend_schema(responses=…)`."""
    return {
        status: OpenApiResponse(RefusalSerializer, description=SOMETIMES[status])
        for status in statuses
    }


class SessionTokenScheme(OpenApiAuthenticationExtension):
    target_class = "marketplace.api.authentication.SessionTokenAuthentication"
    name = "sessionToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": TOKEN_HEADER,
            "description": "From `POST /_allauth/app/v1/auth/login` (`meta.session_token`).",
        }
