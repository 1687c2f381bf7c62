"""Where the money of one collaboration is, read from the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from campaigns.models import Collaboration, LedgerAccount, Operation, Posting
from campaigns.statements import CAUSES

Kind = LedgerAccount.Kind
PAYOUTS = ("payout", "payout_back")


@dataclass(frozen=True)
class Movement:
    """One operation as either side reads it: so much from here to there."""

    at: datetime
    cause: str
    operation_id: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Whereabouts:
    """Minor units of one currency; before the money is set aside only ``earmarked`` is known.

    ``credited`` is all the creator was given for this work; it is ``owed`` still or ``paid_out``.
    A payout covers what has been owed longest. ``fee`` includes the tax in it.
    """

    currency: str
    earmarked_minor: int = 0
    set_aside_minor: int = 0
    credited_minor: int = 0
    owed_minor: int = 0
    paid_out_minor: int = 0
    fee_minor: int = 0
    given_back_minor: int = 0
    movements: tuple[Movement, ...] = ()


def get_whereabouts(collaboration: Collaboration) -> Whereabouts:
    """Three queries, and two more once the creator was credited something."""
    operations = list(
        Operation.objects.filter(collaboration=collaboration).order_by("-pk")
        .prefetch_related("postings__account")
    )  # fmt: skip
    if not operations:
        return Whereabouts(
            currency=collaboration.earmark_currency, earmarked_minor=collaboration.earmark_minor
        )
    sums = dict.fromkeys(Kind, 0)
    given_back = 0
    payable: LedgerAccount | None = None
    for operation in operations:
        for posting in operation.postings.all():
            kind = Kind(posting.account.kind)
            sums[kind] += posting.amount_minor
            if kind is Kind.BRAND_WALLET and posting.amount_minor > 0:
                given_back += posting.amount_minor
            if kind is Kind.CREATOR_PAYABLE:
                payable = posting.account
    credited = sums[Kind.CREATOR_PAYABLE]
    owed = _still_owed(payable, collaboration, credited) if payable and credited > 0 else 0
    return Whereabouts(
        currency=operations[0].postings.all()[0].account.currency,
        set_aside_minor=sums[Kind.HOLD],
        credited_minor=credited,
        owed_minor=owed,
        paid_out_minor=max(credited, 0) - owed,
        fee_minor=sums[Kind.PLATFORM_FEE] + sums[Kind.TAX],
        given_back_minor=given_back,
        movements=tuple(_movement(operation) for operation in operations),
    )


def _still_owed(payable: LedgerAccount, collaboration: Collaboration, credited: int) -> int:
    """Of what this collaboration credited, the part no payout has covered yet.

    The balance is what remains of the newest credits. Walking from the newest to the oldest uses
    it up, and stops as soon as it is, however long the account's history.
    """
    left = payable.balance_minor
    credits = payable.postings.exclude(operation__kind__in=PAYOUTS).filter(amount_minor__gt=0)
    mine = credits.filter(operation__collaboration=collaboration)
    first = mine.order_by("pk").values_list("pk", flat=True).first()
    owed = 0
    newest_first = credits.filter(pk__gte=first).order_by("-pk")
    rows = newest_first.values_list("operation__collaboration_id", "amount_minor")
    for owner, amount in rows.iterator(chunk_size=500):
        if left <= 0:
            break
        covered = min(amount, left)
        left -= covered
        if owner == collaboration.pk:
            owed += covered
    return min(owed, credited)


_TO = {
    Kind.BRAND_WALLET: "the brand's wallet",
    Kind.HOLD: "set aside",
    Kind.CREATOR_PAYABLE: "owed to the creator",
    Kind.PLATFORM_FEE: "platform fee",
    Kind.TAX: "tax",
    Kind.EXTERNAL: "outside",
}


def _movement(operation: Operation) -> Movement:
    postings: list[Posting] = list(operation.postings.all())
    return Movement(
        at=operation.at,
        cause=CAUSES.get(operation.kind, operation.kind.replace("_", " ").capitalize()),
        operation_id=operation.operation_id,
        parts=tuple(
            (_TO[Kind(one.account.kind)], one.amount_minor)
            for one in sorted(postings, key=lambda one: one.amount_minor)
        ),
    )


def wallet_balance(collaboration: Collaboration, currency: str) -> int:
    """What the brand's wallet holds; zero before it is opened. One query."""
    found = LedgerAccount.objects.filter(
        kind=Kind.BRAND_WALLET, currency=currency, brand_id=collaboration.campaign.brand_id
    )
    return found.aggregate(total=Sum("balance_minor"))["total"] or 0
