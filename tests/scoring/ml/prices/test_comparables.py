"""Prices near a request, and what the last year says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scoring.ml.prices.comparables import distances, nearest_rows, recent_market
from scoring.ml.prices.facts import MarketRow, PriceRequest

NOW = date(2026, 1, 15)
ASKED = PriceRequest("tiktok", "tiktok_video", 40_000, engagement_rate=0.04, niche="food;travel")


def row(key="a", followers=40_000.0, price=500.0, **facts):
    known = {
        "engagement_rate": 0.04, "niche": "food", "priced_at": NOW, "deliverable": "tiktok_video",
    }  # fmt: skip
    return MarketRow(
        platform="tiktok", followers=followers, price=price, currency="USD", creator_key=key,
        **(known | facts),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "distance"),
    [
        (row(), 0.0),
        (row(followers=80_000.0), 1.0),
        (row(engagement_rate=0.01), 1.0),
        (row(niche="gaming"), 0.5),
        (row(niche="", engagement_rate=None), 1.0),
        (row(deliverable="tiktok_story"), 1.0),
        (row(priced_at=NOW - timedelta(days=731)), 1.0),
        (row(priced_at=None), 0.5),
    ],
)
def test_the_distance_is_as_stated(other, distance):
    assert distances(ASKED, [other], NOW)[0] == pytest.approx(distance, abs=0.01)


def test_comparables_are_the_nearest_of_different_creators_and_name_nobody():
    rows = [
        row("far", followers=400_000.0),
        row("twice", price=1234.56, country="GB"),
        row("twice", price=900.0, followers=44_444.0),
        row("near", followers=43_210.0, price=700.0),
        row("broken", price=0.0),
    ]
    found = nearest_rows(ASKED, rows, top=2, now=NOW)
    assert [comparable.row.price for comparable in found] == [1230.0, 700.0]
    assert found[0].distance <= found[1].distance
    assert {comparable.row.creator_key for comparable in found} == {""}
    assert found[1].row.followers == 43_000
    assert found[0].row.country == ""
    assert found[0].row.priced_at == NOW.replace(day=1)
    assert nearest_rows(ASKED, rows[:3], top=5, now=NOW) == []
    assert nearest_rows(replace(ASKED, followers=None), rows, top=5, now=NOW) == []


def test_the_last_year_has_a_typical_price_and_a_trend():
    rows = [
        row(f"c{k}", price=100.0 if days > 183 else 120.0, priced_at=NOW - timedelta(days=days))
        for k, days in enumerate([*range(1, 60, 6), *range(200, 260, 6)])
    ]
    found = recent_market(ASKED, rows, now=NOW)
    assert (found.typical, found.prices, found.creators) == (110.0, 20, 20)
    assert found.trend == pytest.approx(1.2)
    assert found.trend_low <= found.trend <= found.trend_high
    recent = recent_market(ASKED, rows[:10], now=NOW)
    assert recent.typical == 120.0
    assert recent.trend is None
    assert "trend" in recent.reasons
    nothing = recent_market(ASKED, rows[:2], now=NOW)
    assert nothing.typical is None
    assert nothing.reasons["typical"].startswith("2 creators near this one")
