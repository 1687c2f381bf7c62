"""What the demo's brands are made to have done: a stated rule, and gone with the market."""

import datetime as dt

import numpy as np
import pytest
from pytest_django import Settings

from accounts.models import Brand, Creator
from marketplace.demo import seeding
from marketplace.demo.interactions import DAYS, LIKINGS, PAGE, SESSIONS
from scoring.interactions.hiding import hidden_creator_ids
from scoring.interactions.log import read_log
from scoring.interactions.recording import Shown, record_list
from scoring.ml.recommending.events import Kind
from scoring.models import InteractionEvent
from tests.cast import Cast

NOW = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def seed(creators: int = 60) -> None:
    seeding.seed_market(creators=creators, seed=7, now=NOW, with_scores=False, with_stories=False)


def rows() -> list[tuple[object, ...]]:
    """Without ids of rows, which no seed decides."""
    names = ("brand__name", "creator__display_name", "kind", "position", "propensity", "at")
    return list(InteractionEvent.objects.order_by("pk").values_list("list_id", *names))


def test_the_events_are_those_of_the_rule() -> None:
    seed()
    assert InteractionEvent.objects.filter(kind="impression").count() == 2 * SESSIONS * PAGE
    log, brand_ids, _ = read_log(until=NOW)
    assert len(brand_ids) == 2
    assert 2_600 < len(log) < 4_500
    days = NOW.timestamp() / 86_400 - log.days
    assert 0 < days.min() < days.max() <= DAYS
    shown = np.bincount(log.positions[log.kinds == Kind.IMPRESSION], minlength=PAGE + 1)[1:]
    opened = np.bincount(log.positions[log.kinds == Kind.CLICK], minlength=PAGE + 1)[1:]
    rates = opened / shown
    assert rates[:3].mean() > 2 * rates[10:].mean()  # position bias
    assert (log.kinds == Kind.CLICK).sum() == (log.kinds == Kind.PROFILE_VIEW).sum()


def test_few_are_hidden_and_nobody_whose_profile_is_claimed() -> None:
    seed()
    claimed = set(Creator.objects.filter(user__isnull=False).values_list("pk", flat=True))
    for brand in Brand.objects.all():
        hidden = hidden_creator_ids(brand)
        assert len(hidden) < 12
        assert not hidden & claimed
    assert len(LIKINGS) == Brand.objects.count()


def test_the_same_seed_gives_the_same_events() -> None:
    seed(12)
    before = rows()
    seeding.remove_market(now=NOW)
    seed(12)
    assert rows() == before


def test_removing_leaves_the_events_of_others(cast: Cast) -> None:
    seed(12)
    simulated = Creator.objects.filter(is_simulated=True).first()
    assert simulated is not None
    shown = [Shown(cast.creator.pk, 1), Shown(simulated.pk, 2)]
    record_list(
        brand=cast.brand, actor=cast.brand_owner, surface="search", campaign=None, shown=shown,
        now=NOW,
    )  # fmt: skip
    seeding.remove_market(now=NOW)
    left = InteractionEvent.objects.get()
    assert (left.brand, left.creator) == (cast.brand, cast.creator)
