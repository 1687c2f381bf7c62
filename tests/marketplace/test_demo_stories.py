"""What the made-up brands and creators went through, and how it is taken away again."""

import datetime as dt

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from pytest_django import Settings

from accounts.models import Brand, Creator, OutboxDelivery, OutboxEvent, User
from campaigns.books import run_check
from campaigns.horizons import PointState
from campaigns.ledger import Leg, account_of, check_books, post_operation
from campaigns.models import (
    Collaboration,
    CollectionPoint,
    LedgerAccount,
    Observation,
    Operation,
    Payment,
    Posting,
)
from campaigns.states import State
from campaigns.timers import fire_due
from marketplace.demo import cast as demo
from marketplace.demo import seeding
from tests.campaigns.test_contracts_and_work import start_work
from tests.cast import Cast

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def seed(**options: object) -> None:
    seeding.seed_market(**{"creators": 10, "seed": 7, "now": NOW, "with_scores": False, **options})  # type: ignore[arg-type]
    connection.check_constraints()  # what is deferred to the commit


def test_every_part_of_the_work_is_there_and_the_books_are_right() -> None:
    seed()
    creator = User.objects.get(email=demo.CREATOR).creator
    states = set(creator.collaborations.values_list("state", flat=True))
    assert states == {State.INVITED, State.NEGOTIATING, State.ACTIVE, State.COMPLETED, State.CLOSED}
    everywhere = set(Collaboration.objects.values_list("state", flat=True))
    assert everywhere >= {
        State.APPLIED, State.SIGNED, State.DISPUTED, State.CANCELLED, State.DECLINED,
    }  # fmt: skip
    assert set(Payment.objects.values_list("state", flat=True)) == {"received", "paid", "returned"}
    seen = CollectionPoint.objects.values_list("state", flat=True)
    assert set(seen) <= {PointState.COLLECTED, PointState.DUE}
    assert seen.filter(state=PointState.COLLECTED).count() > 50
    assert set(Observation.objects.values_list("provenance", flat=True)) == {"simulated"}
    check = run_check(now=NOW)
    assert check.is_right
    assert check.late == {}
    assert fire_due(now=NOW).fired == 0
    assert OutboxEvent.objects.exists()
    assert not OutboxEvent.objects.filter(spread_at=None).exists()
    assert not OutboxDelivery.objects.exists()


def test_a_taken_moderators_address_leaves_a_market_without_stories() -> None:
    User.objects.create(email=demo.MODERATOR, password=make_password(None))
    seed()
    assert not Collaboration.objects.exists()


def test_removing_leaves_the_books_of_everybody_else(cast: Cast) -> None:
    """A brand that is not made up works with a creator who is, and with one who is not."""
    start_work(cast, 50_000)  # 200,000 deposited, 55,000 set aside
    seed()
    made_up = Creator.objects.filter(is_simulated=True).exclude(user=None)[0]
    wallet = account_of(LedgerAccount.Kind.BRAND_WALLET, "EUR", brand=cast.brand)
    payable = account_of(LedgerAccount.Kind.CREATOR_PAYABLE, "EUR", creator=made_up)
    post_operation(
        operation_id="gift", kind="gift", actor=None, now=NOW,
        legs=[Leg(wallet, -10_000), Leg(payable, 10_000)],
    )  # fmt: skip
    connection.check_constraints()
    seeding.remove_market(now=NOW)
    assert check_books().is_right
    assert not Operation.objects.filter(operation_id="gift").exists()
    wallet.refresh_from_db()
    assert wallet.balance_minor == 145_000
    assert Collaboration.objects.get().creator == cast.creator
    assert set(Brand.objects.all()) == {cast.brand, cast.other_brand}
    assert not Payment.objects.exists()
    assert Posting.objects.count() == 4
