"""Campaigns with the whole brief, as brands write them and creators read them."""

from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from campaigns import brief_rules
from campaigns.copying import MAX_NAME
from campaigns.models import Brief, BriefTemplate, Campaign
from campaigns.models.briefs import Objective
from campaigns.moving import REASON_CHARACTERS
from campaigns.offer_terms import (
    MAX_DELIVERABLES,
    MAX_EXCLUSIVITY_DAYS,
    MAX_REVISION_ROUNDS,
    MAX_RIGHTS_MONTHS,
)
from campaigns.open_calls import MAX_QUERY, CallFilters, OpenCall, shown_budget
from campaigns.specifications import DeliverableSpec
from campaigns.starting import MESSAGE_CHARACTERS
from campaigns.submissions import OUTCOMES
from marketplace.api.serializers.briefs import (
    BrandSerializer,
    BriefSerializer,
    TermsSerializer,
    terms_given,
)
from marketplace.api.strictness import StrictSerializer, WholeNumberField

_OBJECTIVE = f"One of {', '.join(Objective.values)}, or empty."


class DeliverableSpecSerializer(StrictSerializer):
    kind = serializers.CharField(max_length=40)
    platform = serializers.ChoiceField(choices=Platform.choices)
    description = serializers.CharField(max_length=1_800)
    count = WholeNumberField(required=False, default=1, min_value=1, max_value=MAX_DELIVERABLES)
    length = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40, help_text="Such as 30–60 s."
    )
    format = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=80, help_text="Such as vertical."
    )


def _points() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=brief_rules.MAX_POINT_CHARACTERS),
        required=False,
        max_length=brief_rules.MAX_POINTS,
    )


def _words() -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=2_000)


def _number(largest: int) -> WholeNumberField:
    return WholeNumberField(required=False, min_value=0, max_value=largest)


class CampaignTermsSerializer(TermsSerializer):
    """The whole brief. What is left out keeps its value, at first that of an empty brief."""

    objective = serializers.ChoiceField(choices=Objective.choices, required=False, allow_blank=True)
    deliverables = serializers.ListField(
        child=DeliverableSpecSerializer(),
        required=False,
        max_length=brief_rules.MAX_SPECS,
        help_text="What one creator makes.",
    )
    places = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=brief_rules.MAX_PLACES,
        help_text="How many creators are wanted; null for as many as the budget allows.",
    )
    shows_budget = serializers.BooleanField(
        required=False, help_text="Whether creators see the range the budget for one lies in."
    )
    product = _words()
    links = serializers.ListField(
        child=serializers.CharField(max_length=brief_rules.MAX_LINK_CHARACTERS),
        required=False,
        max_length=brief_rules.MAX_LINKS,
        help_text="Addresses that begin with https:// or http://.",
    )
    dos = _points()
    donts = _points()
    usage_rights_months = _number(MAX_RIGHTS_MONTHS)
    usage_rights = _words()
    exclusivity_days = _number(MAX_EXCLUSIVITY_DAYS)
    disclosure = serializers.CharField(
        required=False, max_length=brief_rules.MAX_DISCLOSURE_CHARACTERS, help_text="#ad unless set"
    )
    revision_rounds = _number(MAX_REVISION_ROUNDS)
    approval = _words()
    apply_by = serializers.DateField(required=False, allow_null=True)
    publish_from = serializers.DateField(required=False, allow_null=True)
    publish_by = serializers.DateField(required=False, allow_null=True)


def campaign_terms_given(data: dict[str, Any]) -> dict[str, Any]:
    """As `terms_given`, with deliverables as value objects."""
    given = terms_given(data)
    if "deliverables" in given:
        given["deliverables"] = [DeliverableSpec(**one) for one in given["deliverables"]]
    return given


class CampaignPatchSerializer(CampaignTermsSerializer):
    title = serializers.CharField(required=False, max_length=140)


class CampaignRequestSerializer(CampaignTermsSerializer):
    brand_id = WholeNumberField(
        required=False,
        min_value=1,
        max_value=10**18,
        help_text="Needed only by those who write for several brands.",
    )
    title = serializers.CharField(max_length=140)


class CampaignSerializer(BriefSerializer):
    """A campaign and the latest version of its brief."""

    objective = serializers.CharField(allow_blank=True, help_text=_OBJECTIVE)
    deliverables = DeliverableSpecSerializer(many=True)
    places = serializers.IntegerField(allow_null=True)
    shows_budget = serializers.BooleanField()
    product = serializers.CharField(allow_blank=True)
    links = serializers.ListField(child=serializers.CharField())
    dos = serializers.ListField(child=serializers.CharField())
    donts = serializers.ListField(child=serializers.CharField())
    usage_rights_months = serializers.IntegerField()
    usage_rights = serializers.CharField(allow_blank=True)
    exclusivity_days = serializers.IntegerField()
    disclosure = serializers.CharField()
    revision_rounds = serializers.IntegerField()
    approval = serializers.CharField(allow_blank=True)
    apply_by = serializers.DateField(allow_null=True)
    publish_from = serializers.DateField(allow_null=True)
    publish_by = serializers.DateField(allow_null=True)


class CampaignStandingSerializer(serializers.Serializer):
    acting = serializers.CharField(help_text="Who must act next; empty for nobody.")
    meaning = serializers.CharField()
    moves = serializers.ListField(
        child=serializers.CharField(), help_text="What the brand may POST to now, by name."
    )
    live = serializers.IntegerField(help_text="Collaborations that are not at an end.")


class MissingSerializer(serializers.Serializer):
    field = serializers.CharField()
    message = serializers.CharField()


