"""A brand's formula of earned media value: its versions, the next one, an earlier one again."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from campaigns.results.formulas import list_formulas, restore_formula, set_formula
from marketplace.api.authentication import asker
from marketplace.api.serializers.earned_value import FormulaRequestSerializer, FormulaSerializer
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters

TAGS = ["results"]
LISTED = 100
MEANWHILE = OpenApiResponse(
    RefusalSerializer, description="Somebody wrote another version meanwhile."
)


class FormulaListView(APIView):
    @extend_schema(
        responses=FormulaSerializer(many=True),
        tags=TAGS,
        operation_id="report_formulas_list",
        summary="The latest hundred versions of a brand's rates of earned media value.",
        description="The newest is first and in use. Before a brand wrote one there is none.",
    )
    def get(self, request: Request, brand_id: int) -> Response:
        check_parameters(request, [])
        brand = access.brand_for(asker(request), brand_id)
        return Response(FormulaSerializer(list_formulas(brand)[:LISTED], many=True).data)

    @extend_schema(
        request=FormulaRequestSerializer,
        responses={201: FormulaSerializer, 409: MEANWHILE},
        tags=TAGS,
        operation_id="report_formulas_follow",
        summary="Follow the formula by another version; the same terms again add nothing.",
    )
    def post(self, request: Request, brand_id: int) -> Response:
        user = asker(request)
        brand = access.brand_for(user, brand_id, roles=access.WRITERS)
        asked = FormulaRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = set_formula(
            brand=brand,
            terms=asked.terms(),
            actor=user,
            now=timezone.now(),
            based_on=asked.validated_data.get("based_on"),
        )
        return Response(FormulaSerializer(made).data, status=201)


class FormulaRestoreView(APIView):
    @extend_schema(
        request=None,
        responses={201: FormulaSerializer},
        tags=TAGS,
        operation_id="report_formulas_restore",
        summary="Make an earlier version's rates the next version.",
    )
    def post(self, request: Request, brand_id: int, version: int) -> Response:
        user = asker(request)
        brand = access.brand_for(user, brand_id, roles=access.WRITERS)
        made = restore_formula(brand=brand, version=version, actor=user, now=timezone.now())
        return Response(FormulaSerializer(made).data, status=201)
