"""Statements of account: what came, what went, why, and what was left, per brand or creator.

A brand's statement is of its wallet, a creator's of what Fairground owes them. Periods are whole
UTC days, the last one included; the closing balance of one is the opening balance of the next.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from django.db.models import QuerySet, Sum

from accounts.errors import DomainError
from accounts.models import Brand, Creator
from accounts.money import CURRENCIES
from campaigns.models import LedgerAccount, Posting

LONGEST_LINES = 20_000
Kind = LedgerAccount.Kind
CAUSES = {
    "deposit": "Deposit received",
    "deposit_back": "Deposit came back",
    "withdrawal": "Withdrawal sent",
    "withdrawal_back": "Withdrawal came back",
    "fund": "Set aside for a collaboration",
    "refund": "Given back from a collaboration",
    "cancel": "Divided on cancelling",
    "split": "Divided by a decision",
    "settle": "Paid for a piece",
    "clawback": "Taken back for a piece",
    "payout": "Payout sent",
    "payout_back": "Payout came back",
    "recover": "Made good for a deposit that came back",
}


class PeriodRefused(DomainError):
    code = "period_refused"


class StatementTooLong(DomainError):
    code = "statement_too_long"


@dataclass(frozen=True)
class Line:
    """One posting; ``balance_minor`` is the balance after it."""

    at: datetime
    operation_id: str
    cause: str
    details: str
    amount_minor: int
    balance_minor: int


@dataclass(frozen=True)
class Statement:
    """``opening_minor`` plus the lines is ``closing_minor``.

    ``set_aside_minor`` is what a brand has in its collaborations at the end; None for creators.
    """

    owner: str
    currency: str
    first_day: date
    last_day: date
    opening_minor: int
    closing_minor: int
    lines: tuple[Line, ...]
    set_aside_minor: int | None = None


def brand_statement(*, brand: Brand, currency: str, first_day: date, last_day: date) -> Statement:
    """Four queries. :raises PeriodRefused, StatementTooLong: as named."""
    _check(currency, first_day, last_day)
    held = Posting.objects.filter(
        account__kind=Kind.HOLD,
        account__currency=currency,
        account__collaboration__campaign__brand=brand,
        operation__at__lt=_midnight_after(last_day),
    )
    account = LedgerAccount.objects.filter(
        kind=Kind.BRAND_WALLET, currency=currency, brand=brand
    ).first()
    return _statement(
        account,
        owner=brand.name,
        currency=currency,
        first_day=first_day,
        last_day=last_day,
        set_aside_minor=_sum(held),
    )


def creator_statement(
    *, creator: Creator, currency: str, first_day: date, last_day: date
) -> Statement:
    """Three queries. :raises PeriodRefused, StatementTooLong: as named."""
    _check(currency, first_day, last_day)
    account = LedgerAccount.objects.filter(
        kind=Kind.CREATOR_PAYABLE, currency=currency, creator=creator
    ).first()
    return _statement(
        account,
        owner=creator.display_name,
        currency=currency,
        first_day=first_day,
        last_day=last_day,
        set_aside_minor=None,
    )


def _statement(
    account: LedgerAccount | None,
    *,
    owner: str,
    currency: str,
    first_day: date,
    last_day: date,
    set_aside_minor: int | None,
) -> Statement:
    start, end = datetime.combine(first_day, time(), UTC), _midnight_after(last_day)
    # An account is opened by its first posting; before that there is nothing to tell.
    postings = Posting.objects.filter(account=account) if account else Posting.objects.none()
    opening = _sum(postings.filter(operation__at__lt=start))
    found = list(
        postings.filter(operation__at__gte=start, operation__at__lt=end)
        .select_related("operation")
        .order_by("operation__at", "pk")[: LONGEST_LINES + 1]
    )
    if len(found) > LONGEST_LINES:
        raise StatementTooLong(
            f"There are more than {LONGEST_LINES:,} postings in this period; choose a shorter one."
        )
    balances = list(accumulate((one.amount_minor for one in found), initial=opening))
    lines = tuple(
        Line(
            at=one.operation.at,
            operation_id=one.operation.operation_id,
            cause=CAUSES.get(one.operation.kind, one.operation.kind.replace("_", " ").capitalize()),
            details=one.operation.description,
            amount_minor=one.amount_minor,
            balance_minor=balance,
        )
        for one, balance in zip(found, balances[1:], strict=True)
    )
    return Statement(
        owner=owner,
        currency=currency,
        first_day=first_day,
        last_day=last_day,
        opening_minor=opening,
        closing_minor=balances[-1],
        lines=lines,
        set_aside_minor=set_aside_minor,
    )


def _check(currency: str, first_day: date, last_day: date) -> None:
    if currency not in CURRENCIES:
        raise PeriodRefused(f"“{currency[:10]}” is no currency used here.", code="currency_refused")
    if last_day < first_day:
        raise PeriodRefused("The period ends before it begins.")
    if last_day > date.max - timedelta(days=1):
        raise PeriodRefused("The period ends too far away.")


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _sum(postings: QuerySet[Posting]) -> int:
    return int(postings.aggregate(total=Sum("amount_minor"))["total"] or 0)
