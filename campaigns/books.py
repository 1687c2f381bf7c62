"""The nightly look at the books, by rules that share nothing with what keeps them right.

``wrong`` rules must find nothing, ever. ``late`` rules find what somebody should look at: money
under way for too long, reports that fit no payment.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection

from campaigns.ledger import check_books
from campaigns.models import BooksCheck, LedgerAccount, Payment, ProviderEvent
from campaigns.payment_states import PaymentKind, PaymentState
from campaigns.states import FINAL, State

log = structlog.get_logger(__name__)
LISTED = 50
PAYOUT_LASTS = timedelta(days=5)
DEPOSIT_LASTS = timedelta(days=14)
UNSENT_LASTS = timedelta(days=1)
REVIEW_LASTS = timedelta(days=3)
EVENT_LASTS = timedelta(hours=1)

# What postings under an attempt's key must sum to on the outside account, by what it came to.
ATTEMPTS_OFF = """
WITH due AS (
    SELECT attempt.key,
        CASE
            WHEN payment.kind = 'deposit' AND attempt.status = 'succeeded'
                THEN -payment.amount_minor
            WHEN payment.kind <> 'deposit' AND attempt.status IN
                ('intended', 'accepted', 'succeeded') THEN payment.amount_minor
            ELSE 0
        END AS outside
    FROM campaigns_paymentattempt attempt
    JOIN campaigns_payment payment ON payment.id = attempt.payment_id
), found AS (
    SELECT due.key, due.outside, coalesce(sum(posting.amount_minor), 0) AS posted
    FROM due
    LEFT JOIN campaigns_operation operation
        ON operation.operation_id IN (due.key, due.key || ':back')
    LEFT JOIN campaigns_posting posting ON posting.operation_id = operation.id
        AND posting.account_id IN (SELECT id FROM campaigns_ledgeraccount WHERE kind = 'external')
    GROUP BY due.key, due.outside
)
SELECT key FROM found WHERE outside <> posted ORDER BY key LIMIT %s
"""


@dataclass(frozen=True)
class Rule:
    """``find`` answers with what breaks the rule, as text, `LISTED` at most."""

    name: str
    find: Callable[[datetime], list[str]]


def run_check(*, now: datetime) -> BooksCheck:
    """Check everything, keep the report, and say it in the log if something is not right."""
    started = time.perf_counter()
    ledger = check_books()
    wrong: dict[str, list[str]] = {
        "unbalanced_operations": ledger.unbalanced_operations[:LISTED],
        "wrong_balances": [str(account) for account in ledger.wrong_balances[:LISTED]],
        "currencies_off": [f"{code} {total}" for code, total in ledger.currencies_off.items()],
        **{rule.name: rule.find(now) for rule in WRONG},
    }
    late = {rule.name: rule.find(now) for rule in LATE}
    check = BooksCheck.objects.create(
        at=now,
        is_right=not any(wrong.values()),
        operations=ledger.operations,
        wrong={name: found for name, found in wrong.items() if found},
        late={name: found for name, found in late.items() if found},
        seconds=round(time.perf_counter() - started, 3),
    )
    if not check.is_right:
        log.error("books_wrong", check=check.pk, **check.wrong)
    if check.late:
        log.warning("books_late", check=check.pk, **check.late)
    return check


def _negative(now: datetime) -> list[str]:
    kinds = LedgerAccount.NEVER_NEGATIVE
    found = LedgerAccount.objects.filter(kind__in=kinds, balance_minor__lt=0).order_by("pk")
    return [str(pk) for pk in found.values_list("pk", flat=True)[:LISTED]]


def _holds_left(now: datetime) -> list[str]:
    found = LedgerAccount.objects.filter(
        kind=LedgerAccount.Kind.HOLD, collaboration__state__in=[*FINAL, State.COMPLETED]
    ).exclude(balance_minor=0)
    ids = found.order_by("collaboration").values_list("collaboration_id", flat=True)
    return [str(pk) for pk in ids[:LISTED]]


def _attempts_off(now: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPTS_OFF, [LISTED])
        return [row[0] for row in cursor.fetchall()]


def _payments(*kinds: PaymentKind, state: PaymentState, lasts: timedelta) -> Rule:
    def find(now: datetime) -> list[str]:
        found = Payment.objects.filter(kind__in=kinds, state=state, updated_at__lte=now - lasts)
        return [str(pk) for pk in found.order_by("pk").values_list("pk", flat=True)[:LISTED]]

    return Rule(f"{kinds[0].value}s_{state.value}_too_long", find)


def _open_events(now: datetime) -> list[str]:
    Outcome = ProviderEvent.Outcome
    found = ProviderEvent.objects.filter(outcome__in=ProviderEvent.OPEN).filter(
        received_at__lte=now - EVENT_LASTS
    ) | ProviderEvent.objects.filter(outcome=Outcome.MISMATCHED)
    return [str(event) for event in found.order_by("pk")[:LISTED]]


def _contradictions(now: datetime) -> list[str]:
    """The provider says that money moved after it said that it had not: a person must ask."""
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTIONS, [LISTED])
        return [row[0] for row in cursor.fetchall()]


CONTRADICTIONS = """
SELECT DISTINCT later.attempt_key FROM campaigns_providerevent later
JOIN campaigns_providerevent earlier
    ON earlier.attempt_key = later.attempt_key AND earlier.provider = later.provider
WHERE later.status = 'succeeded' AND earlier.status IN ('failed', 'returned')
    AND later.occurred_at > earlier.occurred_at
ORDER BY 1 LIMIT %s
"""


def _shortfalls(now: datetime) -> list[str]:
    found = Payment.objects.filter(shortfall_minor__gt=0).order_by("pk")
    return [str(pk) for pk in found.values_list("pk", flat=True)[:LISTED]]


WRONG = (
    Rule("negative_wallets_and_holds", _negative),
    Rule("holds_of_ended_collaborations", _holds_left),
    Rule("attempts_against_ledger", _attempts_off),
)
_K, _S = PaymentKind, PaymentState
LATE = (
    _payments(_K.PAYOUT, _K.WITHDRAWAL, state=_S.SUBMITTED, lasts=PAYOUT_LASTS),
    _payments(_K.PAYOUT, state=_S.READY, lasts=UNSENT_LASTS),
    _payments(_K.PAYOUT, state=_S.IN_REVIEW, lasts=REVIEW_LASTS),
    _payments(_K.DEPOSIT, state=_S.REQUESTED, lasts=UNSENT_LASTS),
    _payments(_K.DEPOSIT, state=_S.SUBMITTED, lasts=DEPOSIT_LASTS),
    Rule("events_that_fit_no_payment", _open_events),
    Rule("events_that_contradict", _contradictions),
    Rule("shortfalls", _shortfalls),
)
