"""What every act on a collaboration has in common: who, what, once, and the new state."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.access import Seat, seat_for
from campaigns.models import Deliverable
from campaigns.moving import NotYourTurn
from campaigns.roles import BRAND_ROLES, deliverable_for
from campaigns.states import Side
from marketplace.api.authentication import asker
from marketplace.api.collaboration_answer import answer_of
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.collaboration_acts import NothingSerializer
from marketplace.api.serializers.collaborations import CollaborationSerializer
from marketplace.api.strictness import StrictSerializer, check_parameters

TAGS = ["collaborations"]
V = TypeVar("V", bound="ActView")


class ActView(OncePerKey, APIView):
    """One act: ``move`` names it in `campaigns.roles`, ``sent`` is its body.

    ``only`` is the side whose act it is, where the service is not told the side.
    """

    move: ClassVar[str]
    sent: ClassVar[type[StrictSerializer]] = NothingSerializer
    only: ClassVar[Side | None] = None

    def sent_by(self, request: Request, seat: Seat) -> dict[str, Any]:
        """:raises Forbidden: for those who may not. :raises ValidationError: for bad input."""
        seat.check(BRAND_ROLES.get(self.move, ()))
        if self.only not in (None, seat.side):
            raise NotYourTurn(
                f"It is not for {seat.side.label.lower()} to {self.move.replace('_', ' ')}."
            )
        check_parameters(request, [])
        asked = self.sent(data=request.data)
        asked.is_valid(raise_exception=True)
        sent: dict[str, Any] = asked.validated_data
        return sent

    def answer(self, seat: Seat) -> Any:
        """What is answered when it is done: the collaboration as it stands now."""
        return answer_of(seat)


class CollaborationActView(ActView):
    def post(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id)
        sent = self.sent_by(request, seat)
        return self.once(request, lambda: self._answer(seat, sent))

    def act(self, seat: Seat, **sent: Any) -> None:
        """Call the service. Raises as it does."""
        raise NotImplementedError

    def _answer(self, seat: Seat, sent: dict[str, Any]) -> Response:
        self.act(seat, **sent)
        return Response(self.answer(seat), status=201)


class DeliverableActView(ActView):
    def post(self, request: Request, deliverable_id: int) -> Response:
        seat, piece = deliverable_for(asker(request), deliverable_id)
        sent = self.sent_by(request, seat)
        return self.once(request, lambda: self._answer(seat, piece, sent))

    def act(self, seat: Seat, piece: Deliverable, **sent: Any) -> None:
        """Call the service. Raises as it does."""
        raise NotImplementedError

    def _answer(self, seat: Seat, piece: Deliverable, sent: dict[str, Any]) -> Response:
        self.act(seat, piece, **sent)
        return Response(self.answer(seat), status=201)


def describe(summary: str) -> Callable[[type[V]], type[V]]:
    """The OpenAPI description of an act that answers with the collaboration."""

    def decorate(view: type[V]) -> type[V]:
        described: type[V] = extend_schema_view(
            post=extend_schema(
                request=view.sent,
                responses={201: CollaborationSerializer},
                tags=TAGS,
                summary=summary,
                description="Answers with the collaboration as it stands then.",
            )
        )(view)
        return described

    return decorate


def by(seat: Seat) -> dict[str, Any]:
    """Who acts and when, as services that are told the side take it."""
    return {"side": seat.side, "actor": seat.user, "now": timezone.now()}
