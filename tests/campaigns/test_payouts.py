"""Creators are paid what they are owed, once, and what is taken back is made up for."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import DomainError
from accounts.models import Creator
from campaigns import books, delivering
from campaigns.ledger import Leg, OperationIdReused, account_of, post_operation
from campaigns.models import Collaboration, LedgerAccount, Payment
from campaigns.moving import move
from campaigns.payment_states import AttemptStatus
from campaigns.payments import payouts
from campaigns.payments.asking import (
    AmountRefused,
    BankAccountMissing,
    CurrencyRefused,
    IdempotencyKeyReused,
    ReasonRefused,
)
from campaigns.payments.clawing_back import NotPaid, ShareRefused, claw_back, split_hold
from campaigns.payments.payouts import NotInThisPaymentState, NotOwedThatMuch
from campaigns.payments.sweeping import sweep_payments
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import balances, draft, piece, publish, start_work
from tests.campaigns.test_payments import state, tell
from tests.cast import Cast

Kind = LedgerAccount.Kind
ACCEPTED, SUCCEEDED, FAILED, RETURNED = (
    AttemptStatus.ACCEPTED, AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.RETURNED,
)  # fmt: skip


def owe(cast: Cast, amount: int, operation_id: str = "owe:1") -> None:
    post_operation(
        operation_id=operation_id, kind="owe", actor=None, now=NOW,
        legs=[
            Leg(account_of(Kind.EXTERNAL, "EUR"), -amount),
            Leg(account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator), amount),
        ],
    )  # fmt: skip


def ask(cast: Cast, amount: int = 4_000, **fields: object) -> Payment:
    given = {
        "creator": cast.creator, "amount_minor": amount, "currency": "EUR", "provider": "fake",
        "bank_account": "fake:never", "idempotency_key": "one", "actor": cast.creator_user,
        "now": NOW, **fields,
    }  # fmt: skip
    return payouts.request_payout(**given)  # type: ignore[arg-type]


def submitted(cast: Cast, **fields: object) -> Payment:
    return payouts.submit_payout(payment=ask(cast, **fields), now=NOW)


def payable(cast: Cast) -> int:
    return account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator).balance_minor


def suspend(cast: Cast, status: str = Creator.Status.SUSPENDED) -> None:
    Creator.objects.filter(pk=cast.creator.pk).update(status=status)
    for user in cast.everybody().values():
        user.refresh_from_db()


@pytest.fixture(autouse=True)
def _books_are_right_after_each(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "cast" in request.fixturenames:
        assert books.run_check(now=NOW).wrong == {}


@pytest.mark.django_db
class TestPayouts:
    def test_from_asked_to_paid(self, cast: Cast) -> None:
        owe(cast, 10_000)
        payment = ask(cast, bank_account="DE02 1203 0000 0000 2020 51")
        assert (payment.state, payment.review_reasons, payable(cast)) == ("ready", [], 10_000)
        sweep_payments(now=NOW)
        assert (state(payment), payable(cast)) == ("paid", 6_000)

    @pytest.mark.parametrize(
        ("scenario", "after", "left"),
        [
            ("pays", "paid", 6_000),
            ("fails", "failed", 10_000),
            ("fails_later", "failed", 10_000),
            ("returns", "returned", 10_000),
            ("out_of_order", "returned", 10_000),
            ("answers_twice", "paid", 6_000),
            ("times_out_after", "paid", 6_000),
            ("unreachable", "paid", 6_000),
            ("late", "paid", 6_000),
            ("never", "submitted", 6_000),
        ],
    )
    def test_whatever_the_provider_does_the_money_is_in_one_place(
        self, cast: Cast, scenario: str, after: str, left: int
    ) -> None:
        owe(cast, 10_000)
        payment = ask(cast, bank_account=f"fake:{scenario}")
        for day in range(5):
            sweep_payments(now=NOW + timedelta(days=day))
            assert books.run_check(now=NOW).wrong == {}
        assert (state(payment), payable(cast)) == (after, left)

    def test_a_payout_on_its_way_too_long_is_reported(self, cast: Cast) -> None:
        owe(cast, 10_000)
        payment = submitted(cast)
        found = books.run_check(now=NOW + timedelta(days=5)).late
        assert found == {"payouts_submitted_too_long": [str(payment.pk)]}

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"amount_minor": 0}, AmountRefused),
            ({"amount_minor": -1}, AmountRefused),
            ({"amount_minor": 999}, AmountRefused),
            ({"amount_minor": 10**15}, AmountRefused),
            ({"amount_minor": 10_001}, NotOwedThatMuch),
            ({"currency": "USD"}, NotOwedThatMuch),
            ({"currency": "EURO"}, CurrencyRefused),
            ({"bank_account": ""}, BankAccountMissing),
            ({"bank_account": "a\0b"}, BankAccountMissing),
        ],
    )
    def test_bad_requests_leave_nothing(
        self, cast: Cast, fields: dict[str, object], error: type[DomainError]
    ) -> None:
        owe(cast, 10_000)
        with pytest.raises(error):
            ask(cast, **fields)
        assert not Payment.objects.exists()
        assert payable(cast) == 10_000

    def test_the_same_key_is_the_same_payout(self, cast: Cast) -> None:
        owe(cast, 4_000)
        first = submitted(cast)
        assert ask(cast) == first
        with pytest.raises(IdempotencyKeyReused):
            ask(cast, 1_000)
        assert payable(cast) == 0

    def test_what_is_promised_is_not_promised_twice(self, cast: Cast) -> None:
        owe(cast, 5_000)
        first = ask(cast)
        with pytest.raises(NotOwedThatMuch):
            ask(cast, idempotency_key="two")
        payouts.cancel_payout(payment=first, actor=cast.creator_user, now=NOW)
        assert ask(cast, idempotency_key="two").state == "ready"

    def test_one_that_was_sent_cannot_be_cancelled(self, cast: Cast) -> None:
        owe(cast, 5_000)
        payment = submitted(cast)
        with pytest.raises(NotInThisPaymentState):
            payouts.cancel_payout(payment=payment, actor=cast.creator_user, now=NOW)


@pytest.mark.django_db
class TestReview:
    @pytest.mark.parametrize("status", ["suspended", "closed"])
    def test_a_suspended_creator_is_held_until_a_person_lets_it_go(
        self, cast: Cast, status: str
    ) -> None:
        owe(cast, 10_000)
        suspend(cast, status)
        payment = ask(cast, bank_account="fake:pays")
        assert payment.state == "in_review"
        assert status in payment.review_reasons[0]
        sweep_payments(now=NOW)
        assert (state(payment), payable(cast)) == ("in_review", 10_000)
        with pytest.raises(ReasonRefused):
            payouts.release_payout(payment=payment, actor=cast.moderator, now=NOW, reason=" ")
        payouts.release_payout(
            payment=payment, actor=cast.moderator, now=NOW, reason="Earned before."
        )
        sweep_payments(now=NOW)
        assert (state(payment), payable(cast)) == ("paid", 6_000)

    def test_one_suspended_after_asking_is_held_before_sending(self, cast: Cast) -> None:
        owe(cast, 10_000)
        payment = ask(cast)
        suspend(cast)
        sweep_payments(now=NOW)
        assert (state(payment), payable(cast)) == ("in_review", 10_000)

    def test_a_refused_payout_stays_owed_and_says_why(self, cast: Cast) -> None:
        owe(cast, 10_000)
        suspend(cast)
        payment = ask(cast)
        refused = payouts.refuse_payout(
            payment=payment, actor=cast.moderator, now=NOW, reason="Bought followers."
        )
        assert (refused.state, refused.refusal) == ("refused", "Bought followers.")
        assert payable(cast) == 10_000
        with pytest.raises(NotInThisPaymentState):
            payouts.release_payout(payment=payment, actor=cast.moderator, now=NOW, reason="No.")

    def test_a_large_one_is_looked_at(self, cast: Cast) -> None:
        owe(cast, 2_000_000)
        assert "€10,000" in ask(cast, 1_000_000).review_reasons[0]
        assert ask(cast, 999_999, idempotency_key="two").state == "ready"


@pytest.mark.django_db
class TestRetrying:
    def test_a_failed_one_is_tried_again_as_a_new_attempt(self, cast: Cast) -> None:
        owe(cast, 10_000)
        payment = submitted(cast)
        tell(payment, FAILED, message="The account is closed.")
        assert (state(payment), payment.refusal) == ("failed", "The account is closed.")
        payouts.retry_payment(payment=payment, actor=cast.moderator, now=NOW, reason="Open again.")
        assert payouts.submit_payout(payment=payment, now=NOW).state == "submitted"
        assert [one.key for one in payment.attempts.all()] == [
            f"payout:{payment.pk}:1", f"payout:{payment.pk}:2",
        ]  # fmt: skip
        assert payable(cast) == 6_000
        # Late news about the first attempt does not touch the second.
        assert tell(payment, RETURNED) == "applied"
        assert (state(payment), payable(cast)) == ("submitted", 6_000)

    def test_only_what_ended_is_tried_again(self, cast: Cast) -> None:
        owe(cast, 10_000)
        payment = submitted(cast)
        with pytest.raises(NotInThisPaymentState):
            payouts.retry_payment(payment=payment, actor=cast.moderator, now=NOW, reason="Again.")

    def test_not_for_more_than_is_owed_by_then(self, cast: Cast) -> None:
        owe(cast, 4_000)
        payment = submitted(cast)
        tell(payment, FAILED)
        submitted(cast, idempotency_key="two")
        with pytest.raises(NotOwedThatMuch):
            payouts.retry_payment(payment=payment, actor=cast.moderator, now=NOW, reason="Again.")


_numbers = count()


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    reports=st.lists(
        st.tuples(st.sampled_from([ACCEPTED, SUCCEEDED, FAILED, RETURNED]), st.integers(0, 2)),
        max_size=8,
    ),
)
def test_after_every_report_the_money_is_out_or_back_and_never_both(
    cast: Cast, reports: list[tuple[AttemptStatus, int]]
) -> None:
    key = f"{next(_numbers)}"
    owe(cast, 4_000, f"owe:{key}")
    before = payable(cast)
    payment = submitted(cast, idempotency_key=key)
    for number, (status, copy) in enumerate(reports, start=1):
        tell(payment, status, f"{payment.pk}/{status}/{copy}")
        undone = any(told in (FAILED, RETURNED) for told, _ in reports[:number])
        assert payable(cast) == before - (0 if undone else 4_000)


def settled(cast: Cast, *prices: int) -> Collaboration:
    """A collaboration whose first piece was paid."""
    collaboration = start_work(cast, *prices)
    one = piece(collaboration)
    draft(cast, one)
    delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
    publish(cast, one)
    delivering.verify(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
    return collaboration


def take(cast: Cast, collaboration: Collaboration, amount: int = 50_000, **fields: object) -> None:
    given = {
        "deliverable": piece(collaboration), "amount_minor": amount, "reason": "Taken down.",
        "actor": cast.moderator, "now": NOW, **fields,
    }  # fmt: skip
    claw_back(**given)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestClawingBack:
    def test_the_brand_has_price_and_fee_again_and_both_sides_read_why(self, cast: Cast) -> None:
        collaboration = settled(cast, 50_000)
        for _ in range(2):
            take(cast, collaboration)
        found = balances()
        assert (found["creator_payable"], found["platform_fee"]) == (0, 0)
        assert found["brand_wallet"] == 200_000
        event = collaboration.events.get(name="claw_back")
        assert (event.reason, event.data["amount_minor"]) == ("Taken down.", 50_000)

    def test_after_the_payout_it_is_owed_and_later_pay_makes_up_for_it(self, cast: Cast) -> None:
        collaboration = settled(cast, 50_000)
        submitted(cast, amount_minor=50_000)
        take(cast, collaboration, 30_000)
        assert payable(cast) == -30_000
        owe(cast, 50_000)
        assert payable(cast) == 20_000
        with pytest.raises(NotOwedThatMuch):
            ask(cast, 20_001, idempotency_key="two")

    def test_a_payout_that_is_ready_is_held_when_less_is_owed(self, cast: Cast) -> None:
        collaboration = settled(cast, 50_000)
        payment = ask(cast, 50_000)
        take(cast, collaboration)
        sweep_payments(now=NOW)
        assert state(payment) == "in_review"
        assert payment.review_reasons == ["Less is owed now than when it was asked for."]

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"amount_minor": 0}, AmountRefused),
            ({"amount_minor": -1}, AmountRefused),
            ({"amount_minor": 50_001}, AmountRefused),
            ({"reason": " "}, ReasonRefused),
        ],
    )
    def test_refusals(
        self, cast: Cast, fields: dict[str, object], error: type[DomainError]
    ) -> None:
        collaboration = settled(cast, 50_000)
        with pytest.raises(error):
            take(cast, collaboration, **fields)
        assert payable(cast) == 50_000

    def test_once_per_piece_and_only_after_it_was_paid(self, cast: Cast) -> None:
        collaboration = settled(cast, 50_000, 30_000)
        take(cast, collaboration, 10_000)
        with pytest.raises(OperationIdReused):
            take(cast, collaboration, 20_000)
        with pytest.raises(NotPaid):
            take(cast, collaboration, deliverable=piece(collaboration, 2))
        assert payable(cast) == 40_000


@pytest.mark.django_db
class TestSplitting:
    def split(self, cast: Cast, collaboration: Collaboration, *parts: int) -> None:
        split_hold(
            collaboration=collaboration, creator_minor=parts[0], fee_minor=parts[1],
            brand_minor=parts[2], reason="Half of it was made.", actor=cast.moderator, now=NOW,
        )  # fmt: skip

    def test_all_that_is_set_aside_is_divided(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        move(
            collaboration, "dispute", side=Side.BRAND, actor=cast.brand_owner, now=NOW,
            reason="Not as agreed.",
        )  # fmt: skip
        for parts in ((1, 1, 1), (55_001, 0, -1), (27_500.0, 0, 27_500)):
            with pytest.raises(ShareRefused):
                self.split(cast, collaboration, *parts)  # type: ignore[arg-type]
        self.split(cast, collaboration, 25_000, 2_500, 27_500)
        found = balances()
        assert (found["creator_payable"], found["platform_fee"], found["hold"]) == (
            25_000,
            2_500,
            0,
        )
        assert collaboration.events.get(name="split").reason == "Half of it was made."

    def test_only_in_a_dispute(self, cast: Cast) -> None:
        with pytest.raises(NotPaid):
            self.split(cast, start_work(cast, 50_000), 0, 0, 55_000)


@pytest.mark.django_db(transaction=True)
def test_twenty_payouts_at_once_take_what_is_owed_once(cast: Cast) -> None:
    owe(cast, 10_000)
    creator = cast.creator
    asked: list[Payment] = []

    def one(number: int) -> None:
        try:
            asked.append(ask(cast, 4_000, idempotency_key=f"k{number}", creator=creator))
        except NotOwedThatMuch:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 2
    sweepers = [threading.Thread(target=_sweep) for _ in range(4)]
    for thread in sweepers:
        thread.start()
    for thread in sweepers:
        thread.join()
    assert payable(cast) == 2_000


def _sweep() -> None:
    try:
        sweep_payments(now=NOW)
    finally:
        connection.close()
