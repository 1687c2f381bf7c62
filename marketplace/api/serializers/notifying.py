"""Webhooks, and what somebody gets by e-mail."""

from rest_framework import serializers

from accounts.models import NotificationCategory, NotificationPreference, WebhookEndpoint
from accounts.notifying.posting import URL_CHARACTERS
from accounts.notifying.webhooks import KINDS
from marketplace.api.strictness import StrictSerializer

Pace = NotificationPreference.Pace


class PacesSerializer(serializers.Serializer):
    """Category → pace."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            category.value: serializers.ChoiceField(
                choices=Pace.choices, help_text=f"{category.label}, by e-mail."
            )
            for category in NotificationCategory
        }


class ChangedPacesSerializer(PacesSerializer, StrictSerializer):
    """Those that are to change. Disputes and moderation always come at once."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class WebhookSerializer(serializers.ModelSerializer):
    kinds = serializers.ListField(
        child=serializers.CharField(), help_text="Empty: all kinds of events."
    )

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = (
            "id", "url", "kinds", "is_active", "disabled_reason", "failures", "created_at",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields[1:]}


class NewWebhookSerializer(WebhookSerializer):
    """As it is answered once, when it is made."""

    secret = serializers.CharField(help_text="Signs each event; answered only now.")

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class AddingWebhookSerializer(StrictSerializer):
    url = serializers.CharField(max_length=URL_CHARACTERS, help_text="Begins with https://.")
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=80),
        max_length=50,
        required=False,
        default=list,
        help_text=f"Whole kinds, as “collaboration.sign”, or their first part: {', '.join(KINDS)}.",
    )
