"""Reviews: one of each side, read when both are written or the time is over."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.access import MANAGERS, Seat, seat_for
from campaigns.review_reading import reviews_visible_to
from campaigns.reviews import is_reviewable, write_review
from campaigns.states import Side
from marketplace.api.authentication import asker
from marketplace.api.serializers.disputes import ReviewingSerializer, ReviewsSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.acting import TAGS, CollaborationActView, by


class ReviewView(CollaborationActView):
    move, sent = "review", ReviewingSerializer

    @extend_schema(
        responses=ReviewsSerializer,
        tags=TAGS,
        summary="Reviews of a collaboration: your side's, and the other's once it is published.",
    )
    def get(self, request: Request, collaboration_id: int) -> Response:
        check_parameters(request, [])
        return Response(self.answer(seat_for(asker(request), collaboration_id)))

    @extend_schema(
        request=ReviewingSerializer,
        responses={201: ReviewsSerializer},
        tags=TAGS,
        summary="Review the other side, once, within 14 days of completion.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        return super().post(request, collaboration_id)

    def sent_by(self, request: Request, seat: Seat) -> dict[str, Any]:
        seat.check(MANAGERS)
        return super().sent_by(request, seat)

    def act(self, seat: Seat, **sent: Any) -> None:
        write_review(collaboration=seat.collaboration, **by(seat), **sent)

    def answer(self, seat: Seat) -> Any:
        fresh = seat_for(seat.user, seat.collaboration.pk)
        seen = reviews_visible_to(fresh.side, fresh.collaboration)
        may_act = fresh.side is Side.CREATOR or fresh.role in MANAGERS
        may_write = (
            may_act
            and is_reviewable(fresh.collaboration, now=timezone.now())
            and not any(review.side == fresh.side for review in seen)
        )
        return ReviewsSerializer({"may_write": may_write, "reviews": seen}).data
