"""Niche groups found without labels, from `scoring.niche_groups`."""

from rest_framework import serializers

from scoring.models import NicheClustering


class NicheGroupSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="Stays with the group from run to run.")
    name = serializers.CharField()
    keywords = serializers.ListField(child=serializers.CharField())
    creators = serializers.IntegerField(help_text="Visible creators with an account in it.")
    accounts = serializers.IntegerField()
    platform_shares = serializers.DictField(
        child=serializers.FloatField(), help_text="Share of the accounts by platform."
    )
    median_followers = serializers.FloatField(allow_null=True)
    median_engagement_rate = serializers.FloatField(allow_null=True, help_text="A share, 0 to 1.")
    counted_at = serializers.DateTimeField(allow_null=True)


class NicheRunSerializer(serializers.ModelSerializer):
    """``figures``: silhouette, stability, agreement, moved, sizes; null where not measurable."""

    figures = serializers.DictField()

    class Meta:
        model = NicheClustering
        fields = (
            "id", "k", "k_was_chosen", "seed", "encoder_version", "accounts", "without_text",
            "figures", "created_at",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields if name != "figures"}


class NicheGroupsSerializer(serializers.Serializer):
    run = NicheRunSerializer(allow_null=True, help_text="Null before the first run.")
    groups = NicheGroupSerializer(many=True)
