"""Budget plans of a campaign: worked out, kept, read, turned into a shortlist."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from campaigns.access import campaign_for
from campaigns.briefs import get_latest_brief
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.planning import (
    BudgetPlanRequestSerializer,
    KeptPlanSerializer,
    KeptPlanWholeSerializer,
    PlanAnswerSerializer,
    PlanShortlistRequestSerializer,
    PlanShortlistSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from scoring.budgeting.answers import plan_told
from scoring.budgeting.keeping import keep_plan, plan_for, plans_of, shortlist_plan
from scoring.budgeting.planning import plan_budget
from scoring.matching.campaigns import asked_by

TAGS = ["campaigns"]
LISTED = 100
NO_PLAN = OpenApiResponse(
    RefusalSerializer,
    description="No set of creators keeps the constraints; it says what is in the way, and what "
    "the cheapest would cost. Or the idempotency key was used for another request.",
)
TAKEN = OpenApiResponse(RefusalSerializer, description="The name is taken, or there are too many.")


class BudgetPlanView(OncePerKey, APIView):
    @extend_schema(
        responses=KeptPlanSerializer(many=True),
        tags=TAGS,
        operation_id="budget_plans_list",
        summary="The campaign's kept budget plans, the newest first; the latest hundred.",
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        check_parameters(request, [])
        campaign = campaign_for(asker(request), campaign_id)
        return Response(KeptPlanSerializer(plans_of(campaign)[:LISTED], many=True).data)

    @extend_schema(
        request=BudgetPlanRequestSerializer,
        responses={200: PlanAnswerSerializer, 201: PlanAnswerSerializer, 422: NO_PLAN},
        tags=TAGS,
        operation_id="budget_plans_make",
        summary="Which creators to take under a budget, with the uncertainty and the reasons.",
        description="200 works a plan out and keeps nothing; 201 has kept it (`keep`).",
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = campaign_for(user, campaign_id)
        asked = BudgetPlanRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        keep = asked.validated_data["keep"]
        if keep:
            access.membership_for(user, campaign.brand_id, roles=access.WRITERS)
        brief, now = get_latest_brief(campaign), timezone.now()
        by = asked_by(campaign, brief)
        terms = asked.terms().checked()

        def act() -> Response:
            plan = plan_budget(
                terms=terms, brief=by.terms, brand_names=by.brand_names, hidden=by.hidden, now=now
            )
            kept = (
                keep_plan(campaign=campaign, brief=brief, plan=plan, actor=user, now=now)
                if keep
                else None
            )
            answer = {
                "plan_id": kept.pk if kept else None,
                "fingerprint": kept.fingerprint if kept else None,
                "plan": plan_told(plan),
            }
            return Response(PlanAnswerSerializer(answer).data, status=201 if kept else 200)

        return self.once(request, act)


class KeptPlanView(APIView):
    @extend_schema(
        responses=KeptPlanWholeSerializer,
        tags=TAGS,
        operation_id="budget_plans_read",
        summary="A kept plan with what was asked, the versions behind it and its answer.",
    )
    def get(self, request: Request, plan_id: int) -> Response:
        check_parameters(request, [])
        return Response(KeptPlanWholeSerializer(plan_for(asker(request), plan_id)).data)


class PlanShortlistView(OncePerKey, APIView):
    @extend_schema(
        request=PlanShortlistRequestSerializer,
        responses={201: PlanShortlistSerializer, 409: TAKEN},
        tags=TAGS,
        operation_id="budget_plans_shortlist",
        summary="Make a shortlist of a kept plan's creators.",
    )
    def post(self, request: Request, plan_id: int) -> Response:
        user = asker(request)
        plan = plan_for(user, plan_id)
        access.membership_for(user, plan.campaign.brand_id, roles=access.WRITERS)
        asked = PlanShortlistRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def act() -> Response:
            made, gone = shortlist_plan(
                plan=plan, name=asked.validated_data["name"], actor=user, now=timezone.now()
            )
            answer = {
                "shortlist_id": made.pk,
                "creators": len(plan.answer["picks"]) - gone,
                "gone": gone,
            }
            return Response(PlanShortlistSerializer(answer).data, status=201)

        return self.once(request, act)
