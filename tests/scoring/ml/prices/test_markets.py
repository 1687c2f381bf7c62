"""Learning markets and answering from them."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from scoring.ml.prices.facts import MarketRow, PriceRequest
from scoring.ml.prices.model import PriceModel, train_market
from scoring.ml.prices.suggestions import NoComparableMarketData, PriceSuggestion

NOW = date(2026, 1, 15)
AT = datetime(2026, 1, 15, tzinfo=UTC)


def planted_rows(creators=90, seed=0, scale=1.0, **same):
    """Price = 0.02 followers^0.9 x noise, reels 1.5 times a story, one absurd ask."""
    generator = np.random.default_rng(seed)
    rows = []
    for creator in range(creators):
        followers = float(round(np.exp(generator.normal(11, 1))))
        for deliverable, premium in (("story", 1.0), ("reel", 1.5)):
            price = scale * premium * 0.02 * followers**0.9 * np.exp(generator.normal(0, 0.2))
            facts = {
                "platform": "instagram",
                "deliverable": deliverable,
                "followers": followers,
                "price": round(float(price), 2),
                "currency": "EUR",
                "priced_at": NOW - timedelta(days=int(generator.integers(1, 900))),
                "creator_key": f"c{creator}",
                "engagement_rate": float(generator.uniform(0.01, 0.1)),
                "niche": ("food", "fashion")[creator % 2],
            }
            rows.append(MarketRow(**(facts | same)))
    rows[0] = MarketRow(**({n: getattr(rows[0], n) for n in MarketRow.__slots__} | {"price": 1e9}))
    return rows


def ask(followers=60_000.0, deliverable="reel", platform="instagram", **facts):
    return PriceRequest(platform, deliverable, followers, **facts)


@pytest.fixture(scope="module")
def model() -> PriceModel:
    return train_market(planted_rows(), random_state=1, trained_at=AT)


def test_a_planted_market_is_learned_despite_an_absurd_ask(model):
    [answer] = model.suggest([ask(engagement_rate=0.05)], now=NOW)
    assert isinstance(answer, PriceSuggestion)
    truth = 1.5 * 0.02 * 60_000**0.9
    assert answer.suggested_minor / 100 == pytest.approx(truth, rel=0.15)
    assert answer.min_minor < truth * 100 < answer.max_minor
    settings = model.markets["instagram", "EUR"].settings
    assert settings.counts.cut >= 1
    assert settings.figures["median_ape"] < 0.25
    assert 0.7 < answer.coverage.observed < 0.95


def test_base_times_factors_is_the_suggestion(model):
    [answer] = model.suggest([ask(engagement_rate=0.03, niche="food")], now=NOW)
    product = answer.base * np.prod([v for v in answer.factors.values() if v is not None])
    assert answer.suggested_minor == pytest.approx(product * 100, rel=0.006)
    assert set(answer.unsupported) == {k for k, v in answer.factors.items() if v is None}
    assert answer.factors["authenticity_premium"] is None
    assert answer.factors["market_trend"] is not None


def test_files_carry_the_whole_model(model):
    again = PriceModel.from_files(model.to_files(), version=model.version)
    requests = [ask(), ask(5_000.0, "story")]
    assert again.suggest(requests, now=NOW) == model.suggest(requests, now=NOW)
    with pytest.raises(ValueError, match="no price model"):
        PriceModel.from_files({})


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (ask(platform="tiktok"), "there are no prices for tiktok"),
        (ask(currency="USD"), "in that currency"),
        (ask(deliverable="livestream"), "too few prices for 'livestream'"),
        (ask(None), "the follower count is unknown"),
        (ask(0.0), "the follower count is not above zero"),
        (ask(-5.0), "the follower count is not above zero"),
        (ask(1e12), "half to twice the followers"),
    ],
)
def test_without_a_comparable_market_it_says_so_and_names_the_nearest(model, request_, reason):
    [answer] = model.suggest([request_], now=NOW)
    assert isinstance(answer, NoComparableMarketData)
    assert answer.reason.startswith("No comparable market data")
    assert reason in answer.reason
    assert answer.nearest[0].endswith("on Instagram in EUR")


def test_markets_need_enough_creators_of_one_kind_of_truth():
    with pytest.raises(ValueError, match="at least 30 creators"):
        train_market(planted_rows(10), random_state=1, trained_at=AT)
    mixed = [*planted_rows(30), *planted_rows(30, simulated=True)]
    with pytest.raises(ValueError, match="never learned together"):
        train_market(mixed, random_state=1, trained_at=AT)


def test_an_impossible_month_is_refused(model):
    with pytest.raises(ValueError, match="no month 13"):
        model.suggest([ask(month=13)], now=NOW)
