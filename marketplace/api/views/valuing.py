"""Market values: of one creator, and the ranking."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from accounts import access
from marketplace.api.authentication import asker
from marketplace.api.serializers.valuing import (
    CreatorValueSerializer,
    RankingQuerySerializer,
    RankingSerializer,
    ranked_as_json,
)
from marketplace.api.strictness import check_parameters
from scoring.valuing.listing import RankingFilters, list_ranking
from scoring.valuing.reading import value_history

TAGS = ["values"]


class CreatorValueView(APIView):
    @extend_schema(
        operation_id="creators_value_retrieve",
        responses=CreatorValueSerializer,
        tags=TAGS,
        summary="What a creator's posts are worth: parts, ranges, rank, and how it went.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        """A query for each account, and two."""
        check_parameters(request, [])
        creator = access.creator_for(asker(request), creator_id)
        histories = [
            value_history(account) for account in creator.accounts.order_by("platform", "pk")
        ]
        answer = {
            "creator": creator.pk,
            "is_simulated": creator.is_simulated,
            "values": [history[-1] for history in histories if history],
            "history": [one for history in histories for one in history],
        }
        return Response(CreatorValueSerializer(answer).data)


class RankingView(APIView):
    @extend_schema(
        operation_id="rankings_list",
        parameters=[RankingQuerySerializer],
        responses=RankingSerializer,
        tags=TAGS,
        summary="Everybody of one ranking by market value, with ranges, filtered.",
    )
    def get(self, request: Request) -> Response:
        """Four queries beside the log-in's, whatever the page's length."""
        asked = RankingQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        size, cursor = given.pop("page_size"), given.pop("cursor", "")
        found = list_ranking(RankingFilters(**given), cursor=cursor, size=size)
        here = remove_query_param(request.build_absolute_uri(), "cursor")
        following = replace_query_param(here, "cursor", found.next_cursor)
        answer = {
            "as_of": found.run and found.run.as_of,
            "before": found.before and found.before.as_of,
            "league": found.league,
            "leagues": found.leagues,
            "next": following if found.next_cursor else None,
            "results": [ranked_as_json(row) for row in found.rows],
        }
        return Response(RankingSerializer(answer).data)
