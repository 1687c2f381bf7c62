"""A brand's money by campaign, and what is on its way in."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from accounts.models import Brand
from campaigns.balances import ARRIVING, list_holds
from campaigns.models import Payment
from campaigns.payment_states import PaymentKind


@dataclass(frozen=True)
class SetAside:
    """What a campaign's running collaborations hold, in minor units of one currency."""

    campaign_id: int
    title: str
    currency: str
    set_aside_minor: int


def list_set_aside(brand: Brand) -> list[SetAside]:
    """Campaign by campaign, in their order. One query."""
    title = "collaboration__campaign__title"
    rows = (
        list_holds(brand)
        .order_by("collaboration__campaign_id", "currency")
        .values_list("collaboration__campaign_id", title, "currency")
        .annotate(held=Sum("balance_minor"))
    )
    return [SetAside(*row) for row in rows]


def list_pending_deposits(brand: Brand) -> QuerySet[Payment]:
    """Asked for and not yet received, the newest first."""
    deposits = Payment.objects.filter(brand=brand, kind=PaymentKind.DEPOSIT, state__in=ARRIVING)
    return deposits.order_by("-pk")
