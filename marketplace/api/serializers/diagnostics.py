"""A planned post as programs send it, and what is answered about it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.identifiers import InfluencerIdField
from marketplace.api.serializers.engagement import CountField, MomentField
from marketplace.api.strictness import NumberField, StrictSerializer, WholeNumberField
from scoring.ml.engagement.series import LARGEST_COUNT
from scoring.ml.plep.drafts import PastPost
from scoring.planning_posts.diagnosing import MOST_CHANGES
from scoring.planning_posts.drafts import (
    LONGEST_CAPTION,
    LONGEST_DURATION_S,
    LONGEST_KIND,
    LONGEST_TAG,
    MOST_TAGS,
)

MOST_EARLIER = 200
LARGEST_ID = 2**63 - 1


class TagsField(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        child = serializers.CharField(max_length=LONGEST_TAG, trim_whitespace=True)
        super().__init__(child=child, max_length=MOST_TAGS, **kwargs)


class DraftChangeSerializer(StrictSerializer):
    """Other values of some of the draft's fields; the others stay as they are."""

    caption = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=LONGEST_CAPTION
    )
    hashtags = TagsField(required=False, help_text="Those kept beside the caption.")
    kind = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_KIND)
    planned_at = MomentField(required=False, allow_null=True)
    duration_s = NumberField(
        required=False, allow_null=True, min_value=0.001, max_value=LONGEST_DURATION_S
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs and type(self) is DraftChangeSerializer:
            raise serializers.ValidationError("Name at least one field to change.", code="required")
        if "hashtags" in attrs:
            attrs["hashtags"] = tuple(attrs["hashtags"])
        return attrs


class EarlierPostSerializer(StrictSerializer):
    published_at = MomentField()
    engagement = CountField(required=False, allow_null=True, min_value=0, max_value=LARGEST_COUNT)
    views = CountField(required=False, allow_null=True, min_value=0, max_value=LARGEST_COUNT)
    caption = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=LONGEST_CAPTION
    )
    hashtags = TagsField(required=False)

    def validate_published_at(self, value: Any) -> Any:
        if value.tzinfo is None:
            raise serializers.ValidationError("A time needs its offset, or Z.", code="invalid")
        return value


ABOUT_NOBODY = ("platform", "followers", "following", "history")
NAMES = ("influencer_id", "account_id", "collaboration_id")


