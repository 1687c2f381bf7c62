"""What publications came to, and what a side states of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.horizons import COUNTS, MAX_COUNT, Horizon, PointState, Provenance
from campaigns.results.collaboration_results import PieceResults
from marketplace.api.serializers.earned_value import EarnedValueSerializer, UsedFormulaSerializer
from marketplace.api.strictness import StrictSerializer, WholeNumberField

MOST_LOOKS = 200
PROVENANCE_HELP = f"One of {', '.join(Provenance.values)}; never added up with another."

Fields = dict[str, serializers.Field]


class LookSerializer(StrictSerializer):
    """What one side saw of one piece at one moment; at least one count."""

    deliverable = WholeNumberField(
        min_value=1, max_value=10_000, help_text="The piece's number in the collaboration."
    )
    observed_at = serializers.DateTimeField()

    def get_fields(self) -> Fields:
        counts: Fields = {
            name: WholeNumberField(
                required=False, allow_null=True, min_value=0, max_value=MAX_COUNT
            )
            for name in COUNTS
        }
        return {**super().get_fields(), **counts}


class PushSerializer(StrictSerializer):
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=40,
        default="push",
        help_text="Which program of yours sends this: a-z, 0-9, “.”, “-” and “_”. With the piece "
        "and the moment it makes a look the same one.",
    )
    looks = serializers.ListField(child=LookSerializer(), allow_empty=False, max_length=MOST_LOOKS)


class ResultCountsSerializer(serializers.Serializer):
    """Cumulative since the publication; null is unknown."""

    def get_fields(self) -> Fields:
        return {name: serializers.IntegerField(allow_null=True) for name in COUNTS}


class KeptLookSerializer(serializers.Serializer):
    deliverable_id = serializers.IntegerField()
    observed_at = serializers.DateTimeField()
    source = serializers.CharField()  # type: ignore[assignment]
    provenance = serializers.CharField(help_text=PROVENANCE_HELP)
    counts = ResultCountsSerializer()
    warnings = serializers.ListField(
        child=serializers.CharField(), help_text="What is implausible; the counts are as sent."
    )


class TakenSerializer(serializers.Serializer):
    """``stored`` are new; ``known`` were sent before with the same counts."""

    stored = KeptLookSerializer(many=True)
    known = KeptLookSerializer(many=True)


class TotalSerializer(serializers.Serializer):
    """A sum over ``known`` of ``of`` pieces; null if none is known."""

    value = serializers.IntegerField(allow_null=True)
    known = serializers.IntegerField()
    of = serializers.IntegerField()


class RatioSerializer(serializers.Serializer):
    """A ratio of sums over the ``known`` of ``of`` in which both parts are known."""

    value = serializers.FloatField(allow_null=True)
    known = serializers.IntegerField()
    of = serializers.IntegerField()


class ResultTotalsSerializer(serializers.Serializer):
    def get_fields(self) -> Fields:
        return {name: TotalSerializer() for name in COUNTS}


class ResultFiguresSerializer(serializers.Serializer):
    """Of published pieces. Costs are in minor units of what was paid, without the fee."""

    provenance = serializers.CharField(help_text=PROVENANCE_HELP)
    counts = ResultTotalsSerializer()
    engagements = TotalSerializer()
    engagement_rate = RatioSerializer(help_text="Engagements per view.")
    cost_per_engagement = RatioSerializer()
    cost_per_thousand = RatioSerializer(help_text="Impressions.")
    cost_per_view = RatioSerializer()
    reach_per_money = RatioSerializer(help_text="People reached for one unit of the currency.")
    engagements_per_money = RatioSerializer(help_text="For one unit of the currency.")


class ResultPointSerializer(serializers.Serializer):
    horizon = serializers.CharField(help_text=f"One of {', '.join(Horizon.values)}.")
    state = serializers.CharField(help_text=f"One of {', '.join(PointState.values)}.")
    due_at = serializers.DateTimeField()
    observed_at = serializers.DateTimeField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    provenance = serializers.CharField(
        source="observation.provenance", allow_null=True, default=None, help_text=PROVENANCE_HELP
    )
    counts = ResultCountsSerializer(source="observation.counts", allow_null=True, default=None)


class SeenSerializer(serializers.Serializer):
    provenance = serializers.CharField(help_text=PROVENANCE_HELP)
    observed_at = serializers.DateTimeField()
    counts = ResultCountsSerializer(help_text="The newest known value of each.")
    engagements = serializers.IntegerField(allow_null=True)


class ResultPieceSerializer(serializers.Serializer):
    """One deliverable."""

    deliverable = serializers.IntegerField(source="position")
    deliverable_id = serializers.IntegerField()
    kind = serializers.CharField()
    platform = serializers.CharField()
    state = serializers.CharField()
    price_minor = serializers.IntegerField()
    publish_by = serializers.DateField()
    published_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField()
    days_late = serializers.IntegerField(
        allow_null=True, help_text="Below zero for days early; null where it cannot be said."
    )
    seen = serializers.SerializerMethodField()

    @extend_schema_field(SeenSerializer(many=True))
    def get_seen(self, piece: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "provenance": provenance.value,
                "observed_at": seen.observed_at,
                "counts": seen.counts,
                "engagements": piece.engagements(provenance),
            }
            for provenance, seen in sorted(piece.seen.items())
        ]
        return list(SeenSerializer(rows, many=True).data)


class PieceWithPointsSerializer(ResultPieceSerializer):
    points = ResultPointSerializer(many=True)

    def to_representation(self, instance: PieceResults) -> dict[str, Any]:
        own = ResultPieceSerializer(instance.piece).data
        return {**own, "points": ResultPointSerializer(instance.points, many=True).data}


class CollaborationResultsSerializer(serializers.Serializer):
    currency = serializers.CharField()
    paid_minor = serializers.IntegerField(help_text="Settled for the creator, without the fee.")
    figures = ResultFiguresSerializer(many=True)
    pieces = PieceWithPointsSerializer(many=True)


class PlanSerializer(serializers.Serializer):
    """What the brand expects; null where it is left open."""

    reach = serializers.IntegerField(allow_null=True)
    views = serializers.IntegerField(allow_null=True)
    engagements = serializers.IntegerField(allow_null=True)
    spend_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()


class CompletenessSerializer(serializers.Serializer):
    """Collection points of published pieces."""

    collected = serializers.IntegerField()
    missed = serializers.IntegerField()
    due = serializers.IntegerField()


class MomentSerializer(serializers.Serializer):
    horizon = serializers.CharField()
    provenance = serializers.CharField(help_text=PROVENANCE_HELP)
    views = TotalSerializer()
    engagements = TotalSerializer()


class ReportLineSerializer(serializers.Serializer):
    collaboration_id = serializers.IntegerField()
    creator_id = serializers.IntegerField()
    creator = serializers.CharField()
    is_simulated = serializers.BooleanField()
    state = serializers.CharField()
    currency = serializers.CharField()
    agreed_minor = serializers.IntegerField()
    agreed_fee_minor = serializers.IntegerField()
    paid_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField()
    planned_pieces = serializers.IntegerField()
    published = serializers.IntegerField()
    on_time = serializers.IntegerField()
    days_late = serializers.IntegerField(allow_null=True)
    completeness = CompletenessSerializer()
    figures = ResultFiguresSerializer(many=True)
    earned_value = EarnedValueSerializer(source="earned", many=True)
    pieces = ResultPieceSerializer(many=True)


class ReportSerializer(serializers.Serializer):
    """Sums of money are null where agreements are in more than one currency."""

    campaign_id = serializers.IntegerField(source="campaign.pk")
    as_of = serializers.DateTimeField()
    plan = PlanSerializer()
    budget_minor = serializers.IntegerField(allow_null=True)
    budget_currency = serializers.CharField()
    currencies = serializers.ListField(child=serializers.CharField())
    agreed_minor = serializers.IntegerField(allow_null=True)
    paid_minor = serializers.IntegerField(allow_null=True)
    fee_minor = serializers.IntegerField(allow_null=True)
    planned_pieces = serializers.IntegerField()
    published = serializers.IntegerField()
    on_time = serializers.IntegerField()
    completeness = CompletenessSerializer()
    figures = ResultFiguresSerializer(many=True)
    moments = MomentSerializer(many=True)
    formula = UsedFormulaSerializer(allow_null=True)
    earned_value = EarnedValueSerializer(source="earned", many=True)
    collaborations = ReportLineSerializer(source="lines", many=True)
