"""Creators in lists and in full."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import AccountMetric, Creator, SocialAccount
from marketplace.api.serializers.scores import ScoreSerializer, scores_as_json
from scoring.models import SearchEntry


class StandingSerializer(serializers.ModelSerializer):
    """What search knows about an account: the short form of its facts and scores."""

    class Meta:
        model = SearchEntry
        fields = (
            "followers", "engagement_rate", "niches", "risk", "risk_level", "risk_confidence",
            "price_minor", "price_currency", "scored_at",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields}


class AccountSerializer(serializers.ModelSerializer):
    """With ``search_entry`` loaded this costs no query."""

    standing = serializers.SerializerMethodField(help_text="Null until the account is indexed.")

    class Meta:
        model = SocialAccount
        fields: tuple[str, ...] = (
            "id", "platform", "handle", "full_name", "country", "is_verified", "standing",
        )  # fmt: skip
        extra_kwargs = {
            "is_verified": {"required": True}, "full_name": {"required": True},
            "country": {"required": True},
        }  # fmt: skip

    @extend_schema_field(StandingSerializer(allow_null=True))
    def get_standing(self, account: SocialAccount) -> dict[str, Any] | None:
        entry = getattr(account, "search_entry", None)
        return None if entry is None else dict(StandingSerializer(entry).data)


class MetricSerializer(serializers.ModelSerializer):
    class Meta:
        model = AccountMetric
        fields = (
            "day", "followers", "following", "posts", "avg_likes", "avg_comments",
            "engagement_rate", "comments_to_likes", "provenance", "recorded_at",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields}


class FullAccountSerializer(AccountSerializer):
    """:param context: ``metrics`` and ``scores`` by account id."""

    latest_counts = serializers.SerializerMethodField()
    scores = serializers.SerializerMethodField(help_text="The current score of each task.")

    class Meta(AccountSerializer.Meta):
        fields = (
            *AccountSerializer.Meta.fields,
            "bio", "hashtags", "declared_niches", "is_private", "is_business", "has_picture",
            "has_link", "opened_on", "latest_counts", "scores",
        )  # fmt: skip
        extra_kwargs = AccountSerializer.Meta.extra_kwargs | {
            name: {"required": True}
            for name in ("bio", "hashtags", "declared_niches", "is_private", "is_business",
                         "has_picture", "has_link", "opened_on")
        }  # fmt: skip

    @extend_schema_field(MetricSerializer(allow_null=True))
    def get_latest_counts(self, account: SocialAccount) -> dict[str, Any] | None:
        metric = self.context["metrics"].get(account.pk)
        return None if metric is None else dict(MetricSerializer(metric).data)

    @extend_schema_field(ScoreSerializer(many=True))
    def get_scores(self, account: SocialAccount) -> list[dict[str, Any]]:
        return scores_as_json(self.context["scores"].get(account.pk, {}))


class CreatorSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="display_name")
    is_claimed = serializers.BooleanField()
    accounts = AccountSerializer(many=True)

    class Meta:
        model = Creator
        fields = ("id", "name", "status", "is_claimed", "is_simulated", "created_at", "accounts")
        extra_kwargs = {
            name: {"required": True} for name in ("status", "is_simulated", "created_at")
        }


class FullCreatorSerializer(CreatorSerializer):
    accounts = FullAccountSerializer(many=True)
