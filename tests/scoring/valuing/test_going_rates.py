"""Going rates: from recorded prices, apart for simulated ones, and never made up."""

from datetime import date, datetime, timedelta

import pytest

from scoring import registry
from scoring.ml.prices.facts import MarketRow
from scoring.ml.value.rates import TooFewPrices
from scoring.models import MarketPrice
from scoring.valuing.going_rates import find_rates, rate_of_rows
from scoring.valuing.reading import current_value
from tests.scoring.valuing.made import NOW, make_valued, rank

DAY = date(2026, 2, 1)


def row(place: int, **changed: object) -> MarketRow:
    """Half a euro for an engagement, whatever the size."""
    followers = 5_000.0 * (1 + place)
    known = {
        "platform": "instagram", "deliverable": "static_post", "followers": followers,
        "price": followers * 0.02, "currency": "EUR", "priced_at": DAY,
        "creator_key": f"c{place}", "median_interactions": followers * 0.04, "authenticity": 1.0,
    }  # fmt: skip
    return MarketRow(**{**known, **changed})  # type: ignore[arg-type]


def test_a_line_finds_what_an_engagement_costs_and_reads_each_creator_once():
    model = registry.load("value")
    rows = [row(place) for place in range(40)]
    rate = rate_of_rows(model, rows, market="real:instagram", simulated=False)
    assert (rate.currency, rate.deliverable, rate.creators) == ("EUR", "static_post", 40)
    assert (rate.priced_from, rate.priced_to) == ("2026-02-01", "2026-02-01")
    assert rate.scatter < 0.3
    odd = [
        *(row(place, currency="USD") for place in range(5)),
        *(row(place, priced_at=DAY - timedelta(days=90), price=1e6) for place in range(40)),
        *(row(place, priced_at=None, price=1e6) for place in range(40)),
        *(row(place, deliverable="story", price=1.0) for place in range(60)),
    ]
    assert rate_of_rows(model, [*rows, *odd], market="real:instagram", simulated=False) == rate
    with pytest.raises(TooFewPrices):
        rate_of_rows(model, rows[:19], market="real:instagram", simulated=False)


def record(place: int, *, simulated: bool, recorded_at: datetime = NOW) -> None:
    known = row(place)
    MarketPrice.objects.create(
        creator_key=f"c{place}", platform="instagram", deliverable="static_post", kind="asked",
        price_minor=round(known.price * 100), currency="EUR", priced_on=DAY,
        followers=round(known.followers or 0), provenance="imported", is_simulated=simulated,
        facts={"median_interactions": known.median_interactions}, recorded_at=recorded_at,
    )  # fmt: skip


@pytest.mark.django_db
def test_recorded_prices_give_money_from_when_they_are_known_and_only_to_their_own_kind():
    model = registry.load("value")
    known_at = NOW - timedelta(days=1)
    for place in range(25):
        record(place, simulated=True, recorded_at=known_at)
    assert "simulated:instagram" in find_rates(model, as_of=NOW)
    before = find_rates(model, as_of=known_at - timedelta(hours=1))
    assert "simulated:instagram" not in before
    assert "real:douyin" not in find_rates(model, as_of=datetime.fromisoformat("2025-09-01T00:00Z"))
    likes = [400, 380, 420, 410]
    made_up = make_valued("made_up", likes=likes, simulated=True)
    real = make_valued("real", likes=likes)
    rank()
    money, plain = current_value(made_up), current_value(real)
    assert (money.currency, money.league) == ("EUR", "simulated:EUR")
    assert money.rate["creators"] == 25
    assert money.rate["simulated"] is True
    assert (plain.currency, plain.league, plain.rate) == ("", "real:instagram", None)
