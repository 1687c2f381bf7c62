"""Statements of account, as JSON, as a table and on paper."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.money import CURRENCIES
from campaigns.balances import list_earnings
from campaigns.payments.access import earner_for, treasury_of
from campaigns.statement_csv import statement_csv
from campaigns.statement_pdf import statement_pdf
from campaigns.statements import Statement, brand_statement, creator_statement
from marketplace.api.authentication import asker
from marketplace.api.serializers.money import PeriodSerializer, StatementSerializer
from marketplace.api.views.money import TAGS

DESCRIBED: dict[str, Any] = {
    "parameters": [
        OpenApiParameter("from", OpenApiTypes.DATE, description="First day (UTC), included."),
        OpenApiParameter("to", OpenApiTypes.DATE, description="Last day (UTC), included."),
        OpenApiParameter("currency", str, enum=CURRENCIES),
        OpenApiParameter("format", str, enum=["json", "csv", "pdf"]),
    ],
    "responses": {
        (200, "application/json"): StatementSerializer,
        (200, "text/csv"): OpenApiTypes.STR,
        (200, "application/pdf"): OpenApiTypes.BINARY,
    },
    "tags": TAGS,
}


class BrandStatementView(APIView):
    @extend_schema(
        **DESCRIBED, summary="Your brand's statement of account, by default of this month."
    )
    def get(self, request: Request, brand_id: int) -> Response | HttpResponse:
        brand = treasury_of(asker(request), brand_id)
        return _answer(request, brand.currency, lambda **of: brand_statement(brand=brand, **of))


class CreatorStatementView(APIView):
    @extend_schema(**DESCRIBED, summary="Your statement of account, by default of this month.")
    def get(self, request: Request, creator_id: int) -> Response | HttpResponse:
        creator = earner_for(asker(request), creator_id)
        earnings = list_earnings(creator)
        currency = earnings[0].currency if earnings else CURRENCIES[0]
        return _answer(request, currency, lambda **of: creator_statement(creator=creator, **of))


def _answer(
    request: Request, currency: str, state: Callable[..., Statement]
) -> Response | HttpResponse:
    period = PeriodSerializer(data=request.query_params.dict())
    period.is_valid(raise_exception=True)
    asked = period.validated_data
    last = asked.get("to", timezone.now().date())
    statement = state(
        currency=asked.get("currency", currency),
        first_day=asked.get("from", last.replace(day=1)),
        last_day=last,
    )
    if asked["format"] == "csv":
        return _file(statement, statement_csv(statement).encode(), "text/csv", "csv")
    if asked["format"] == "pdf":
        return _file(statement, statement_pdf(statement), "application/pdf", "pdf")
    return Response(StatementSerializer(statement).data)


def _file(statement: Statement, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"statement-{statement.currency}-{statement.first_day}-{statement.last_day}.{ending}"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
