"""Webhooks of brands and creators, and what somebody gets by e-mail."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.models import Brand, Creator
from accounts.notifying import webhooks
from accounts.notifying.preferences import get_paces, set_paces
from campaigns.payments.access import earner_for
from marketplace.api.authentication import asker
from marketplace.api.serializers.notifying import (
    AddingWebhookSerializer,
    ChangedPacesSerializer,
    NewWebhookSerializer,
    PacesSerializer,
    WebhookSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters

TAGS = ["notifications"]
FULL = OpenApiResponse(RefusalSerializer, description="It is there already, or there are too many.")


class PreferencesView(APIView):
    @extend_schema(
        responses=PacesSerializer, tags=TAGS, summary="What you get by e-mail, and how soon."
    )
    def get(self, request: Request) -> Response:
        check_parameters(request, [])
        return Response(get_paces(asker(request)))

    @extend_schema(
        request=ChangedPacesSerializer,
        responses=PacesSerializer,
        tags=TAGS,
        summary="Change what you get by e-mail; categories not named stay as they are.",
    )
    def patch(self, request: Request) -> Response:
        asked = ChangedPacesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(set_paces(user=asker(request), paces=asked.validated_data))


class WebhookListView(APIView):
    """At most `webhooks.MOST_ENDPOINTS`, so there are no pages."""

    def read(self, request: Request, owner: Brand | Creator) -> Response:
        check_parameters(request, [])
        return Response(WebhookSerializer(owner.webhooks.all(), many=True).data)

    def add(self, request: Request, owner: Brand | Creator) -> Response:
        asked = AddingWebhookSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        added = webhooks.add_endpoint(
            owner=owner, actor=asker(request), now=timezone.now(), **asked.validated_data
        )
        return Response(NewWebhookSerializer(added).data, status=201)


class BrandWebhookListView(WebhookListView):
    @extend_schema(
        responses=WebhookSerializer(many=True),
        tags=TAGS,
        summary="Webhooks of a brand you own.",
        operation_id="brand_webhooks_list",
    )
    def get(self, request: Request, brand_id: int) -> Response:
        return self.read(request, _brand(request, brand_id))

    @extend_schema(
        request=AddingWebhookSerializer,
        responses={201: NewWebhookSerializer, 409: FULL},
        tags=TAGS,
        summary="Add a webhook; its secret is answered this once.",
        operation_id="brand_webhooks_create",
    )
    def post(self, request: Request, brand_id: int) -> Response:
        return self.add(request, _brand(request, brand_id))


class CreatorWebhookListView(WebhookListView):
    @extend_schema(
        responses=WebhookSerializer(many=True),
        tags=TAGS,
        summary="Webhooks of your profile.",
        operation_id="creator_webhooks_list",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        return self.read(request, earner_for(asker(request), creator_id))

    @extend_schema(
        request=AddingWebhookSerializer,
        responses={201: NewWebhookSerializer, 409: FULL},
        tags=TAGS,
        summary="Add a webhook; its secret is answered this once.",
        operation_id="creator_webhooks_create",
    )
    def post(self, request: Request, creator_id: int) -> Response:
        return self.add(request, earner_for(asker(request), creator_id))


class BrandWebhookView(APIView):
    @extend_schema(responses={204: None}, tags=TAGS, summary="Delete a webhook and its secret.")
    def delete(self, request: Request, brand_id: int, webhook_id: int) -> Response:
        endpoint = webhooks.endpoint_of(_brand(request, brand_id), webhook_id)
        webhooks.delete_endpoint(endpoint=endpoint, actor=asker(request))
        return Response(status=204)


class CreatorWebhookView(APIView):
    @extend_schema(responses={204: None}, tags=TAGS, summary="Delete a webhook and its secret.")
    def delete(self, request: Request, creator_id: int, webhook_id: int) -> Response:
        endpoint = webhooks.endpoint_of(earner_for(asker(request), creator_id), webhook_id)
        webhooks.delete_endpoint(endpoint=endpoint, actor=asker(request))
        return Response(status=204)


def _brand(request: Request, brand_id: int) -> Brand:
    return access.brand_for(asker(request), brand_id, roles=access.TEAM_KEEPERS)
