"""Payments lock the books' accounts by id, so that no two wait for each other."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from campaigns.ledger import account_of
from campaigns.models import LedgerAccount
from campaigns.payments import payouts
from tests.campaigns.conftest import NOW
from tests.campaigns.test_payments import RETURNED, SUCCEEDED, deposit, spend, state, tell
from tests.campaigns.test_payouts import ask, owe
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Kind = LedgerAccount.Kind
BLOCKED = """
SELECT count(*) FROM pg_locks
WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def is_free_while_waiting(act: Callable[[], object], *, first: str, then: str) -> None:
    """Hold the account ``first``; while ``act`` waits for it, it must not hold ``then``."""
    held = LedgerAccount.objects.get(kind=first)
    later = LedgerAccount.objects.get(kind=then)
    assert held.pk < later.pk

    def work() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    try:
        with transaction.atomic():
            LedgerAccount.objects.select_for_update().get(pk=held.pk)
            thread.start()
            _wait_until_blocked()
            LedgerAccount.objects.select_for_update(nowait=True).get(pk=later.pk)
    finally:
        thread.join()


def _wait_until_blocked() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nothing waits")


def test_a_payout_takes_the_account_outside_before_what_is_owed(cast: Cast) -> None:
    owe(cast, 10_000)
    payment = ask(cast)
    is_free_while_waiting(
        lambda: payouts.submit_payout(payment=payment, now=NOW),
        first="external", then="creator_payable",
    )  # fmt: skip
    assert state(payment) == "submitted"


def test_a_deposit_that_makes_a_shortfall_good_takes_the_fees_first(cast: Cast) -> None:
    account_of(Kind.PLATFORM_FEE, "EUR")
    returned = deposit(cast)
    tell(returned, SUCCEEDED)
    spend(cast, 7_000)
    tell(returned, RETURNED)
    second = deposit(cast, idempotency_key="two")
    is_free_while_waiting(
        lambda: tell(second, SUCCEEDED), first="platform_fee", then="brand_wallet"
    )
    returned.refresh_from_db()
    assert (state(second), returned.shortfall_minor) == ("received", 0)
