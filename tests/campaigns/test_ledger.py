"""Books that are right whatever is asked of them."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import DomainError
from campaigns.ledger import (
    InsufficientFunds,
    Leg,
    OperationIdReused,
    UnusableLegs,
    account_of,
    check_books,
    list_postings,
    post_operation,
)
from campaigns.models import LedgerAccount, Operation, Posting
from tests.cast import Cast

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Kind = LedgerAccount.Kind


def deposit(cast: Cast, amount: int, operation_id: str = "deposit:1") -> Operation:
    wallet = account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand)
    return post_operation(
        operation_id=operation_id,
        kind="deposit",
        legs=[Leg(account_of(Kind.EXTERNAL, "EUR"), -amount), Leg(wallet, amount)],
        actor=cast.brand_owner,
        now=NOW,
    )


def pay(cast: Cast, amount: int, operation_id: str = "pay:1") -> Operation:
    wallet = account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand)
    payable = account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator)
    return post_operation(
        operation_id=operation_id,
        kind="pay",
        legs=[Leg(wallet, -amount), Leg(payable, amount)],
        actor=None,
        now=NOW,
    )


def wallet_balance(cast: Cast) -> int:
    return LedgerAccount.objects.get(kind=Kind.BRAND_WALLET, brand=cast.brand).balance_minor


@pytest.mark.django_db
class TestPosting:
    def test_it_moves_balances_and_says_who_asked(self, cast: Cast) -> None:
        operation = deposit(cast, 5_000)
        assert wallet_balance(cast) == 5_000
        assert account_of(Kind.EXTERNAL, "EUR").balance_minor == -5_000
        assert (operation.actor, operation.at) == (cast.brand_owner, NOW)
        assert check_books().is_right

    def test_the_same_operation_again_moves_nothing(self, cast: Cast) -> None:
        assert deposit(cast, 5_000) == deposit(cast, 5_000)
        assert wallet_balance(cast) == 5_000
        assert Posting.objects.count() == 2

    def test_an_id_used_for_other_legs_is_refused(self, cast: Cast) -> None:
        deposit(cast, 5_000)
        with pytest.raises(OperationIdReused):
            deposit(cast, 6_000)
        assert wallet_balance(cast) == 5_000

    def test_a_wallet_cannot_be_overdrawn(self, cast: Cast) -> None:
        deposit(cast, 5_000)
        with pytest.raises(InsufficientFunds) as refused, transaction.atomic():
            pay(cast, 5_001)
        assert refused.value.details == {
            "available_minor": 5_000,
            "needed_minor": 5_001,
            "currency": "EUR",
        }
        assert Operation.objects.count() == 1

    def test_a_creator_can_owe_what_was_clawed_back(self, cast: Cast) -> None:
        payable = account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator)
        external = account_of(Kind.EXTERNAL, "EUR")
        post_operation(
            operation_id="clawback:1",
            kind="clawback",
            legs=[Leg(payable, -300), Leg(external, 300)],
            actor=None,
            now=NOW,
        )
        payable.refresh_from_db()
        assert payable.balance_minor == -300

    @pytest.mark.parametrize(
        "amounts", [(), (5,), (5, -4), (0, 0), (10**15, -(10**15)), (1.5, -1.5)]
    )
    def test_unusable_legs_are_refused_and_leave_nothing(
        self, cast: Cast, amounts: tuple[int, ...]
    ) -> None:
        accounts = [
            account_of(Kind.EXTERNAL, "EUR"),
            account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand),
        ]
        legs = [Leg(account, amount) for account, amount in zip(accounts, amounts, strict=False)]
        with pytest.raises(UnusableLegs):
            post_operation(operation_id="x", kind="x", legs=legs, actor=None, now=NOW)
        assert not Operation.objects.exists()

    def test_every_currency_sums_to_zero_by_itself(self, cast: Cast) -> None:
        legs = [
            Leg(account_of(Kind.EXTERNAL, "EUR"), -5),
            Leg(account_of(Kind.BRAND_WALLET, "USD", brand=cast.brand), 5),
        ]
        with pytest.raises(UnusableLegs, match="off by"):
            post_operation(operation_id="x", kind="x", legs=legs, actor=None, now=NOW)

    def test_a_statement_lists_the_newest_first(self, cast: Cast) -> None:
        deposit(cast, 5_000)
        pay(cast, 1_000)
        wallet = LedgerAccount.objects.get(kind=Kind.BRAND_WALLET)
        assert [posting.amount_minor for posting in list_postings(wallet)] == [-1_000, 5_000]


RAW = {
    "an update of a posting": "UPDATE campaigns_posting SET amount_minor = amount_minor + 1",
    "a delete of a posting": "DELETE FROM campaigns_posting",
    "an update of an operation": "UPDATE campaigns_operation SET kind = 'gift'",
    "a delete of an operation": "DELETE FROM campaigns_operation",
    "a balance without a posting": "UPDATE campaigns_ledgeraccount SET balance_minor = 9",
    "another currency": "UPDATE campaigns_ledgeraccount SET currency = 'USD'",
    "a delete of an account": "DELETE FROM campaigns_ledgeraccount",
    "a new account with money": (
        "INSERT INTO campaigns_ledgeraccount (kind, currency, balance_minor, created_at)"
        " VALUES ('tax', 'EUR', 9, now())"
    ),
    "one leg more": (
        "INSERT INTO campaigns_posting (operation_id, account_id, amount_minor)"
        " SELECT min(operation_id), min(account_id), 5 FROM campaigns_posting"
    ),
    "two balanced legs more": (
        "INSERT INTO campaigns_posting (operation_id, account_id, amount_minor)"
        " SELECT operation_id, account_id, amount_minor FROM campaigns_posting"
    ),
    "an operation without legs": (
        "INSERT INTO campaigns_operation"
        " (operation_id, kind, description, fingerprint, postings_count, at)"
        " VALUES ('none', 'x', '', 'x', 2, now())"
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", RAW)
def test_the_database_refuses(cast: Cast, what: str) -> None:
    deposit(cast, 5_000)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{RAW[what]}; SET CONSTRAINTS ALL IMMEDIATE")
    assert check_books().is_right
    assert wallet_balance(cast) == 5_000


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "pay", "return"]),
        st.integers(min_value=-10, max_value=2_000),
        st.integers(min_value=1, max_value=6),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_books_stay_right_whatever_is_tried(cast: Cast, moves: list[tuple[str, int, int]]) -> None:
    """Against a dictionary of what each id was first used for."""
    wallet = account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand)
    payable = account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator)
    external = account_of(Kind.EXTERNAL, "EUR")
    pairs = {"deposit": (external, wallet), "pay": (wallet, payable), "return": (payable, wallet)}
    point = transaction.savepoint()
    done: dict[str, tuple[str, int]] = {}
    model = {wallet.pk: 0, payable.pk: 0, external.pk: 0}
    for kind, amount, number in moves:
        giver, taker = pairs[kind]
        operation_id = f"op:{number}"
        with suppress(DomainError), transaction.atomic():
            post_operation(
                operation_id=operation_id,
                kind=kind,
                legs=[Leg(giver, -amount), Leg(taker, amount)],
                actor=None,
                now=NOW,
            )
            if operation_id not in done:
                done[operation_id] = (kind, amount)
                model[giver.pk] -= amount
                model[taker.pk] += amount
            assert done[operation_id] == (kind, amount)
    balances = dict(LedgerAccount.objects.filter(pk__in=model).values_list("pk", "balance_minor"))
    assert balances == model
    assert balances[wallet.pk] >= 0
    assert check_books().is_right
    transaction.savepoint_rollback(point)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def run(self, jobs: list[object]) -> list[object]:
        results: list[object] = []
        start = threading.Barrier(len(jobs))

        def work(job: object) -> None:
            start.wait()
            try:
                results.append(job())  # type: ignore[operator]
            except DomainError as error:
                results.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def test_fifty_identical_requests_have_one_effect_and_one_answer(self, cast: Cast) -> None:
        results = self.run([lambda: deposit(cast, 700).pk] * 50)
        assert len(set(results)) == 1
        assert wallet_balance(cast) == 700
        assert check_books().is_right

    def test_forty_who_spend_the_same_money_find_one_winner(self, cast: Cast) -> None:
        deposit(cast, 1_000)
        jobs = [lambda n=n: pay(cast, 900, f"pay:{n}").pk for n in range(40)]
        results = self.run(jobs)
        assert sum(isinstance(result, int) for result in results) == 1
        assert sum(isinstance(result, InsufficientFunds) for result in results) == 39
        assert wallet_balance(cast) == 100
        assert check_books().is_right
