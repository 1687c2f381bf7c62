"""What holds for every suggestion of a model learned from the simulated market."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.prices.facts import AGREED, ASKED, PriceRequest
from scoring.ml.prices.market_model import minor_units
from scoring.ml.prices.model import PriceModel, train_market
from scoring.ml.prices.monitoring import coverage_report
from scoring.ml.prices.readings import FACTORS
from scoring.ml.prices.simulation import MARKETS, simulate_market
from scoring.ml.prices.suggestions import PriceSuggestion

NOW = date(2026, 1, 15)
AT = datetime(2026, 1, 15, tzinfo=UTC)
KNOWN = PriceRequest(
    "instagram", "reel", 60_000, engagement_rate=0.03, authenticity=0.8, niche="food",
    country="DE", campaign_type="launch", month=12, median_views=15_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def prices():
    return simulate_market(random_state=3, creators=150, markets=MARKETS[:1])


@pytest.fixture(scope="module")
def model(prices) -> PriceModel:
    return train_market([price.row for price in prices], random_state=1, trained_at=AT)


def only(model, request) -> PriceSuggestion:
    [answer] = model.suggest([request], now=NOW)
    assert isinstance(answer, PriceSuggestion)
    return answer


counts = st.one_of(st.none(), st.floats(0, 1e8), st.just(float("nan")), st.just(float("inf")))


@settings(max_examples=30, deadline=None)
@given(
    followers=st.floats(10_000, 600_000),
    rate=counts,
    views=counts,
    authenticity=st.one_of(st.none(), st.floats(-1, 2)),
    deliverable=st.sampled_from(sorted(MARKETS[0].deliverables)),
    niche=st.sampled_from(["food", "no such niche", ""]),
    month=st.one_of(st.none(), st.integers(1, 12)),
)
def test_whatever_is_known_prices_are_ordered_and_factors_multiply(
    model, followers, rate, views, authenticity, deliverable, niche, month
):
    answer = only(
        model,
        PriceRequest(
            "instagram", deliverable, followers, engagement_rate=rate, median_views=views,
            authenticity=authenticity, niche=niche, month=month,
        ),
    )  # fmt: skip
    assert 1 <= answer.min_minor <= answer.suggested_minor <= answer.max_minor
    assert tuple(answer.factors) == FACTORS
    assert set(answer.unsupported) == {n for n, v in answer.factors.items() if v is None}
    product = answer.base * np.prod([v for v in answer.factors.values() if v is not None])
    assert answer.suggested_minor == pytest.approx(product * 100, rel=0.006, abs=1)
    assert (answer.factors["geography"], answer.factors["campaign_type"]) == (None, None)
    assert 0 <= answer.coverage.low <= answer.coverage.observed <= answer.coverage.high <= 1


@given(st.floats(-5, 30), st.floats(-5, 30), st.integers(0, 3))
def test_minor_units_keep_the_order_and_the_scale(first, second, digits):
    low, high = sorted((first, second))
    assert 1 <= minor_units(low, digits) <= minor_units(high, digits)
    if np.exp(low) > 100:
        assert minor_units(low, digits + 1) == pytest.approx(10 * minor_units(low, digits))


def test_a_batch_gives_each_what_it_would_get_alone(model):
    requests = [
        replace(KNOWN, followers=followers, deliverable=deliverable, authenticity=authenticity)
        for followers in (20_000, 90_000, 3.0)
        for deliverable in ("reel", "story", "billboard")
        for authenticity in (None, 0.7)
    ]
    together = model.suggest(requests, now=NOW)
    assert together == [model.suggest([request], now=NOW)[0] for request in requests]
    assert model.suggest([], now=NOW) == []


def test_the_same_seed_and_any_order_of_rows_learn_the_same(prices, model):
    rows = [price.row for price in reversed(prices)]
    again = train_market(rows, random_state=1, trained_at=AT)
    assert again.to_files() == model.to_files()


def test_the_simulated_premiums_are_found(model):
    answer = only(model, KNOWN)
    assert answer.simulated
    assert answer.basis.startswith("Simulated prices")
    assert answer.unsupported == {}
    february = only(model, replace(KNOWN, month=2)).factors["seasonality"]
    assert answer.factors["seasonality"] / february == pytest.approx(np.exp(0.22), rel=0.12)
    content = only(model, replace(KNOWN, campaign_type="content")).factors["campaign_type"]
    assert answer.factors["campaign_type"] / content == pytest.approx(np.exp(0.34), rel=0.15)
    poland = only(model, replace(KNOWN, country="PL")).factors["geography"]
    assert answer.factors["geography"] / poland == pytest.approx(np.exp(0.40), rel=0.15)
    story = only(model, replace(KNOWN, deliverable="story")).factors["deliverable_type"]
    assert answer.factors["deliverable_type"] / story == pytest.approx(np.exp(1.24), rel=0.15)
    fake = only(model, replace(KNOWN, authenticity=0.45)).factors["authenticity_premium"]
    assert fake < answer.factors["authenticity_premium"]
    assert answer.factors["market_trend"] == pytest.approx(1.05, abs=0.12)


def test_more_followers_and_more_engagement_cost_more(model):
    small, large = (only(model, replace(KNOWN, followers=count)) for count in (20_000, 400_000))
    assert small.suggested_minor < large.suggested_minor
    assert small.factors["follower_count_premium"] < large.factors["follower_count_premium"]
    dull, lively = (only(model, replace(KNOWN, engagement_rate=rate)) for rate in (0.008, 0.08))
    assert dull.factors["engagement_premium"] < lively.factors["engagement_premium"]


def test_prices_ten_times_as_high_are_suggested_ten_times_as_high(prices, model):
    rows = [replace(price.row, price=price.row.price * 10) for price in prices]
    scaled = train_market(rows, random_state=1, trained_at=AT, minor_digits={"EUR": 0})
    answer = only(scaled, KNOWN)
    assert answer.minor_digits == 0
    assert answer.suggested_minor == pytest.approx(
        only(model, KNOWN).suggested_minor / 10, rel=0.02
    )


def test_a_tier_with_few_creators_borrows_and_says_so(model):
    thin = only(model, replace(KNOWN, followers=700_000))
    assert thin.tier == "macro"
    assert thin.coverage.borrowed
    assert thin.coverage.part == "all"
    assert "Too few creators of this size" in thin.basis
    assert not only(model, KNOWN).coverage.borrowed


def test_asked_and_agreed_prices_are_told_apart(model):
    mixed = simulate_market(
        random_state=4, creators=120, offers=4.0, asked_share=0.5, markets=MARKETS[:1]
    )
    rows = [price.row for price in mixed]
    learned = train_market(rows, random_state=1, trained_at=AT)
    assert {row.kind for row in rows} == {ASKED, AGREED}
    # simulated asks are exp(0.18) above what is agreed on; an agreed price is suggested
    assert only(learned, KNOWN).suggested_minor == pytest.approx(
        only(model, KNOWN).suggested_minor, rel=0.12
    )
    assert learned.markets["instagram", "EUR"].settings.counts.cut > 0


def test_later_outcomes_tell_a_market_that_holds_from_one_that_moved(model):
    later = simulate_market(
        random_state=8, creators=120, offers=1.0, markets=MARKETS[:1],
        first_day=date(2026, 1, 1), last_day=date(2026, 1, 31),
    )  # fmt: skip
    names = PriceRequest.__slots__
    requests = [
        PriceRequest(**{name: getattr(price.row, name) for name in names}) for price in later
    ]
    pairs = [
        (answer, price.row)
        for answer, price in zip(model.suggest(requests, now=NOW), later, strict=True)
        if isinstance(answer, PriceSuggestion)
    ]
    ranges = [(answer.min_minor, answer.max_minor) for answer, _ in pairs]
    creators = [row.creator_key for _, row in pairs]
    for factor, verdict in ((1.0, "holding"), (1.5, "drifted")):
        outcomes = [row.price * 100 * factor for _, row in pairs]
        found = coverage_report(ranges, outcomes, nominal=0.8, creators=creators)
        assert found.verdict == verdict
