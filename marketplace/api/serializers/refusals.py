"""The one shape of every refusal."""

from rest_framework import serializers


class OneRefusalSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(
        allow_null=True, help_text="The input meant, such as stats.followers."
    )


class RefusalSerializer(serializers.Serializer):
    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = OneRefusalSerializer(many=True)  # type: ignore[assignment]
    details = serializers.JSONField(required=False, help_text="Facts that belong to the code.")
