"""Track records: one's own, and the other side's."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Brand, Creator
from campaigns.track_access import brand_record_for, creator_record_for
from campaigns.transparency import get_track_record
from marketplace.api.authentication import asker
from marketplace.api.serializers.track_records import TrackRecordSerializer
from marketplace.api.strictness import check_parameters

TAGS = ["track records"]


class BrandTrackRecordView(APIView):
    @extend_schema(
        responses=TrackRecordSerializer,
        tags=TAGS,
        summary="How a brand answers, funds and pays; for its team and for creators.",
    )
    def get(self, request: Request, brand_id: int) -> Response:
        return _answer(request, brand_record_for(asker(request), brand_id))


class CreatorTrackRecordView(APIView):
    @extend_schema(
        responses=TrackRecordSerializer,
        tags=TAGS,
        summary="How a creator answers and delivers; for themselves and for brands.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        return _answer(request, creator_record_for(asker(request), creator_id))


def _answer(request: Request, subject: Brand | Creator) -> Response:
    check_parameters(request, [])
    return Response(TrackRecordSerializer(get_track_record(subject, now=timezone.now())).data)