class CampaignDecisionSerializer(serializers.Serializer):
    """What the moderators said last."""

    outcome = serializers.CharField(help_text=f"One of {', '.join(OUTCOMES.values())}.")
    reason = serializers.CharField(allow_blank=True)
    brief_version = serializers.IntegerField(source="brief.version")
    decided_at = serializers.DateTimeField()


class FullCampaignSerializer(CampaignSerializer):
    standing = CampaignStandingSerializer()
    missing = MissingSerializer(many=True, help_text="What it lacks before it can be submitted.")
    decision = CampaignDecisionSerializer(allow_null=True)

    def row_of(self, campaign: Campaign) -> dict[str, Any]:
        return {**super().row_of(campaign), **self.context["more"]}


class CampaignReasonSerializer(StrictSerializer):
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=REASON_CHARACTERS,
        help_text="Needed to cancel.",
    )


class CampaignCopySerializer(StrictSerializer):
    title = serializers.CharField(required=False, max_length=140)


class InvitationRequestSerializer(StrictSerializer):
    creator_id = WholeNumberField(min_value=1, max_value=10**18)
    message = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MESSAGE_CHARACTERS
    )


class ApplicationRequestSerializer(StrictSerializer):
    message = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MESSAGE_CHARACTERS
    )


class StartedSerializer(serializers.Serializer):
    """A collaboration that has just begun."""

    id = serializers.IntegerField()
    campaign_id = serializers.IntegerField()
    creator_id = serializers.IntegerField()
    state = serializers.CharField()
    acting = serializers.CharField(source="acting_side")
    deadline_at = serializers.DateTimeField()


class TemplateRequestSerializer(StrictSerializer):
    campaign_id = WholeNumberField(
        min_value=1, max_value=10**18, help_text="Whose latest brief is kept."
    )
    name = serializers.CharField(max_length=MAX_NAME)


class TemplateSerializer(serializers.ModelSerializer):
    brand = BrandSerializer()
    terms = serializers.DictField(help_text="The brief, field by field.")

    class Meta:
        model = BriefTemplate
        fields = ("id", "brand", "name", "terms", "created_at")
        extra_kwargs = {name: {"required": True} for name in ("id", "created_at")}


class CallQuerySerializer(StrictSerializer):
    """A brief that leaves platform, country or niche open passes each."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=MAX_QUERY)
    platform = serializers.ChoiceField(choices=Platform.choices, required=False)
    country = serializers.CharField(required=False, max_length=80)
    niche = serializers.CharField(required=False, max_length=60)
    cursor = serializers.CharField(required=False)
    page_size = serializers.CharField(required=False)

    def to_filters(self) -> CallFilters:
        names = ("q", "platform", "country", "niche")
        return CallFilters(**{n: self.validated_data[n] for n in names if n in self.validated_data})


class OpenCallSerializer(serializers.Serializer):
    """A campaign without the brand's private limits and budgets."""

    id = serializers.IntegerField(source="campaign_id")
    title = serializers.CharField(source="campaign.title")
    brand = BrandSerializer(source="campaign.brand")
    is_simulated = serializers.BooleanField(source="campaign.is_simulated")
    version = serializers.IntegerField()
    objective = serializers.CharField(allow_blank=True, help_text=_OBJECTIVE)
    text = serializers.CharField()
    product = serializers.CharField(allow_blank=True)
    links = serializers.ListField(child=serializers.CharField())
    deliverables = DeliverableSpecSerializer(many=True)
    dos = serializers.ListField(child=serializers.CharField())
    donts = serializers.ListField(child=serializers.CharField())
    platform = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    niches = serializers.ListField(child=serializers.CharField())
    values = serializers.ListField(child=serializers.CharField())
    places = serializers.IntegerField(allow_null=True)
    budget = serializers.SerializerMethodField(help_text="A range in words; empty if hidden.")
    usage_rights_months = serializers.IntegerField()
    usage_rights = serializers.CharField(allow_blank=True)
    exclusivity_days = serializers.IntegerField()
    disclosure = serializers.CharField()
    revision_rounds = serializers.IntegerField()
    approval = serializers.CharField(allow_blank=True)
    apply_by = serializers.DateField(allow_null=True)
    publish_from = serializers.DateField(allow_null=True)
    publish_by = serializers.DateField(allow_null=True)

    def get_budget(self, brief: Brief) -> str:
        return shown_budget(brief)


class ChangeSerializer(serializers.Serializer):
    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class FullOpenCallSerializer(OpenCallSerializer):
    can_apply = serializers.SerializerMethodField()
    collaboration_id = serializers.SerializerMethodField(
        help_text="Your own in this campaign, if there is one."
    )
    version_talked_about = serializers.SerializerMethodField(
        help_text="Of the brief, where you talk with the brand; else null."
    )
    changes = serializers.SerializerMethodField(help_text="Since that version.")

    @property
    def _call(self) -> OpenCall:
        call: OpenCall = self.context["call"]
        return call

    def get_can_apply(self, brief: Brief) -> bool:
        return self._call.can_apply

    def get_collaboration_id(self, brief: Brief) -> int | None:
        return self._call.collaboration.pk if self._call.collaboration else None

    def get_version_talked_about(self, brief: Brief) -> int | None:
        return self._call.seen.brief.version if self._call.seen else None

    def get_changes(self, brief: Brief) -> list[dict[str, str]]:
        changes = self._call.seen.changes if self._call.seen else []
        return [dict(one) for one in ChangeSerializer(changes, many=True).data]
