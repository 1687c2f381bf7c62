"""Budget plans: what is asked, and the document that is answered."""

from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from campaigns.models.shortlists import LONGEST_NAME
from marketplace.api.strictness import NumberField, StrictSerializer, WholeNumberField
from scoring.budgeting.keeping import kept_told
from scoring.budgeting.terms import (
    LARGEST_BUDGET_MINOR,
    MOST_CREATORS,
    MOST_NAMED,
    TIER_NAMES,
    Goal,
    PlanTerms,
)
from scoring.ml.match.exposure import UNKNOWN
from scoring.models import BudgetPlan

LARGEST_ID = 10**18 - 1
ESTIMATE = "An estimate; null is unknown."


def _ids(help_text: str) -> serializers.ListField:
    one = WholeNumberField(min_value=1, max_value=LARGEST_ID)
    return serializers.ListField(
        child=one, required=False, default=list, max_length=MOST_NAMED, help_text=help_text
    )


class OwnPriceSerializer(StrictSerializer):
    creator_id = WholeNumberField(min_value=1, max_value=LARGEST_ID)
    price_minor = WholeNumberField(min_value=1, max_value=LARGEST_BUDGET_MINOR)


class TierLeastSerializer(StrictSerializer):
    """Size tier → at least so many creators of it."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            name: WholeNumberField(required=False, min_value=0, max_value=MOST_CREATORS)
            for name in TIER_NAMES
        }


class BudgetPlanRequestSerializer(StrictSerializer):
    """One piece by each creator; money in minor units of ``currency``."""

    budget_minor = WholeNumberField(min_value=1, max_value=LARGEST_BUDGET_MINOR)
    currency = serializers.CharField(max_length=3)
    goal = serializers.ChoiceField(choices=Goal.choices, required=False, default=Goal.REACH)
    fewest = WholeNumberField(required=False, default=0, min_value=0, max_value=MOST_CREATORS)
    most = WholeNumberField(required=False, min_value=1, max_value=MOST_CREATORS)
    include = _ids("Creators who must be in the plan.")
    exclude = _ids("Creators who may not be in it.")
    tier_least = TierLeastSerializer(required=False)
    largest_share = NumberField(
        required=False, min_value=0.001, max_value=1, help_text="Of the budget, for one creator."
    )
    least_match = NumberField(
        required=False, min_value=0, max_value=1, help_text="How well everybody has to match."
    )
    deliverable = serializers.CharField(required=False, default="", max_length=40, allow_blank=True)
    overlap_share = NumberField(
        required=False,
        default=0.5,
        min_value=0,
        max_value=1,
        help_text="Of the people two audiences could share, the share assumed to be shared.",
    )
    certainty = NumberField(
        required=False,
        min_value=0.5,
        max_value=0.99,
        help_text="A set that stays within the budget with this probability.",
    )
    own_prices = serializers.ListField(
        child=OwnPriceSerializer(), required=False, default=list, max_length=MOST_NAMED
    )
    random_state = WholeNumberField(required=False, default=0, min_value=0, max_value=2**32 - 1)
    keep = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Write the plan down; for owners and managers.",
    )

    def terms(self) -> PlanTerms:
        given = dict(self.validated_data)
        del given["keep"]
        prices = given.pop("own_prices")
        return PlanTerms(
            **{
                **given,
                "include": tuple(given["include"]),
                "exclude": tuple(given["exclude"]),
                "tier_least": dict(given.get("tier_least", {})),
                "own_prices": {one["creator_id"]: one["price_minor"] for one in prices},
            }
        )


class PlanPriceSerializer(serializers.Serializer):
    low_minor = serializers.IntegerField()
    middle_minor = serializers.IntegerField()
    high_minor = serializers.IntegerField()
    deliverable = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]
    coverage = serializers.FloatField(
        allow_null=True, help_text="How often such ranges held, on creators not learned from."
    )
    conversion = serializers.CharField(allow_blank=True)


class ExpectedSerializer(serializers.Serializer):
    """Of one piece: 10th, 50th and 90th percentile."""

    low = serializers.FloatField(allow_null=True)
    middle = serializers.FloatField()
    high = serializers.FloatField(allow_null=True)
    basis = serializers.CharField()


class PlannedSerializer(serializers.Serializer):
    creator_id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    creator = serializers.CharField()
    is_simulated = serializers.BooleanField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    tier = serializers.ChoiceField(choices=[*TIER_NAMES, UNKNOWN])
    followers = serializers.IntegerField(allow_null=True)
    match = serializers.FloatField()
    price = PlanPriceSerializer()
    reach = ExpectedSerializer(allow_null=True)
    engagements = ExpectedSerializer(allow_null=True)
    text = serializers.CharField(help_text="Why it is in the plan, or is not.")


class PickSerializer(PlannedSerializer):
    adds = serializers.FloatField(help_text="What the plan would lack without it, of the goal.")
    shared_with = serializers.IntegerField(allow_null=True, help_text="A pick's creator_id.")
    shared = serializers.FloatField(help_text="People assumed to see both.")
    audience_known = serializers.IntegerField(
        help_text="Of 4: country, age, gender and topics of the audience."
    )
    is_asked_for = serializers.BooleanField()


class LeftOutSerializer(PlannedSerializer):
    why = serializers.ChoiceField(choices=["too_dear", "full", "shared", "less", "room"])
    adds = serializers.FloatField()
    short_minor = serializers.IntegerField()
    other = serializers.IntegerField(allow_null=True, help_text="A pick's creator_id.")
    loss = serializers.FloatField()


class CountLeftOutSerializer(serializers.Serializer):
    code = serializers.CharField()
    reason = serializers.CharField()
    count = serializers.IntegerField()


class PlanExpectedSerializer(serializers.Serializer):
    """Sums over the picks that are known."""

    of = serializers.IntegerField()
    reach_known = serializers.IntegerField()
    people_once = serializers.FloatField(allow_null=True, help_text=ESTIMATE)
    people_counted_again = serializers.FloatField(
        allow_null=True, help_text="Whoever sees two picks counts twice."
    )
    engagements_known = serializers.IntegerField()
    engagements = serializers.FloatField(allow_null=True, help_text=ESTIMATE)
    matches = serializers.FloatField()


class SolutionSerializer(serializers.Serializer):
    value = serializers.FloatField(help_text="Of the goal.")
    bound = serializers.FloatField(help_text="No set under these constraints is worth more.")
    gap = serializers.FloatField(help_text="The share of the bound the plan may lack.")
    is_best = serializers.BooleanField()
    method = serializers.CharField()
    seconds = serializers.FloatField()
    working_budget_minor = serializers.IntegerField()


class RangeSerializer(serializers.Serializer):
    p10 = serializers.FloatField()
    p50 = serializers.FloatField()
    p90 = serializers.FloatField()


class UncertaintySerializer(serializers.Serializer):
    """From seeded draws of prices and counts; null where an interval is unknown."""

    draws = serializers.IntegerField()
    random_state = serializers.IntegerField()
    within_budget = serializers.FloatField(help_text="The share of draws within the budget.")
    cost_minor = RangeSerializer(allow_null=True)
    people_once = RangeSerializer(allow_null=True)
    engagements = RangeSerializer(allow_null=True)
    people_least = serializers.FloatField(allow_null=True)
    people_most = serializers.FloatField(allow_null=True)


class NaiveSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    creators = serializers.IntegerField(allow_null=True)
    price_minor = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text="Of the plan's worth.")


class BudgetPlanSerializer(serializers.Serializer):
    currency = serializers.CharField()
    budget_minor = serializers.IntegerField()
    goal = serializers.ChoiceField(choices=Goal.choices)
    as_of = serializers.CharField()
    is_simulated = serializers.BooleanField()
    price_minor = serializers.IntegerField()
    left_minor = serializers.IntegerField()
    eligible = serializers.IntegerField()
    candidates = serializers.IntegerField()
    left_out = CountLeftOutSerializer(many=True)
    picks = PickSerializer(many=True)
    best_left_out = LeftOutSerializer(many=True)
    expected = PlanExpectedSerializer()
    solution = SolutionSerializer()
    uncertainty = UncertaintySerializer()
    naive = NaiveSerializer(many=True)
    assumptions = serializers.ListField(child=serializers.CharField())


class PlanAnswerSerializer(serializers.Serializer):
    """``plan_id`` and ``fingerprint`` are null unless the plan was kept."""

    plan_id = serializers.IntegerField(allow_null=True)
    fingerprint = serializers.CharField(allow_null=True)
    plan = BudgetPlanSerializer()


class KeptPlanSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    campaign_id = serializers.IntegerField()
    brief_version = serializers.IntegerField(source="brief.version")
    goal = serializers.ChoiceField(choices=Goal.choices)
    budget_minor = serializers.IntegerField()
    currency = serializers.CharField()
    is_simulated = serializers.BooleanField()
    fingerprint = serializers.CharField()
    created_by = serializers.SerializerMethodField(help_text="Null once they have gone.")
    created_at = serializers.DateTimeField()

    def get_created_by(self, plan: BudgetPlan) -> str | None:
        return str(plan.created_by) if plan.created_by else None


class KeptPlanWholeSerializer(KeptPlanSerializer):
    inputs = serializers.JSONField()
    versions = serializers.JSONField()
    plan = serializers.SerializerMethodField()

    def get_plan(self, plan: BudgetPlan) -> dict[str, Any]:
        return kept_told(plan)


class PlanShortlistRequestSerializer(StrictSerializer):
    name = serializers.CharField(max_length=LONGEST_NAME)


class PlanShortlistSerializer(serializers.Serializer):
    shortlist_id = serializers.IntegerField()
    creators = serializers.IntegerField()
    gone = serializers.IntegerField(help_text="Who can no longer be hired.")
