"""Moving money: one service posts, everything else asks it to.

An operation is known by an id chosen by its cause ("fund:17:1"). Posting the same operation
again, at once or a year later, answers with the first one and moves nothing.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.errors import Conflict, DomainError
from accounts.models import Brand, Creator, User
from accounts.money import exact
from campaigns.models import Collaboration, LedgerAccount, Operation, Posting

LARGEST_AMOUNT_MINOR = 10**14
Kind = LedgerAccount.Kind


class UnusableLegs(DomainError):
    """The legs cannot be one operation; ``details`` names the currency or leg at fault."""

    code = "unusable_legs"


class InsufficientFunds(Conflict):
    code = "insufficient_funds"


class OperationIdReused(Conflict):
    """The id already stands for a different movement of money."""

    code = "operation_id_reused"


@dataclass(frozen=True)
class Leg:
    """What an operation adds to an account (above zero) or takes from it (below)."""

    account: LedgerAccount
    amount_minor: int


def account_of(
    kind: str,
    currency: str,
    *,
    brand: Brand | None = None,
    creator: Creator | None = None,
    collaboration: Collaboration | None = None,
) -> LedgerAccount:
    """The account, opened on first use; two who open it at once get the same."""
    account, _ = LedgerAccount.objects.get_or_create(
        kind=kind, currency=currency, brand=brand, creator=creator, collaboration=collaboration
    )
    return account


@transaction.atomic
def post_operation(
    *,
    operation_id: str,
    kind: str,
    legs: Sequence[Leg],
    actor: User | None,
    now: datetime,
    description: str = "",
    collaboration: Collaboration | None = None,
) -> Operation:
    """Move money in one operation, or answer with what the same id did before.

    :raises UnusableLegs: fewer than two legs, one of zero, not whole, too large, or a currency
        that does not sum to zero.
    :raises InsufficientFunds: if a wallet or a hold would fall below zero.
    :raises OperationIdReused: if the id stands for other legs.
    """
    check_legs(legs)
    fingerprint = _fingerprint(kind, legs)
    # The unique id makes a second caller wait here until the first has committed.
    Operation.objects.bulk_create(
        [
            Operation(
                operation_id=operation_id,
                kind=kind,
                description=description,
                fingerprint=fingerprint,
                postings_count=len(legs),
                collaboration=collaboration,
                actor=actor,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )
    operation = Operation.objects.select_for_update().get(operation_id=operation_id)
    if operation.fingerprint != fingerprint:
        raise OperationIdReused(
            f"The operation {operation_id} was already used to move something else."
        )
    if operation.postings.exists():
        return operation
    _check_funds(legs)
    Posting.objects.bulk_create(
        Posting(operation=operation, account=leg.account, amount_minor=leg.amount_minor)
        for leg in sorted(legs, key=lambda leg: (leg.account.pk, -leg.amount_minor))
    )
    return operation


def check_legs(legs: Sequence[Leg]) -> None:
    """:raises UnusableLegs: as `post_operation`."""
    if len(legs) < 2:
        raise UnusableLegs("An operation takes from one account and gives to another.")
    sums: dict[str, int] = defaultdict(int)
    for leg in legs:
        amount = leg.amount_minor
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise UnusableLegs(f"{amount!r} is no whole number of minor units.")
        if amount == 0 or abs(amount) > LARGEST_AMOUNT_MINOR:
            raise UnusableLegs(
                f"{amount} is no amount: not zero, and at most {LARGEST_AMOUNT_MINOR}."
            )
        sums[leg.account.currency] += amount
    for currency, total in sums.items():
        if total:
            raise UnusableLegs(
                f"The legs are off by {total} {currency}; they must sum to zero.",
                details={"currency": currency, "off_by_minor": total},
            )


def lock_accounts(*accounts: LedgerAccount) -> list[LedgerAccount]:
    """The rows as they are now, in the order asked for, locked in the order of all others."""
    wanted = [account.pk for account in accounts]
    locked = LedgerAccount.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    by_id = {account.pk: account for account in locked}
    return [by_id[pk] for pk in wanted]


def list_postings(account: LedgerAccount) -> QuerySet[Posting]:
    """An account's statement, the newest first."""
    return account.postings.select_related("operation").order_by("-pk")


@dataclass(frozen=True)
class BooksReport:
    """What the nightly check found; the books are right when every list is empty."""

    operations: int
    unbalanced_operations: list[str]
    wrong_balances: list[int]
    currencies_off: dict[str, int]

    @property
    def is_right(self) -> bool:
        return not (self.unbalanced_operations or self.wrong_balances or self.currencies_off)


def check_books() -> BooksReport:
    """Add everything up again, apart from the triggers that keep it right. Four queries."""
    with connection.cursor() as cursor:
        cursor.execute(UNBALANCED)
        unbalanced = [row[0] for row in cursor.fetchall()]
        cursor.execute(WRONG_BALANCES)
        wrong = [row[0] for row in cursor.fetchall()]
        cursor.execute(CURRENCIES_OFF)
        off = {currency: int(total) for currency, total in cursor.fetchall()}
    return BooksReport(
        operations=Operation.objects.count(),
        unbalanced_operations=unbalanced,
        wrong_balances=wrong,
        currencies_off=off,
    )


UNBALANCED = """
SELECT DISTINCT operation.operation_id
FROM campaigns_operation operation
LEFT JOIN campaigns_posting posting ON posting.operation_id = operation.id
LEFT JOIN campaigns_ledgeraccount account ON account.id = posting.account_id
GROUP BY operation.id, account.currency
HAVING coalesce(sum(posting.amount_minor), 1) <> 0
ORDER BY 1
"""
WRONG_BALANCES = """
SELECT account.id
FROM campaigns_ledgeraccount account
LEFT JOIN campaigns_posting posting ON posting.account_id = account.id
GROUP BY account.id
HAVING account.balance_minor <> coalesce(sum(posting.amount_minor), 0)
ORDER BY 1
"""
CURRENCIES_OFF = """
SELECT currency, sum(balance_minor) FROM campaigns_ledgeraccount
GROUP BY currency HAVING sum(balance_minor) <> 0
"""


def _check_funds(legs: Sequence[Leg]) -> None:
    """Lock the accounts, always in the same order, and see that none is overdrawn."""
    changes: dict[int, int] = defaultdict(int)
    for leg in legs:
        changes[leg.account.pk] += leg.amount_minor
    locked = LedgerAccount.objects.select_for_update().filter(pk__in=changes).order_by("pk")
    for account in locked:
        after = account.balance_minor + changes[account.pk]
        if after < 0 and account.kind in LedgerAccount.NEVER_NEGATIVE:
            raise InsufficientFunds(
                f"{account.get_kind_display()} has "
                f"{exact(account.balance_minor, account.currency)}; "
                f"{exact(-changes[account.pk], account.currency)} are needed.",
                details={
                    "available_minor": account.balance_minor,
                    "needed_minor": -changes[account.pk],
                    "currency": account.currency,
                },
            )


def _fingerprint(kind: str, legs: Sequence[Leg]) -> str:
    moved = sorted((leg.account.pk, leg.amount_minor) for leg in legs)
    return hashlib.sha256(json.dumps([kind, moved]).encode()).hexdigest()
