"""Money: what is where, what was asked for, and what was told to a provider."""

from rest_framework import serializers

from accounts.money import CURRENCIES
from campaigns.payment_states import AttemptStatus, PaymentKind, PaymentState
from campaigns.payments.asking import BANK_ACCOUNT_CHARACTERS
from marketplace.api.serializers.briefs import BrandSerializer
from marketplace.api.serializers.collaboration_acts import LARGEST
from marketplace.api.strictness import StrictSerializer, WholeNumberField


class AskingSerializer(StrictSerializer):
    amount_minor = WholeNumberField(
        min_value=1, max_value=LARGEST, help_text="In minor units: 120000 is 1,200.00 EUR."
    )
    currency = serializers.CharField(max_length=3)
    provider = serializers.CharField(
        required=False, max_length=20, help_text="This installation's own unless named."
    )
    bank_account = serializers.CharField(
        max_length=BANK_ACCOUNT_CHARACTERS, help_text="Where the money goes."
    )


class DepositingSerializer(AskingSerializer):
    bank_account = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=BANK_ACCOUNT_CHARACTERS,
        help_text="Where the money comes from, where the provider wants to know.",
    )


class PaymentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=f"One of {', '.join(PaymentKind.values)}.")
    brand_id = serializers.IntegerField(allow_null=True)
    creator_id = serializers.IntegerField(allow_null=True)
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    provider = serializers.CharField()
    bank_account = serializers.CharField()
    state = serializers.CharField(help_text=f"One of {', '.join(PaymentState.values)}.")
    label = serializers.CharField(source="get_state_display")  # type: ignore[assignment]
    review_reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Why a payout is held."
    )
    refusal = serializers.CharField(help_text="Why it was refused, failed or came back.")
    shortfall_minor = serializers.IntegerField(
        help_text="Of a deposit that came back, what had been spent and is still to be made good."
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AttemptSerializer(serializers.Serializer):
    """One time the provider was told; ``key`` is what it was told under."""

    number = serializers.IntegerField()
    key = serializers.CharField()
    status = serializers.CharField(help_text=f"One of {', '.join(AttemptStatus.values)}.")
    reference = serializers.CharField(help_text="The provider's own.")
    message = serializers.CharField()
    tries = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FullPaymentSerializer(PaymentSerializer):
    attempts = AttemptSerializer(many=True)


class CampaignMoneySerializer(serializers.Serializer):
    campaign_id = serializers.IntegerField()
    title = serializers.CharField()
    currency = serializers.CharField()
    set_aside_minor = serializers.IntegerField()


class CurrencyWalletSerializer(serializers.Serializer):
    currency = serializers.ChoiceField(choices=CURRENCIES)
    free_minor = serializers.IntegerField(help_text="Can be spent or taken out.")
    set_aside_minor = serializers.IntegerField(help_text="In running collaborations.")
    arriving_minor = serializers.IntegerField(help_text="Deposits not confirmed yet.")
    shortfall_minor = serializers.IntegerField(
        help_text="To be made good by the next deposits, since one came back."
    )


class WalletSerializer(serializers.Serializer):
    brand = BrandSerializer()
    currencies = CurrencyWalletSerializer(many=True)
    campaigns = CampaignMoneySerializer(many=True)
    pending_deposits = PaymentSerializer(many=True, help_text="The newest 100.")


class CurrencyBalanceSerializer(serializers.Serializer):
    currency = serializers.ChoiceField(choices=CURRENCIES)
    owed_minor = serializers.IntegerField(help_text="Below zero after a piece was taken back.")
    promised_minor = serializers.IntegerField(help_text="Of payouts not sent yet.")
    sent_minor = serializers.IntegerField(help_text="With a provider and not paid yet.")
    frozen_minor = serializers.IntegerField(
        help_text="The price of paid pieces that a brand disputes; not paid out until decided."
    )
    available_minor = serializers.IntegerField(help_text="Can be asked for now.")


class BalanceSerializer(serializers.Serializer):
    creator_id = serializers.IntegerField()
    currencies = CurrencyBalanceSerializer(many=True)


class PeriodSerializer(StrictSerializer):
    """``from`` and ``to`` are whole UTC days, both included; by default the month until today."""

    currency = serializers.ChoiceField(choices=CURRENCIES, required=False)
    to = serializers.DateField(required=False)
    format = serializers.ChoiceField(choices=["json", "csv", "pdf"], default="json")

    def get_fields(self) -> dict[str, serializers.Field]:
        # “from” is a word of the language, so it cannot be written as the others are.
        return {**super().get_fields(), "from": serializers.DateField(required=False)}


class StatementLineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    operation_id = serializers.CharField()
    cause = serializers.CharField()
    details = serializers.CharField()
    amount_minor = serializers.IntegerField()
    balance_minor = serializers.IntegerField(help_text="After this line.")


class StatementSerializer(serializers.Serializer):
    """Opening balance plus the lines is the closing balance."""

    owner = serializers.CharField()
    currency = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    opening_minor = serializers.IntegerField()
    closing_minor = serializers.IntegerField()
    set_aside_minor = serializers.IntegerField(
        allow_null=True, help_text="Of a brand, at the end of the period."
    )
    lines = StatementLineSerializer(many=True)
