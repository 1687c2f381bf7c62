"""Money that comes in, goes back, is reported late, twice and in any order."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import DomainError, Forbidden, NotFound
from accounts.models import AuditEntry, Membership, User
from campaigns import books
from campaigns.ledger import InsufficientFunds, Leg, account_of, post_operation
from campaigns.models import (
    BooksCheck,
    FakeTransfer,
    LedgerAccount,
    Operation,
    Payment,
    ProviderEvent,
)
from campaigns.payment_states import AttemptStatus, PaymentKind
from campaigns.payments import access
from campaigns.payments.asking import (
    AmountRefused,
    BankAccountMissing,
    CurrencyRefused,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
)
from campaigns.payments.depositing import request_deposit, request_withdrawal
from campaigns.payments.desk import OwnPayment
from campaigns.payments.marking import ReferenceMissing, mark_payment
from campaigns.payments.payouts import NotInThisPaymentState
from campaigns.payments.provider_events import EventIdReused, receive_event
from campaigns.payments.providers import UnknownProvider, fake
from campaigns.payments.providers.base import EventNotVerified, Report, SignedBody
from campaigns.payments.providers.manual import ManualProvider
from campaigns.payments.sweeping import sweep_payments
from tests.cast import Cast

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Kind = LedgerAccount.Kind
SUCCEEDED, FAILED, RETURNED = (
    AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.RETURNED,
)  # fmt: skip


def deposit(cast: Cast, amount: int = 10_000, **fields: object) -> Payment:
    given = {
        "brand": cast.brand, "amount_minor": amount, "currency": "EUR", "provider": "fake",
        "idempotency_key": "one", "actor": cast.brand_owner, "now": NOW, **fields,
    }  # fmt: skip
    return request_deposit(**given)  # type: ignore[arg-type]


def withdraw(cast: Cast, amount: int = 4_000, **fields: object) -> Payment:
    given = {
        "brand": cast.brand, "amount_minor": amount, "currency": "EUR", "provider": "fake",
        "idempotency_key": "one", "actor": cast.brand_owner, "now": NOW,
        "bank_account": "fake:never", **fields,
    }  # fmt: skip
    return request_withdrawal(**given)  # type: ignore[arg-type]


def wallet(cast: Cast) -> int:
    return account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand).balance_minor


def fees() -> int:
    return account_of(Kind.PLATFORM_FEE, "EUR").balance_minor


def state(payment: Payment) -> str:
    payment.refresh_from_db()
    return payment.state


def report(payment: Payment, status: AttemptStatus, event_id: str = "", **fields: object) -> Report:
    attempt = payment.attempts.get(number=1)
    given = Report(
        event_id=event_id or f"{attempt.key}/{status}",
        attempt_key=attempt.key,
        status=status,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        occurred_at=NOW,
    )
    return replace(given, **fields)  # type: ignore[arg-type]


def tell(payment: Payment, status: AttemptStatus, event_id: str = "", **fields: object) -> str:
    told = receive_event(
        provider="fake", signed=fake.signed(report(payment, status, event_id, **fields)), now=NOW
    )
    return told.outcome


def spend(cast: Cast, amount: int, operation_id: str = "spend:1") -> None:
    post_operation(
        operation_id=operation_id, kind="spend", actor=None, now=NOW,
        legs=[
            Leg(account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand), -amount),
            Leg(account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator), amount),
        ],
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _books_are_right_after_each(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "cast" in request.fixturenames:
        assert books.run_check(now=NOW).wrong == {}


@pytest.mark.django_db
class TestDeposits:
    def test_the_wallet_grows_when_the_provider_has_the_money(self, cast: Cast) -> None:
        payment = deposit(cast)
        assert (payment.state, wallet(cast)) == ("requested", 0)
        sweep_payments(now=NOW)
        assert (state(payment), wallet(cast)) == ("received", 10_000)
        verbs = AuditEntry.objects.filter(verb__startswith="deposit.").order_by("pk")
        assert [entry.verb for entry in verbs] == [
            "deposit.requested", "deposit.submitted", "deposit.received",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("scenario", "after", "balance"),
        [
            ("pays_at_once", "received", 10_000),
            ("fails", "failed", 0),
            ("fails_later", "failed", 0),
            ("answers_twice", "received", 10_000),
            ("out_of_order", "returned", 0),
            ("never", "submitted", 0),
            ("unreachable", "requested", 0),
            ("times_out_after", "received", 10_000),
            ("late", "submitted", 0),
        ],
    )
    def test_each_thing_a_provider_may_do(
        self, cast: Cast, scenario: str, after: str, balance: int
    ) -> None:
        payment = deposit(cast, bank_account=f"fake:{scenario}")
        sweep_payments(now=NOW)
        sweep_payments(now=NOW)
        assert (state(payment), wallet(cast)) == (after, balance)

    @pytest.mark.parametrize(
        ("scenario", "after", "balance"),
        [
            ("unreachable", "received", 10_000),
            ("times_out_after", "received", 10_000),
            ("late", "received", 10_000),
            ("returns", "returned", 0),
        ],
    )
    def test_what_was_open_is_asked_again_and_done_once(
        self, cast: Cast, scenario: str, after: str, balance: int
    ) -> None:
        payment = deposit(cast, bank_account=f"fake:{scenario}")
        for day in range(5):
            sweep_payments(now=NOW + timedelta(days=day))
        assert (state(payment), wallet(cast)) == (after, balance)
        assert FakeTransfer.objects.get().effects == 1
        assert FakeTransfer.objects.get().unreported == []

    def test_the_same_key_is_the_same_deposit_and_no_other(self, cast: Cast) -> None:
        assert deposit(cast) == deposit(cast)
        for fields in ({"amount_minor": 9}, {"currency": "USD"}, {"provider": "manual"}):
            with pytest.raises(IdempotencyKeyReused):
                deposit(cast, **fields)
        assert deposit(cast, brand=cast.other_brand).brand == cast.other_brand
        assert Payment.objects.count() == 2

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"amount_minor": 0}, AmountRefused),
            ({"amount_minor": -5}, AmountRefused),
            ({"amount_minor": 10**15}, AmountRefused),
            ({"amount_minor": 1.5}, AmountRefused),
            ({"amount_minor": True}, AmountRefused),
            ({"currency": "XXX"}, CurrencyRefused),
            ({"currency": ""}, CurrencyRefused),
            ({"provider": "paypal"}, UnknownProvider),
            ({"idempotency_key": ""}, IdempotencyKeyMissing),
            ({"idempotency_key": "x" * 81}, IdempotencyKeyMissing),
            ({"idempotency_key": "a\0b"}, IdempotencyKeyMissing),
            ({"bank_account": "x" * 201}, BankAccountMissing),
        ],
    )
    def test_bad_requests_leave_nothing(
        self, cast: Cast, fields: dict[str, object], error: type[DomainError]
    ) -> None:
        with pytest.raises(error):
            deposit(cast, **fields)
        assert not Payment.objects.exists()

    def test_money_that_came_back_after_it_was_spent_is_made_good_by_the_next(
        self, cast: Cast
    ) -> None:
        payment = deposit(cast)
        sweep_payments(now=NOW)
        spend(cast, 7_000)
        tell(payment, RETURNED)
        assert (state(payment), wallet(cast), fees()) == ("returned", 0, -7_000)
        assert payment.shortfall_minor == 7_000
        assert books.run_check(now=NOW).late["shortfalls"] == [str(payment.pk)]
        deposit(cast, 5_000, idempotency_key="two")
        sweep_payments(now=NOW)
        assert (wallet(cast), fees()) == (0, -2_000)
        deposit(cast, 5_000, idempotency_key="three")
        sweep_payments(now=NOW)
        assert (wallet(cast), fees()) == (3_000, 0)
        assert state(payment) == "returned"
        assert payment.shortfall_minor == 0


@pytest.mark.django_db
class TestWithdrawals:
    def test_it_leaves_the_wallet_at_once_and_comes_back_if_it_fails(self, cast: Cast) -> None:
        deposit(cast)
        sweep_payments(now=NOW)
        payment = withdraw(cast)
        assert (payment.state, wallet(cast)) == ("submitted", 6_000)
        tell(payment, SUCCEEDED)
        assert (state(payment), wallet(cast)) == ("paid", 6_000)
        tell(payment, RETURNED)
        assert (state(payment), wallet(cast)) == ("returned", 10_000)

    def test_more_than_the_wallet_is_refused(self, cast: Cast) -> None:
        with pytest.raises(InsufficientFunds):
            withdraw(cast)
        assert not Payment.objects.exists()

    def test_it_needs_somewhere_to_go(self, cast: Cast) -> None:
        with pytest.raises(BankAccountMissing):
            withdraw(cast, bank_account=" ")


@pytest.mark.django_db
class TestEvents:
    def test_one_event_is_stored_and_applied_once(self, cast: Cast) -> None:
        payment = deposit(cast)
        assert [tell(payment, SUCCEEDED) for _ in range(3)] == ["applied"] * 3
        assert (ProviderEvent.objects.count(), wallet(cast)) == (1, 10_000)
        assert tell(payment, SUCCEEDED, "another id") == "no_change"
        assert wallet(cast) == 10_000

    def test_an_event_before_our_own_answer_counts(self, cast: Cast) -> None:
        payment = deposit(cast)
        tell(payment, SUCCEEDED)
        sweep_payments(now=NOW)
        assert (state(payment), wallet(cast)) == ("received", 10_000)

    def test_forged_and_broken_events_are_refused(self, cast: Cast) -> None:
        payment = deposit(cast)
        genuine = fake.signed(report(payment, SUCCEEDED))
        broken = [
            SignedBody(genuine.body, "0" * 64),
            SignedBody(genuine.body.replace(b"10000", b"99999"), genuine.signature),
            *(SignedBody(body, fake.sign(body)) for body in (b"", b"[]", b"{}", b"\xff")),
            fake.signed(report(payment, SUCCEEDED, "x" * 121)),
            fake.signed(report(payment, SUCCEEDED, amount_minor=10**30)),
            fake.signed(report(payment, SUCCEEDED, amount_minor="10000")),
            fake.signed(report(payment, SUCCEEDED, reference=None)),
            fake.signed(report(payment, SUCCEEDED, message="a\0b")),
            fake.signed(report(payment, AttemptStatus.INTENDED)),
        ]
        for signed in broken:
            with pytest.raises(EventNotVerified):
                receive_event(provider="fake", signed=signed, now=NOW)
        assert not ProviderEvent.objects.exists()

    def test_nobody_reports_for_the_manual_provider_over_the_wire(self, cast: Cast) -> None:
        payment = deposit(cast, provider="manual")
        with pytest.raises(EventNotVerified):
            receive_event(
                provider="manual", signed=fake.signed(report(payment, SUCCEEDED)), now=NOW
            )

    def test_an_id_used_for_something_else_is_refused(self, cast: Cast) -> None:
        payment = deposit(cast)
        tell(payment, SUCCEEDED, "e1")
        with pytest.raises(EventIdReused):
            tell(payment, RETURNED, "e1")
        assert state(payment) == "received"

    def test_another_amount_moves_nothing_and_is_reported(self, cast: Cast) -> None:
        payment = deposit(cast)
        assert tell(payment, SUCCEEDED, amount_minor=9_000) == "mismatched"
        assert (state(payment), wallet(cast)) == ("requested", 0)
        assert books.run_check(now=NOW).late["events_that_fit_no_payment"]

    def test_an_event_of_another_provider_cannot_touch_it(self, cast: Cast) -> None:
        payment = deposit(cast, provider="manual")
        assert tell(payment, SUCCEEDED) == "unmatched"
        assert (state(payment), wallet(cast)) == ("requested", 0)

    def test_a_contradiction_is_reported(self, cast: Cast) -> None:
        payment = deposit(cast)
        tell(payment, FAILED)
        tell(payment, SUCCEEDED, occurred_at=NOW + timedelta(days=1))
        assert (state(payment), wallet(cast)) == ("failed", 0)
        assert books.run_check(now=NOW).late["events_that_contradict"]


@pytest.mark.django_db
class TestManual:
    def test_a_person_marks_it_with_a_reference(self, cast: Cast) -> None:
        payment = deposit(cast, provider="manual")
        sweep_payments(now=NOW)
        assert state(payment) == "submitted"
        assert payment.attempts.get().key in payment.attempts.get().message
        for _ in range(2):
            mark_payment(
                payment=payment, status=SUCCEEDED, reference="B-17", actor=cast.moderator, now=NOW
            )
        assert (state(payment), wallet(cast)) == ("received", 10_000)
        assert payment.attempts.get().reference == "B-17"
        assert ProviderEvent.objects.get().reported_by == cast.moderator
        assert AuditEntry.objects.get(verb="deposit.received").actor == cast.moderator

    def test_refusals(self, cast: Cast) -> None:
        ours, other = deposit(cast, provider="manual"), deposit(cast, idempotency_key="two")
        for payment, reference, actor, error in (
            (ours, " ", cast.moderator, ReferenceMissing),
            (ours, "B-17", cast.brand_owner, OwnPayment),
            (ours, "B-17", cast.brand_viewer, OwnPayment),
            (other, "B-17", cast.moderator, NotInThisPaymentState),
        ):
            with pytest.raises(error):
                mark_payment(
                    payment=payment, status=SUCCEEDED, reference=reference, actor=actor, now=NOW
                )
        assert wallet(cast) == 0


@pytest.mark.django_db
class TestAccess:
    def test_who_keeps_a_brands_money(self, cast: Cast) -> None:
        assert access.treasury_of(cast.brand_owner, cast.brand.pk) == cast.brand
        with pytest.raises(Forbidden):
            access.treasury_of(cast.brand_viewer, cast.brand.pk)
        for user in (cast.other_owner, cast.creator_user, cast.moderator):
            with pytest.raises(NotFound):
                access.treasury_of(user, cast.brand.pk)
        Membership.objects.filter(user=cast.brand_viewer).update(role="finance")
        assert access.treasury_of(cast.brand_viewer, cast.brand.pk) == cast.brand

    def test_who_sees_a_payment(self, cast: Cast) -> None:
        payment = deposit(cast)
        at_the_desk = User.objects.create_user("desk@example.org", is_staff=True)
        at_the_desk.user_permissions.add(Permission.objects.get(codename="view_payment"))
        for user in (cast.brand_owner, at_the_desk):
            assert access.payment_for(user, payment.pk) == payment
        for user in (cast.brand_viewer, cast.other_owner, cast.creator_user, cast.moderator):
            with pytest.raises(NotFound):
                access.payment_for(user, payment.pk)
        with pytest.raises(Forbidden):
            access.payment_for_desk(cast.brand_owner, payment.pk)

    def test_only_the_creator_earns(self, cast: Cast) -> None:
        assert access.earner_for(cast.creator_user, cast.creator.pk) == cast.creator
        for user in (cast.other_creator_user, cast.brand_owner, cast.moderator):
            with pytest.raises(NotFound):
                access.earner_for(user, cast.creator.pk)


RAW = {
    "received without being submitted to the rules": (
        "INSERT INTO campaigns_payment (kind, brand_id, amount_minor, currency, provider,"
        " bank_account, idempotency_key, state, review_reasons, refusal, shortfall_minor,"
        " created_at, updated_at) SELECT kind, brand_id, 5, currency, provider, '', 'x',"
        " 'received', '{}', '', 0, now(), now() FROM campaigns_payment"
    ),
    "a state of another kind": "UPDATE campaigns_payment SET state = 'paid'",
    "an unknown state": "UPDATE campaigns_payment SET state = 'gone'",
    "another amount": "UPDATE campaigns_payment SET amount_minor = 1",
    "a delete": "DELETE FROM campaigns_payment",
    "an attempt that sinks": "UPDATE campaigns_paymentattempt SET status = 'intended'",
    "an attempt of another key": "UPDATE campaigns_paymentattempt SET key = 'x'",
    "a delete of an attempt": "DELETE FROM campaigns_paymentattempt",
    "another event": "UPDATE campaigns_providerevent SET amount_minor = 1",
    "a delete of an event": "DELETE FROM campaigns_providerevent",
}


@pytest.mark.django_db
@pytest.mark.parametrize("sql", RAW.values(), ids=list(RAW))
def test_the_database_refuses(cast: Cast, sql: str) -> None:
    payment = deposit(cast)
    tell(payment, SUCCEEDED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_fifty_identical_requests_at_once_are_one_deposit(cast: Cast) -> None:
    found: list[tuple[int, int]] = []

    def ask() -> None:
        try:
            payment = deposit(cast)
            found.append((payment.pk, payment.amount_minor))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 50
    assert len(set(found)) == 1
    sweep_payments(now=NOW)
    assert wallet(cast) == 10_000
    assert Operation.objects.filter(kind="deposit").count() == 1


_numbers = count()
REPORTS = st.lists(
    st.tuples(
        st.sampled_from([AttemptStatus.ACCEPTED, SUCCEEDED, FAILED, RETURNED]), st.integers(0, 2)
    ),
    min_size=1,
    max_size=7,
)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(reports=REPORTS, data=st.data(), kind=st.sampled_from(["deposit", "withdrawal"]))
def test_every_order_and_repetition_of_reports_ends_in_the_same_books(
    cast: Cast, reports: list[tuple[AttemptStatus, int]], data: st.DataObject, kind: str
) -> None:
    orders = [reports, data.draw(st.permutations(reports + reports[:2]))]
    ends = []
    for order in orders:
        with transaction.atomic():
            tell(deposit(cast, 50_000, idempotency_key=f"base {next(_numbers)}"), SUCCEEDED)
            before = wallet(cast)
            make = deposit if kind == PaymentKind.DEPOSIT else withdraw
            payment = make(cast, 4_000, idempotency_key=f"{next(_numbers)}")
            for status, copy in order:
                tell(payment, status, f"{payment.pk}/{status}/{copy}")
            assert books.run_check(now=NOW).wrong == {}
            ends.append((state(payment), wallet(cast) - before))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]


@pytest.mark.django_db
class TestCheck:
    def test_a_right_check_is_kept_and_printed(
        self, cast: Cast, capsys: pytest.CaptureFixture[str]
    ) -> None:
        deposit(cast)
        sweep_payments(now=NOW)
        call_command("check_books", "--json")
        assert '"is_right": true' in capsys.readouterr().out
        check = BooksCheck.objects.get()
        assert (check.is_right, check.operations, check.wrong) == (True, 1, {})
        with pytest.raises(DatabaseError), transaction.atomic():
            BooksCheck.objects.update(is_right=False)

    @pytest.mark.parametrize("name", ["bookscheck", "payment", "providerevent"])
    def test_the_desk_reads_it_and_changes_nothing(
        self, cast: Cast, client: Client, name: str
    ) -> None:
        deposit(cast)
        sweep_payments(now=NOW)
        books.run_check(now=NOW)
        client.force_login(User.objects.create_superuser("root@example.org"))
        address = reverse(f"admin:campaigns_{name}_changelist")
        assert client.get(address).status_code == 200
        assert client.get(address, {"q": "a"}).status_code == 200
        row = apps.get_model("campaigns", name).objects.get()
        assert (
            client.get(reverse(f"admin:campaigns_{name}_change", args=[row.pk])).status_code == 200
        )
        assert client.get(reverse(f"admin:campaigns_{name}_add")).status_code == 403

    def test_one_provider_that_breaks_hinders_no_other(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("bad client")

        broken = deposit(cast, provider="manual")
        good = deposit(cast, idempotency_key="two")
        monkeypatch.setattr(ManualProvider, "submit_deposit", fail)
        monkeypatch.setattr(ManualProvider, "list_events", fail)
        sweep_payments(now=NOW)
        assert (state(broken), state(good)) == ("requested", "received")

    def test_what_takes_too_long_is_late_but_not_wrong(self, cast: Cast) -> None:
        payment = deposit(cast, bank_account="fake:never")
        sweep_payments(now=NOW)
        check = books.run_check(now=NOW + timedelta(days=14))
        assert check.is_right
        assert check.late == {"deposits_submitted_too_long": [str(payment.pk)]}


@pytest.mark.django_db
def test_a_payment_without_its_posting_makes_the_check_fail(
    db: None, request: pytest.FixtureRequest
) -> None:
    cast: Cast = request.getfixturevalue("cast")
    with transaction.atomic():
        payment = deposit(cast)
        payment.attempts.update(status="succeeded")
        with pytest.raises(CommandError, match="wrong"):
            call_command("check_books")
        check = BooksCheck.objects.get()
        assert check.wrong == {"attempts_against_ledger": [payment.attempts.get().key]}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_event_stored_but_not_taken_is_taken_by_the_sweep(cast: Cast) -> None:
    payment = deposit(cast, bank_account="fake:never")
    event = ProviderEvent.objects.create(
        provider="fake", event_id="e1", attempt_key=payment.attempts.get().key, status=SUCCEEDED,
        amount_minor=10_000, currency="EUR", occurred_at=NOW, received_at=NOW,
    )  # fmt: skip
    sweep_payments(now=NOW)
    event.refresh_from_db()
    assert (event.outcome, wallet(cast)) == ("applied", 10_000)
    assert state(payment) == "received"
