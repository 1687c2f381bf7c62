"""A creator's price justifications, and the check of one by whoever has its link."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.justifying import (
    JustificationRequestSerializer,
    JustificationRowSerializer,
    JustificationSerializer,
    VerifiedJustificationSerializer,
    VerifyParameters,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.verify_throttle import VerifyThrottle
from marketplace.api.views.discovery import parameters
from scoring.justifying.making import make_justification, withdraw_justification
from scoring.justifying.pdf import justification_pdf
from scoring.justifying.reading import (
    account_of,
    count_view,
    justification_for,
    justifications_of,
    profile_of,
    verify,
)
from scoring.models import PriceJustification

TAGS = ["price justifications"]
NOT_NOW = OpenApiResponse(
    RefusalSerializer, description="The profile is suspended or closed, or there are too many."
)
UNUSABLE = OpenApiResponse(
    RefusalSerializer,
    description="An input cannot be, attr names it; or the idempotency key was used for another "
    "request.",
)
GONE = OpenApiResponse(RefusalSerializer, description="It was withdrawn before.")


@extend_schema_view(
    get=extend_schema(
        tags=TAGS,
        operation_id="justifications_list",
        summary="Your price justifications, the latest first.",
    )
)
class JustificationListView(OncePerKey, ListAPIView):
    """Three queries beside the log-in's, whatever the page's length."""

    serializer_class = JustificationRowSerializer
    filter_backends = []
    queryset = PriceJustification.objects.none()

    def get_queryset(self) -> QuerySet[PriceJustification]:
        user = asker(self.request)
        profile_of(user)
        return justifications_of(user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=JustificationRequestSerializer,
        responses={201: JustificationSerializer, 409: NOT_NOW, 422: UNUSABLE},
        tags=TAGS,
        operation_id="justifications_create",
        summary="Freeze the figures behind a price of yours, and get a link to them.",
    )
    def post(self, request: Request) -> Response:
        user = asker(request)
        profile_of(user)
        asked = JustificationRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        account = account_of(user, data.pop("account_id"))

        def act() -> Response:
            made = make_justification(account=account, actor=user, now=timezone.now(), **data)
            return Response(JustificationSerializer(made).data, status=201)

        return self.once(request, act)


class JustificationView(APIView):
    @extend_schema(
        responses=JustificationSerializer,
        tags=TAGS,
        operation_id="justifications_read",
        summary="One of your price justifications with its frozen document.",
    )
    def get(self, request: Request, justification_id: int) -> Response:
        check_parameters(request, [])
        found = justification_for(asker(request), justification_id)
        return Response(JustificationSerializer(found).data)


class JustificationWithdrawView(APIView):
    @extend_schema(
        request=None,
        responses={200: JustificationRowSerializer, 409: GONE},
        tags=TAGS,
        operation_id="justifications_withdraw",
        summary="Withdraw one: its link says so and shows no figures.",
    )
    def post(self, request: Request, justification_id: int) -> Response:
        user = asker(request)
        found = justification_for(user, justification_id, write=True)
        withdrawn = withdraw_justification(justification=found, actor=user, now=timezone.now())
        return Response(JustificationRowSerializer(withdrawn).data)


class JustificationPdfView(APIView):
    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        tags=TAGS,
        operation_id="justifications_pdf",
        summary="One as a PDF: the same bytes each time.",
    )
    def get(self, request: Request, justification_id: int) -> HttpResponse:
        check_parameters(request, [])
        found = justification_for(asker(request), justification_id)
        name = f"price-justification-{found.pk}.pdf"
        return HttpResponse(
            justification_pdf(found),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class JustificationVerifyView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [VerifyThrottle]

    @extend_schema(
        parameters=[VerifyParameters],
        responses=VerifiedJustificationSerializer,
        tags=TAGS,
        operation_id="justifications_verify",
        summary="What a signed link says: standing, frozen figures and their hash. No log-in.",
    )
    def get(self, request: Request) -> Response:
        asked = parameters(request, VerifyParameters)
        now = timezone.now()
        found = verify(asked["token"], now=now)
        if found.document is not None:
            count_view(found.justification, now=now)
        headers = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
        return Response(VerifiedJustificationSerializer(found).data, headers=headers)
