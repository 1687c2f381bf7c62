"""Niche reports: a month of all niches, and one niche over the months."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from marketplace.api.serializers.niche_reports import (
    NicheReportSerializer,
    NicheReportsRequestSerializer,
    NicheReportsSerializer,
    NicheSeriesRequestSerializer,
    NicheSeriesSerializer,
    reading_as_json,
)
from scoring.niche_reports.months import Month
from scoring.niche_reports.reading import choose_kind, list_months_of, list_niches

TAGS = ["niches"]


class NicheReportListView(APIView):
    @extend_schema(
        operation_id="niche_reports_list",
        parameters=[NicheReportsRequestSerializer],
        responses=NicheReportsSerializer,
        tags=TAGS,
        summary="Competition, growth, engagement and price of every niche in one month.",
    )
    def get(self, request: Request) -> Response:
        """Three queries beside the log-in's."""
        asked = NicheReportsRequestSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        listed = list_niches(
            is_simulated=choose_kind(data.get("creators", "")),
            month=Month.parse(data["month"]) if "month" in data else None,
            platform=data.get("platform", ""),
            text=data.get("niche", ""),
            sort=data["sort"],
        )
        first, size = (data["page"] - 1) * data["page_size"], data["page_size"]
        more = first + size < len(listed.readings)
        here = request.build_absolute_uri()
        return Response(
            {
                "report": listed.report and NicheReportSerializer(listed.report).data,
                "months": [str(month) for month in listed.months],
                "count": len(listed.readings),
                "next": replace_query_param(here, "page", data["page"] + 1) if more else None,
                "niches": [
                    reading_as_json(reading) for reading in listed.readings[first : first + size]
                ],
            }
        )


class NicheReportView(APIView):
    @extend_schema(
        operation_id="niche_reports_retrieve",
        parameters=[NicheSeriesRequestSerializer],
        responses=NicheSeriesSerializer,
        tags=TAGS,
        summary="One niche month by month, each as its newest version has it.",
        description="An unknown niche is answered with names near to it in `details.near`.",
    )
    def get(self, request: Request, niche: str) -> Response:
        asked = NicheSeriesRequestSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        platform = data.get("platform", "")
        series = list_months_of(
            niche,
            is_simulated=choose_kind(data.get("creators", "")),
            platform=platform,
        )
        return Response(
            {
                "niche": niche,
                "platform": platform,
                "months": [
                    {
                        "report": NicheReportSerializer(report).data,
                        "niche": reading and reading_as_json(reading),
                    }
                    for report, reading in series
                ],
            }
        )
