"""What a brand has and a creator is owed at this moment, by currency."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from accounts.models import Brand, Creator
from campaigns.freezing import frozen_minor
from campaigns.models import LedgerAccount, Payment
from campaigns.payment_states import UNSENT, PaymentKind, PaymentState

Kind = LedgerAccount.Kind
ARRIVING = (PaymentState.REQUESTED, PaymentState.SUBMITTED)


@dataclass(frozen=True)
class Wallet:
    """A brand's money in one currency, in minor units.

    ``free`` can be spent, ``set_aside`` is in running collaborations, ``arriving`` are deposits
    a provider has not confirmed, ``shortfall`` what the platform bore for one that came back.
    """

    currency: str
    free_minor: int = 0
    set_aside_minor: int = 0
    arriving_minor: int = 0
    shortfall_minor: int = 0


@dataclass(frozen=True)
class Earnings:
    """What a creator is owed in one currency, in minor units.

    Below zero after a clawback that later work makes up for. ``promised`` is of payouts that
    were not sent yet, ``sent`` with a provider and not yet paid, ``frozen`` the price of paid
    pieces that a brand disputes now.
    """

    currency: str
    owed_minor: int = 0
    promised_minor: int = 0
    sent_minor: int = 0
    frozen_minor: int = 0

    @property
    def available_minor(self) -> int:
        """What can be asked for now."""
        return max(self.owed_minor - self.promised_minor - self.frozen_minor, 0)


def list_wallets(brand: Brand) -> list[Wallet]:
    """One for each currency the brand has money in, or expects it in. Four queries."""
    free = _by_currency(LedgerAccount.objects.filter(kind=Kind.BRAND_WALLET, brand=brand))
    held = _by_currency(list_holds(brand))
    deposits = Payment.objects.filter(brand=brand, kind=PaymentKind.DEPOSIT)
    arriving = _by_currency(deposits.filter(state__in=ARRIVING), "amount_minor")
    short = _by_currency(deposits.filter(shortfall_minor__gt=0), "shortfall_minor")
    return [
        Wallet(
            code, free.get(code, 0), held.get(code, 0), arriving.get(code, 0), short.get(code, 0)
        )
        for code in sorted({*free, *held, *arriving, *short})
    ]


def list_holds(brand: Brand) -> QuerySet[LedgerAccount]:
    """What is set aside, collaboration by collaboration, the largest first."""
    return (
        LedgerAccount.objects.filter(
            kind=Kind.HOLD, balance_minor__gt=0, collaboration__campaign__brand=brand
        )
        .select_related("collaboration__campaign", "collaboration__creator")
        .order_by("-balance_minor", "pk")
    )


def list_earnings(creator: Creator) -> list[Earnings]:
    """One for each currency the creator was ever owed in.

    Three queries, one more for each currency, and one for each dispute that freezes money.
    """
    owed = _by_currency(LedgerAccount.objects.filter(kind=Kind.CREATOR_PAYABLE, creator=creator))
    payouts = Payment.objects.filter(creator=creator, kind=PaymentKind.PAYOUT)
    promised = _by_currency(payouts.filter(state__in=UNSENT), "amount_minor")
    sent = _by_currency(payouts.filter(state=PaymentState.SUBMITTED), "amount_minor")
    return [
        Earnings(
            code,
            owed.get(code, 0),
            promised.get(code, 0),
            sent.get(code, 0),
            frozen_minor(creator, code),
        )
        for code in sorted({*owed, *promised, *sent})
    ]


def _by_currency(
    rows: QuerySet[LedgerAccount] | QuerySet[Payment], field: str = "balance_minor"
) -> dict[str, int]:
    sums = rows.order_by().values_list("currency").annotate(total=Sum(field))
    return {code: int(total or 0) for code, total in sums}
