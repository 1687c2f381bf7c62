"""Creators recommended to a brand, page by page."""

from uuid import UUID, uuid5

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.models import Brand, User
from marketplace.api.authentication import asker
from marketplace.api.serializers.recommendations import (
    RecommendationPageSerializer,
    RecommendationRequestSerializer,
)
from marketplace.recommendation_json import recommendations_as_json
from scoring.interactions.access import brands_recorded_for
from scoring.interactions.recording import Shown, record_list
from scoring.models import InteractionEvent
from scoring.recommendations.cursors import Cursor
from scoring.recommendations.serving import Recommendations, recommend_creators

# Any fixed id will do: the same page asked for again is the same list.
NAMESPACE = UUID("5d1c2f0a-6d0e-4f0b-9b1a-0f6f6a3c9e11")


class RecommendationsView(APIView):
    @extend_schema(
        parameters=[RecommendationRequestSerializer],
        responses=RecommendationPageSerializer,
        tags=["recommendations"],
        summary="Creators for a brand by what it and others chose, each with the reasons.",
        description=(
            "Any member reads. What owners and managers are given counts as shown, once a page "
            "and day; send what they do with it to /events with this list_id."
        ),
    )
    def get(self, request: Request, brand_id: int) -> Response:
        user = asker(request)
        brand = access.brand_for(user, brand_id)
        asked = RecommendationRequestSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        text = asked.validated_data.get("cursor")
        found = recommend_creators(
            brand=brand,
            top=asked.validated_data["limit"],
            cursor=Cursor.read(text) if text else None,
            now=timezone.now(),
        )
        # Nobody sees the answer to a HEAD.
        is_seen = request.method == "GET"
        list_id = _record(user, brand, found, page=text or "") if is_seen else None
        return Response({"list_id": list_id, **recommendations_as_json(found)})


def _record(user: User, brand: Brand, found: Recommendations, *, page: str) -> UUID | None:
    """The id of what was shown; None for members whose looking does not count."""
    if not found.results or not brands_recorded_for(user).filter(pk=brand.pk).exists():
        return None
    now = timezone.now()
    places = [(one.account.creator_id, one.rank) for one in found.results]
    return record_list(
        brand=brand,
        actor=user,
        surface=InteractionEvent.Surface.RECOMMENDED,
        campaign=None,
        shown=[Shown(one.account.creator_id, one.rank, one.propensity) for one in found.results],
        now=now,
        list_id=uuid5(NAMESPACE, f"{user.pk}:{brand.pk}:{now.date()}:{page}:{places}"),
    )
