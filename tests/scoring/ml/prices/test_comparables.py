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
    assert [comparable.row.price for comparable in found] == [700.0, 1200.0]
    assert found[0].distance <= found[1].distance
    assert {comparable.row.creator_key for comparable in found} == {""}
    assert {comparable.row.followers for comparable in found} == {None}  # too few to hide among
    assert found[0].row.country == ""
    assert found[0].row.priced_at == NOW.replace(day=1)
    assert nearest_rows(ASKED, rows[:3], top=5, now=NOW) == []
    assert nearest_rows(replace(ASKED, followers=None), rows, top=5, now=NOW) == []


def test_what_is_shown_of_a_comparable_fits_five_creators_and_distances_are_round():
    rows = [row(f"c{k}", followers=40_200.0 + k, price=501.0 + k) for k in range(5)]
    rows.append(row("rare", followers=70_123.0, engagement_rate=0.0613, niche="chess"))
    found = nearest_rows(ASKED, rows, top=8, now=NOW)
    *alike, rare = found
    assert {(one.row.followers, one.row.engagement_rate, one.row.niche) for one in alike} == {
        (40_000.0, 0.04, "food")
    }
    assert (rare.row.followers, rare.row.engagement_rate, rare.row.niche) == (None, None, "")
    assert [one.distance for one in found] == [0.0] * 5 + [1.5]
    fifth = nearest_rows(ASKED, rows[1:], top=8, now=NOW)
    assert {(one.row.followers, one.row.niche) for one in fifth} == {(None, "")}


def test_one_price_more_does_not_give_itself_away_in_the_middle():
    rows = [row(f"c{k}", price=500.0 + k) for k in range(20)]
    before = recent_market(ASKED, rows, now=NOW)
    after = recent_market(ASKED, [*rows, row("new", price=560.0)], now=NOW)
    assert (before.average, before.typical) == (after.average, after.typical) == (510.0, 510.0)


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
