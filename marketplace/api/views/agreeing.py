"""From the contract to the money set aside, and the early end."""

from typing import Any

from django.utils import timezone

from campaigns import cancelling, contracts
from campaigns.access import Seat
from campaigns.states import Side
from marketplace.api.serializers.collaboration_acts import (
    LeavingReasonSerializer,
    SigningSerializer,
)
from marketplace.api.views.acting import CollaborationActView, by, describe


@describe("Sign the contract by your typed name and the hash of its text.")
class SignView(CollaborationActView):
    move, sent = "sign", SigningSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        contracts.sign(collaboration=seat.collaboration, **sent, **by(seat))


@describe("Set the contract's total and the fee aside from the brand's wallet; work starts.")
class FundView(CollaborationActView):
    move, only = "fund", Side.BRAND

    def act(self, seat: Seat, **sent: Any) -> None:
        contracts.fund(collaboration=seat.collaboration, actor=seat.user, now=timezone.now())


@describe("Ask the other side to end it early; they have 72 hours.")
class CancelView(CollaborationActView):
    move, sent = "ask_to_cancel", LeavingReasonSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        cancelling.ask_to_cancel(collaboration=seat.collaboration, **sent, **by(seat))


@describe("Agree to end it; the money is divided as the contract says.")
class AgreeToCancelView(CollaborationActView):
    move = "agree_to_cancel"

    def act(self, seat: Seat, **sent: Any) -> None:
        cancelling.agree_to_cancel(collaboration=seat.collaboration, **by(seat))


@describe("Refuse to end it; the work goes on.")
class RefuseToCancelView(CollaborationActView):
    move, sent = "refuse_to_cancel", LeavingReasonSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        cancelling.refuse_to_cancel(collaboration=seat.collaboration, **sent, **by(seat))
