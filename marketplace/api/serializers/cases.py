"""A creator's own cases, and what they may send into one."""

from rest_framework import serializers

from accounts.case_states import CaseState
from accounts.models import Appeal, CaseEvent, CaseEvidence, CaseFinding, ModerationCase
from marketplace.api.serializers.scores import ReasonSerializer
from marketplace.api.strictness import StrictSerializer
from scoring.moderation.wording import MAX_LINK_LENGTH, MAX_LINKS, MAX_TEXT


class StatementSectionSerializer(serializers.Serializer):
    key = serializers.ChoiceField(
        choices=["facts", "ground", "automated", "consequences", "redress"]
    )
    title = serializers.CharField()
    lines = serializers.ListField(child=serializers.CharField())


class FindingSerializer(serializers.ModelSerializer):
    """What the model said about one account when the case was opened."""

    account_id = serializers.IntegerField()
    score_id = serializers.IntegerField(source="score_number", allow_null=True)
    reasons = ReasonSerializer(many=True)

    class Meta:
        model = CaseFinding
        fields = (
            "account_id", "score_id", "risk", "level", "confidence", "model_version", "reasons",
            "as_of",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields[2:]}


class CaseEventSerializer(serializers.ModelSerializer):
    class Meta:
        model = CaseEvent
        fields = ("step", "reasons", "at")
        extra_kwargs = {name: {"required": True} for name in fields}


class EvidenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = CaseEvidence
        fields = ("id", "text", "links", "submitted_at")
        extra_kwargs = {name: {"required": True} for name in fields[1:]}


class AppealSerializer(serializers.ModelSerializer):
    class Meta:
        model = Appeal
        fields = (
            "text", "links", "filed_at", "due_at", "outcome", "reasons", "decided_at",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields}


class CaseSerializer(serializers.ModelSerializer):
    # Text, since a job's state has the same name and other values.
    state = serializers.CharField(help_text=f"One of {', '.join(CaseState.values)}.")
    appeal = AppealSerializer(allow_null=True, default=None)

    class Meta:
        model = ModerationCase
        fields: tuple[str, ...] = (
            "id", "creator_id", "ground", "state", "risk", "level", "opened_at", "decided_at",
            "appeal",
        )  # fmt: skip
        extra_kwargs = {
            name: {"required": True} for name in ("risk", "level", "opened_at", "decided_at")
        }


class FullCaseSerializer(CaseSerializer):
    statement = StatementSectionSerializer(many=True, help_text="As it was given at the opening.")
    findings = FindingSerializer(many=True)
    events = CaseEventSerializer(many=True)
    evidence = EvidenceSerializer(many=True)

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "statement", "findings", "events", "evidence")


class WordsSerializer(StrictSerializer):
    """Evidence and appeals have the same form."""

    text = serializers.CharField(max_length=MAX_TEXT)
    links = serializers.ListField(
        child=serializers.CharField(max_length=MAX_LINK_LENGTH),
        max_length=MAX_LINKS,
        required=False,
        default=list,
        help_text="Addresses that begin with https://.",
    )