class PlepRequestSerializer(DraftChangeSerializer):
    """Of whom: one of influencer_id, account_id, collaboration_id; or a platform with what is
    known of an account that is not here."""

    influencer_id = InfluencerIdField(required=False)
    account_id = WholeNumberField(required=False, min_value=0, max_value=LARGEST_ID)
    collaboration_id = WholeNumberField(
        required=False,
        min_value=0,
        max_value=LARGEST_ID,
        help_text="Of yours: its account, and the words of disclosure that were agreed.",
    )
    platform = serializers.ChoiceField(choices=Platform.choices, required=False)
    followers = CountField(required=False, allow_null=True, min_value=0, max_value=LARGEST_COUNT)
    following = CountField(required=False, allow_null=True, min_value=0, max_value=LARGEST_COUNT)
    history = EarlierPostSerializer(many=True, required=False, max_length=MOST_EARLIER)  # type: ignore[call-arg]
    what_if = DraftChangeSerializer(many=True, required=False, max_length=MOST_CHANGES)  # type: ignore[call-arg]
    suggestions = serializers.BooleanField(required=False, default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        named = [name for name in NAMES if name in attrs]
        if len(named) > 1:
            raise serializers.ValidationError(
                {named[1]: [f"Send one of {', '.join(NAMES)}, not several."]}, code="invalid"
            )
        if not named and "platform" not in attrs:
            raise serializers.ValidationError(
                {"platform": [f"Send a platform, or one of {', '.join(NAMES)}."]}, code="required"
            )
        # what is recorded here and what is sent would be mixed
        known = [name for name in ("followers", "following", "history") if name in attrs]
        if named and known:
            raise serializers.ValidationError(
                {known[0]: [f"What is recorded is used with {named[0]}; leave it out."]},
                code="invalid",
            )
        return attrs


def history_sent(rows: list[dict[str, Any]]) -> tuple[PastPost, ...]:
    return tuple(
        PastPost(
            published_at=row["published_at"],
            engagement=row.get("engagement"),
            views=row.get("views"),
            caption=row.get("caption"),
            hashtags=tuple(row.get("hashtags", ())),
        )
        for row in sorted(rows, key=lambda row: row["published_at"])
    )


class PlepUploadSerializer(serializers.Serializer):
    """The same with a picture, as multipart/form-data."""

    draft = serializers.CharField(help_text="The JSON that would be sent without a picture.")
    image = serializers.FileField(required=False, help_text="PNG, JPEG or WebP, at most 12 MB.")


class PlannedEngagementSerializer(serializers.Serializer):
    low = serializers.IntegerField()
    expected = serializers.IntegerField()
    high = serializers.IntegerField()


class WhatIfFactorSerializer(serializers.Serializer):
    low = serializers.FloatField()
    expected = serializers.FloatField(help_text="1.1: a tenth more.")
    high = serializers.FloatField()


class RangeRecordSerializer(serializers.Serializer):
    nominal = serializers.FloatField(help_text="The share of posts that ranges aim to hold.")
    observed = serializers.FloatField(help_text="The share they held of posts never seen.")
    posts = serializers.IntegerField()
    sentence = serializers.CharField()


class ContributorSerializer(serializers.Serializer):
    fact = serializers.CharField()
    text = serializers.CharField()
    effect = serializers.FloatField(help_text="On the log of the count.")
    factor = serializers.FloatField()
    about = serializers.ChoiceField(choices=["account", "draft"])


class ContributorsSerializer(serializers.Serializer):
    positive = ContributorSerializer(many=True)
    negative = ContributorSerializer(many=True)


class WhatIfSerializer(serializers.Serializer):
    changed = serializers.ListField(child=serializers.CharField())
    factor = WhatIfFactorSerializer(
        allow_null=True, help_text="The part of such differences that came about, 95 % interval."
    )
    predicted_factor = serializers.FloatField(
        help_text="The model's own difference, borne out or not."
    )
    supported = serializers.BooleanField(help_text="Whether the interval leaves out no change.")
    reason = serializers.CharField(allow_null=True)
    engagement = PlannedEngagementSerializer(
        help_text="Of the changed draft, if tested on its own: it moves by `predicted_factor`."
    )


class SuggestionSerializer(WhatIfSerializer):
    text = serializers.CharField()
    change = serializers.DictField()


class FoundWordsSerializer(serializers.Serializer):
    words = serializers.CharField()
    language = serializers.CharField()
    place = serializers.IntegerField(allow_null=True)


class DisclosureCheckSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=["clear", "weak", "none", "denied"])
    sentence = serializers.CharField()
    found = FoundWordsSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{16}$"})
class HashField(serializers.CharField):
    pass


class PictureSerializer(serializers.Serializer):
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    brightness = serializers.FloatField()
    colourfulness = serializers.FloatField()
    perceptual_hash = HashField()
    distance_to_past = serializers.IntegerField(allow_null=True)


class PlepSerializer(serializers.Serializer):
    account_id = serializers.IntegerField(allow_null=True)
    platform = serializers.CharField()
    abstained = serializers.BooleanField()
    code = serializers.CharField(
        allow_null=True, help_text="no_model_for_platform or nothing_known_of_account."
    )
    reason = serializers.CharField(allow_null=True)
    engagement = PlannedEngagementSerializer(allow_null=True)
    meaning = serializers.CharField(allow_null=True, help_text="What is counted.")
    interval = RangeRecordSerializer(allow_null=True)
    confidence = serializers.FloatField(
        allow_null=True, help_text="Share of posts with a range as wide within a factor of two."
    )
    level = serializers.CharField(allow_null=True)
    usual_engagement = serializers.FloatField(
        allow_null=True, help_text="The median of the account's earlier posts."
    )
    contributors = ContributorsSerializer()
    what_if = WhatIfSerializer(many=True)
    suggestions = SuggestionSerializer(many=True)
    disclosure = DisclosureCheckSerializer()
    picture = PictureSerializer(allow_null=True)
    basis = serializers.CharField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    simulated = serializers.BooleanField()
    model_version = serializers.CharField()
    as_of = serializers.DateTimeField()
