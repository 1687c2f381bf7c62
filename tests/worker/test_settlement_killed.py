"""Signal 9 at each step of settlement and payout: one effect, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from celery import current_app
from django.utils import timezone

from campaigns import books, delivering
from campaigns.ledger import account_of
from campaigns.models import (
    FakeTransfer,
    LedgerAccount,
    Operation,
    Payment,
    PaymentAttempt,
    ProviderEvent,
)
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import balances, draft, piece, publish, start_work
from tests.campaigns.test_payouts import ask, owe, payable
from tests.cast import Cast
from tests.worker.conftest import (
    REPOSITORY,
    Worker,
    _database_url,
    forget_tasks,
    wait_for_others,
)

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
VERIFIED_AT = NOW + timedelta(hours=72)


@pytest.fixture(scope="module")
def markers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("markers")


@pytest.fixture(scope="module")
def _killable(
    services: None,
    django_db_setup: None,
    markers: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worker]:
    provider = "fake=tests.worker.killing_provider.KillingProvider"
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "PAYMENT_PROVIDERS": provider,
        "KILL_MARKERS": str(markers),
    }
    worker = Worker(tmp_path_factory.mktemp("killable") / "worker.log", environment)
    yield worker
    worker.kill()


@pytest.fixture
def killable(
    _killable: Worker, _worker_process: Worker, transactional_db: None, markers: Path
) -> Iterator[Worker]:
    _worker_process.kill()  # or it would take the tasks that are meant for this one
    forget_tasks()
    for left in markers.iterdir():
        left.unlink()
    _killable.start()
    yield _killable
    _killable.kill()
    wait_for_others()


def sweep() -> None:
    """As the scheduler does every half minute."""
    current_app.send_task("marketplace.tasks.sweep_payments")


def until(worker: Worker, condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, worker.told()
        time.sleep(0.03)


def sweep_until(worker: Worker, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Sweep every second: one sweep may look just before there is something to find."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, worker.told()
        sweep()
        pause_ends = time.monotonic() + 1
        while not condition() and time.monotonic() < pause_ends:
            time.sleep(0.03)


def dead(worker: Worker) -> Callable[[], bool]:
    return lambda: worker.process is None or worker.process.poll() is not None


def hold(other: "psycopg2.extensions.connection", account: LedgerAccount) -> None:
    """Whoever posts to the account waits, in the middle of its transaction."""
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM campaigns_ledgeraccount WHERE id = %s FOR UPDATE", [account.pk]
        )


def somebody_waits(other: "psycopg2.extensions.connection") -> bool:
    with other.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def ready_payout(cast: Cast) -> Payment:
    owe(cast, 10_000)
    return ask(cast, bank_account="fake:pays", now=timezone.now())


def finish(worker: Worker, payment: Payment) -> None:
    """Start again, as a supervisor does, and sweep until the payout is paid."""
    worker.start()
    # The wait after which an unanswered attempt is sent again has passed.
    PaymentAttempt.objects.filter(send_after__isnull=False).update(send_after=timezone.now())
    sweep_until(worker, lambda: Payment.objects.get(pk=payment.pk).state == "paid")
    sweep_until(worker, lambda: FakeTransfer.objects.get().unreported == [])


def assert_paid_once(cast: Cast, payment: Payment) -> None:
    assert payable(cast) == 6_000
    assert FakeTransfer.objects.get().effects == 1
    assert payment.attempts.count() == 1
    assert Operation.objects.filter(kind="payout").count() == 1
    assert ProviderEvent.objects.filter(outcome="applied").count() == 1
    assert books.run_check(now=timezone.now()).wrong == {}


@pytest.mark.parametrize("point", ["before_effect", "after_effect", "after_commit"])
def test_a_payout_survives_a_kill(killable: Worker, markers: Path, cast: Cast, point: str) -> None:
    payment = ready_payout(cast)
    (markers / point).touch()
    sweep_until(killable, dead(killable))
    effects = sum(FakeTransfer.objects.values_list("effects", flat=True))
    assert effects == (0 if point == "before_effect" else 1)
    assert payable(cast) == 6_000
    finish(killable, payment)
    assert_paid_once(cast, payment)


def test_a_payout_survives_a_kill_before_its_postings_are_committed(
    killable: Worker, cast: Cast, other_connection: "psycopg2.extensions.connection"
) -> None:
    payment = ready_payout(cast)
    hold(other_connection, account_of(LedgerAccount.Kind.EXTERNAL, "EUR"))
    sweep()
    until(killable, lambda: somebody_waits(other_connection))
    killable.kill()
    other_connection.rollback()
    payment.refresh_from_db()
    assert (payment.state, payment.attempts.count(), payable(cast)) == ("ready", 0, 10_000)
    finish(killable, payment)
    assert_paid_once(cast, payment)


def settle(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.worker.settling_process",
            VERIFIED_AT.isoformat(),
            *arguments,
        ],
        cwd=REPOSITORY,
        env={**os.environ, "DATABASE_URL": _database_url()},
    )


def published(cast: Cast) -> None:
    one = piece(start_work(cast, 50_000))
    draft(cast, one)
    delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
    publish(cast, one)


def assert_settled_once(cast: Cast) -> None:
    found = balances()
    assert (found["creator_payable"], found["platform_fee"], found["hold"]) == (50_000, 5_000, 0)
    assert Operation.objects.filter(kind="settle").count() == 1
    assert books.run_check(now=datetime.now(UTC)).wrong == {}


def test_a_settlement_killed_before_commit_is_done_by_the_next(
    cast: Cast, other_connection: "psycopg2.extensions.connection"
) -> None:
    published(cast)
    hold(other_connection, account_of(LedgerAccount.Kind.PLATFORM_FEE, "EUR"))
    process = settle()
    deadline = time.monotonic() + 60
    while not somebody_waits(other_connection) and time.monotonic() < deadline:
        time.sleep(0.03)
    process.send_signal(signal.SIGKILL)
    process.wait()
    other_connection.rollback()
    assert (balances()["hold"], balances().get("creator_payable", 0)) == (55_000, 0)
    assert settle().wait(60) == 0
    assert_settled_once(cast)


def test_a_settlement_killed_after_commit_is_not_done_again(cast: Cast) -> None:
    published(cast)
    assert settle("die").wait(60) == -signal.SIGKILL
    assert_settled_once(cast)
    assert settle().wait(60) == 0
    assert_settled_once(cast)
