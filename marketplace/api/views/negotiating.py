"""Until two sides agree: offers, the blind band, yes and no."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import leaving, offers
from campaigns.access import Seat, seat_for
from campaigns.offer_terms import DeliverableTerms, OfferTerms
from marketplace.api.authentication import asker
from marketplace.api.collaboration_answer import band_answer
from marketplace.api.serializers.collaboration_acts import (
    AcceptingSerializer,
    LeavingReasonSerializer,
    LimitSerializer,
    OfferingSerializer,
)
from marketplace.api.serializers.collaborations import BandSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.acting import TAGS, CollaborationActView, by, describe


@describe("Make the first offer, or counter the other side's; they then have 72 hours.")
class OfferView(CollaborationActView):
    move, sent = "offer", OfferingSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        terms = sent["terms"]
        pieces = [DeliverableTerms(**one) for one in terms["deliverables"]]
        offers.make_offer(
            collaboration=seat.collaboration,
            terms=OfferTerms(**{**terms, "deliverables": pieces}),
            message=sent["message"],
            **by(seat),
        )


@describe("Accept the newest offer by the hash of its terms; the contract is drawn up.")
class AcceptView(CollaborationActView):
    move, sent = "accept", AcceptingSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        offers.accept_offer(collaboration=seat.collaboration, **sent, **by(seat))


@describe("Say no to an invitation, an application or an offer.")
class DeclineView(CollaborationActView):
    move, sent = "decline", LeavingReasonSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        leaving.decline(collaboration=seat.collaboration, **sent, **by(seat))


@describe("Take back your own invitation, application or offer.")
class WithdrawView(CollaborationActView):
    move, sent = "withdraw", LeavingReasonSerializer

    def act(self, seat: Seat, **sent: Any) -> None:
        leaving.withdraw(collaboration=seat.collaboration, **sent, **by(seat))


class LimitView(CollaborationActView):
    move, sent = "enter_limit", LimitSerializer

    @extend_schema(
        responses=BandSerializer,
        tags=TAGS,
        summary="The blind band: who entered a limit, and whether the two meet.",
    )
    def get(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id)
        check_parameters(request, [])
        return Response(band_answer(seat))

    @extend_schema(
        request=LimitSerializer,
        responses={201: BandSerializer},
        tags=TAGS,
        summary="Enter your private limit, once; when both sides have, only an overlap is told.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        return super().post(request, collaboration_id)

    def act(self, seat: Seat, **sent: Any) -> None:
        offers.enter_limit(collaboration=seat.collaboration, **sent, **by(seat))

    def answer(self, seat: Seat) -> Any:
        return band_answer(seat)
