"""A creator's own cases: read, add evidence, appeal."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ModerationCase
from marketplace.api.authentication import asker
from marketplace.api.serializers.cases import (
    AppealSerializer,
    CaseSerializer,
    EvidenceSerializer,
    FullCaseSerializer,
    WordsSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from scoring.moderation.appealing import file_appeal
from scoring.moderation.evidence import add_evidence
from scoring.moderation.selectors import case_for, list_cases

NOT_NOW = OpenApiResponse(
    RefusalSerializer, description="The case is in no state for this, or it was done before."
)


@extend_schema_view(
    get=extend_schema(tags=["cases"], summary="Cases about your profile, the newest first.")
)
class CaseListView(ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    serializer_class = CaseSerializer
    filter_backends = []
    queryset = ModerationCase.objects.none()

    def get_queryset(self) -> QuerySet[ModerationCase]:
        return list_cases(asker(self.request)).defer("statement")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)


class CaseView(APIView):
    @extend_schema(
        responses=FullCaseSerializer,
        tags=["cases"],
        summary="A case about your profile: statement of reasons, history, evidence, appeal.",
    )
    def get(self, request: Request, case_id: int) -> Response:
        return Response(FullCaseSerializer(case_for(asker(request), case_id)).data)


class CaseEvidenceView(APIView):
    @extend_schema(
        request=WordsSerializer,
        responses={201: EvidenceSerializer, 409: NOT_NOW},
        tags=["cases"],
        summary="Add evidence to your open case; it cannot be changed later.",
    )
    def post(self, request: Request, case_id: int) -> Response:
        case, sent = case_for(asker(request), case_id), _words(request)
        evidence = add_evidence(case=case, actor=asker(request), now=timezone.now(), **sent)
        return Response(EvidenceSerializer(evidence).data, status=201)


class CaseAppealView(APIView):
    @extend_schema(
        request=WordsSerializer,
        responses={201: AppealSerializer, 409: NOT_NOW},
        tags=["cases"],
        summary="Appeal, once, against the decision of your case.",
    )
    def post(self, request: Request, case_id: int) -> Response:
        case, sent = case_for(asker(request), case_id), _words(request)
        appeal = file_appeal(case=case, actor=asker(request), now=timezone.now(), **sent)
        return Response(AppealSerializer(appeal).data, status=201)


def _words(request: Request) -> dict[str, Any]:
    asked = WordsSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    sent: dict[str, Any] = asked.validated_data
    return sent
