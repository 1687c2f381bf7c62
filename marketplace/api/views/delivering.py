"""The work itself: drafts, changes, approval, publication, verification."""

from typing import Any

from django.utils import timezone

from campaigns import delivering
from campaigns.access import Seat
from campaigns.models import Deliverable
from campaigns.states import Side
from marketplace.api.serializers.collaboration_acts import (
    DraftingSerializer,
    LeavingReasonSerializer,
    PublishingSerializer,
    RevisingSerializer,
)
from marketplace.api.views.acting import DeliverableActView, by, describe


@describe("Show a draft; the brand has seven days, after which it counts as approved.")
class DraftView(DeliverableActView):
    move, sent, only = "submit_draft", DraftingSerializer, Side.CREATOR

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        delivering.submit_draft(deliverable=piece, actor=seat.user, now=timezone.now(), **sent)


@describe("Ask for changes, citing what of the agreed terms the draft misses.")
class RevisionView(DeliverableActView):
    move, sent, only = "request_revision", RevisingSerializer, Side.BRAND

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        delivering.request_revision(deliverable=piece, actor=seat.user, now=timezone.now(), **sent)


@describe("Approve the draft.")
class ApproveView(DeliverableActView):
    move = "approve"

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        delivering.approve(deliverable=piece, **by(seat))


@describe("Say where it was published; its caption must hold the agreed disclosure.")
class PublishView(DeliverableActView):
    move, sent, only = "publish", PublishingSerializer, Side.CREATOR

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        delivering.publish(deliverable=piece, actor=seat.user, now=timezone.now(), **sent)


@describe("Confirm the publication; the price is owed to the creator in the same moment.")
class VerifyView(DeliverableActView):
    move = "verify"

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        delivering.verify(deliverable=piece, **by(seat))


@describe("Give a piece up; its price and fee go back to the brand.")
class WaiveView(DeliverableActView):
    move, sent, only = "waive", LeavingReasonSerializer, Side.CREATOR

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        delivering.waive(deliverable=piece, actor=seat.user, now=timezone.now(), **sent)
