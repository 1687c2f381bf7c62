"""Disputes: read, opened, answered, taken back."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import disputes
from campaigns.access import Seat, seat_for
from campaigns.dispute_reading import list_disputes, moves_of
from marketplace.api.authentication import asker
from marketplace.api.serializers.disputes import (
    DisputesSerializer,
    DisputingSerializer,
    StatingSerializer,
    WithdrawingDisputeSerializer,
)
from marketplace.api.strictness import check_parameters
from marketplace.api.views.acting import TAGS, CollaborationActView, by, describe


class DisputeActView(CollaborationActView):
    """What managers of the brand and the creator do; answered with all disputes."""

    def answer(self, seat: Seat) -> Any:
        return _disputes(seat_for(seat.user, seat.collaboration.pk))


class DisputeView(DisputeActView):
    move, sent = "dispute", DisputingSerializer

    @extend_schema(
        responses=DisputesSerializer,
        tags=TAGS,
        summary="Disputes of a collaboration, the newest first, and what you can do about them.",
    )
    def get(self, request: Request, collaboration_id: int) -> Response:
        check_parameters(request, [])
        return Response(_disputes(seat_for(asker(request), collaboration_id)))

    @extend_schema(
        request=DisputingSerializer,
        responses={201: DisputesSerializer},
        tags=TAGS,
        summary="Open a dispute: work and money stand still until it is decided.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        return super().post(request, collaboration_id)

    def act(self, seat: Seat, **sent: Any) -> None:
        disputes.open_dispute(collaboration=seat.collaboration, **by(seat), **sent)


class DisputeEvidenceView(DisputeActView):
    move, sent = "dispute", StatingSerializer

    @extend_schema(
        request=StatingSerializer,
        responses={201: DisputesSerializer},
        tags=TAGS,
        summary="Answer the open dispute, or add evidence; it cannot be changed later.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        return super().post(request, collaboration_id)

    def act(self, seat: Seat, **sent: Any) -> None:
        disputes.add_statement(collaboration=seat.collaboration, **by(seat), **sent)


@describe("Take back the dispute your side opened; everybody has the time that was left.")
class DisputeWithdrawView(CollaborationActView):
    move, sent = "withdraw_dispute", WithdrawingDisputeSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        disputes.withdraw_dispute(collaboration=seat.collaboration, **by(seat), **sent)


def _disputes(seat: Seat) -> Any:
    found = list_disputes(seat.collaboration)
    moves = moves_of(seat, found, now=timezone.now())
    answer = {
        "may_open": moves.may_open,
        "may_state": moves.may_state,
        "may_withdraw": moves.may_withdraw,
        "until": moves.until,
        "disputes": found,
    }
    return DisputesSerializer(answer).data
