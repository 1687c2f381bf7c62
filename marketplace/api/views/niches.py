"""Niche groups found without labels: all of them with their run, and one."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.api.serializers.niches import NicheGroupSerializer, NicheGroupsSerializer
from marketplace.api.strictness import check_parameters
from scoring.niche_groups import get_group, list_groups

TAGS = ["niches"]


class NicheGroupListView(APIView):
    @extend_schema(
        operation_id="niches_list",
        responses=NicheGroupsSerializer,
        tags=TAGS,
        summary="Groups of creators with similar texts, the largest first, and how good they are.",
    )
    def get(self, request: Request) -> Response:
        """Two queries beside the log-in's."""
        check_parameters(request, [])
        return Response(NicheGroupsSerializer(list_groups()).data)


class NicheGroupView(APIView):
    @extend_schema(
        responses=NicheGroupSerializer, tags=TAGS, summary="One group of the newest run."
    )
    def get(self, request: Request, group_id: int) -> Response:
        check_parameters(request, [])
        return Response(NicheGroupSerializer(get_group(group_id)).data)
