"""A collaboration: all of it, its timeline, its contract."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import NotFound
from campaigns.access import seat_for
from campaigns.models import CollaborationEvent
from marketplace.api.authentication import asker
from marketplace.api.collaboration_answer import answer_of, contract_of
from marketplace.api.serializers.collaborations import (
    CollaborationSerializer,
    ContractSerializer,
    TimelineSerializer,
)
from marketplace.api.strictness import check_parameters
from marketplace.api.views.acting import TAGS


class NoContract(NotFound):
    code = "no_contract"
    message = "There is no contract yet: it is drawn up when an offer is accepted."


class CollaborationView(APIView):
    @extend_schema(
        responses=CollaborationSerializer,
        tags=TAGS,
        summary="A collaboration: who must act, what you can do, offers, contract, work, money.",
    )
    def get(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id)
        check_parameters(request, [])
        return Response(answer_of(seat))


@extend_schema_view(
    get=extend_schema(tags=TAGS, summary="The timeline both sides read, the newest first.")
)
class EventListView(ListAPIView):
    serializer_class = TimelineSerializer
    filter_backends = []
    queryset = CollaborationEvent.objects.none()

    def get_queryset(self) -> QuerySet[CollaborationEvent]:
        seat = seat_for(asker(self.request), self.kwargs["collaboration_id"])
        return seat.collaboration.events.select_related("actor")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)


class ContractView(APIView):
    @extend_schema(
        responses=ContractSerializer,
        tags=TAGS,
        summary="The contract's text, the hash that is signed, and the signatures.",
    )
    def get(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id)
        check_parameters(request, [])
        contract = contract_of(seat.collaboration)
        if contract is None:
            raise NoContract
        return Response(ContractSerializer(contract).data)
