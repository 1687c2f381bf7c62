from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.ml import artifacts, pricing_data, pricing_fitting, pricing_training
from scoring.ml.pricing import NoComparableMarketData, PriceModel, PriceSuggestion
from scoring.ml.pricing_features import FEATURES, PRICED_DELIVERABLES, price_features
from scoring.ml.tables import TableError, read_table

SHIPPED = Path(__file__).parents[3] / "scoring" / "artifacts"


@pytest.fixture(scope="module")
def shipped() -> PriceModel:
    return PriceModel.from_artifact(artifacts.load_artifact(SHIPPED, "price", "v1"))


def synthetic_rates(creators=120, seed=0) -> pd.DataFrame:
    """Price = 0.05 x followers x noise, longer videos dearer, one absurd ask."""
    generator = np.random.default_rng(seed)
    followers = np.exp(generator.normal(12, 1, creators)).round()
    base = 0.05 * followers * np.exp(generator.normal(0, 0.3, creators))
    frame = pd.DataFrame(
        {
            "platform": "douyin",
            "creator_id": [f"c{row}" for row in range(creators)],
            "followers": followers,
            "expected_views": np.where(generator.random(creators) < 0.3, np.nan, followers / 10),
            "engagement_rate_30d": generator.uniform(0, 0.1, creators),
            "price_1_20s": base.round(),
            "price_21_60s": (1.3 * base).round(),
            "price_over_60s": (2.0 * base).round(),
            "currency": "CNY",
        }
    )
    frame.loc[0, "price_1_20s"] = 1e9
    return frame


def prices_of(frame, tmp_path):
    path = tmp_path / "rates.csv"
    frame.to_csv(path, index=False)
    return pricing_data.asking_prices(read_table(path, pricing_data.LAYOUT))


def suggest(model, platform="douyin", deliverable="video_21_60s", **facts):
    columns = {name: np.array([value], float) for name, value in facts.items()}
    return model.suggest(columns=columns, platforms=[platform], deliverable_types=[deliverable])[0]


# --- data and features --------------------------------------------------------


def test_only_prices_in_yuan_on_douyin_with_known_followers_are_compared(tmp_path):
    frame = synthetic_rates(6)
    frame.loc[1, "platform"] = "instagram"
    frame.loc[2, "currency"] = "USD"
    frame.loc[3, "followers"] = np.nan
    frame.loc[4, "price_1_20s"] = 0
    prices = prices_of(frame, tmp_path)
    assert len(prices) == 3 * 2 + 2
    assert len(np.unique(prices.creators)) == 3


def test_features_leave_the_unknown_unknown():
    features = price_features({"followers": np.array([1e5])}, np.array([2]))
    known = {name for name, value in zip(FEATURES, features[0], strict=True) if value == value}
    assert known == {"log_followers", "length"}


# --- training -----------------------------------------------------------------


def test_training_learns_planted_prices_and_covers_them(tmp_path):
    model = pricing_fitting.fit(prices_of(synthetic_rates(), tmp_path), random_state=1)
    fresh = prices_of(synthetic_rates(seed=7).iloc[1:], tmp_path)
    log = model.log_prices(fresh.features)
    figures = pricing_training.price_figures(
        fresh.log_prices, np.column_stack([log.low, log.middle, log.high]), 0.8
    )
    assert figures["median_ape"] < 0.3
    assert 0.7 <= figures["coverage"] <= 0.95
    constant = np.median(fresh.log_prices)
    naive = pricing_training.price_figures(
        fresh.log_prices, np.full((len(fresh), 3), constant), 0.8
    )
    assert figures["median_ape"] < naive["median_ape"]


def test_the_same_seed_gives_the_same_prices(tmp_path):
    prices = prices_of(synthetic_rates(60), tmp_path)
    first, again = (pricing_fitting.fit(prices, 4, folds=2) for _ in range(2))
    np.testing.assert_array_equal(
        first.log_prices(prices.features).middle, again.log_prices(prices.features).middle
    )
    assert first.settings == again.settings


def test_training_refuses_too_few_priced_creators(tmp_path):
    path = tmp_path / "rates.csv"
    synthetic_rates(5).to_csv(path, index=False)
    with pytest.raises(TableError, match="at least 30 creators"):
        pricing_training.train(
            [path], tmp_path / "v1", random_state=1, trained_at=datetime(2025, 1, 1, tzinfo=UTC)
        )


def test_evaluate_without_prices_gives_null(shipped, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("followers\n100000\n")
    evaluation = pricing_training.evaluate(shipped, path)
    assert evaluation.rows == 1
    assert evaluation.metrics["median_ape"] is None
    assert evaluation.metrics["coverage"] is None
    assert evaluation.metrics["nominal_coverage"] == 0.8
    assert set(evaluation.metrics) == set(pricing_training.TASK.metric_names)


# --- suggestions of the shipped model -------------------------------------------


def test_a_suggestion_is_ordered_in_integer_fen_and_says_its_basis(shipped):
    answer = suggest(shipped, followers=200_000, expected_views=5000, engagement_rate_30d=0.02)
    assert isinstance(answer, PriceSuggestion)
    assert answer.currency == "CNY"
    assert 0 < answer.min_minor <= answer.suggested_minor <= answer.max_minor
    assert all(isinstance(v, int) for v in (answer.min_minor, answer.suggested_minor))
    assert 0 < answer.confidence < 1
    assert answer.comparable_rows >= 10
    assert "Douyin" in answer.basis
    assert answer.factors.authenticity_premium is None
    assert answer.factors.market_trend is None


def test_more_followers_carry_a_larger_premium(shipped):
    small, large = (
        suggest(shipped, followers=followers, expected_views=5000)
        for followers in (30_000, 2_000_000)
    )
    assert small.factors.follower_count_premium < 1 < large.factors.follower_count_premium
    assert small.suggested_minor < large.suggested_minor


def test_the_engagement_premium_is_null_where_no_engagement_is_known(shipped):
    assert suggest(shipped, followers=200_000).factors.engagement_premium is None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"platform": "instagram", "followers": 2e5}, "no asking prices for instagram"),
        ({"deliverable": "static_post", "followers": 2e5}, "no asking prices for 'static_post'"),
        ({"followers": np.nan}, "the follower count is unknown"),
        ({"followers": 0}, "asking prices of creators with half"),
        ({"followers": 1e12}, "asking prices of creators with half"),
    ],
)
def test_without_comparable_prices_it_says_so(shipped, facts, reason):
    answer = suggest(shipped, **facts)
    assert isinstance(answer, NoComparableMarketData)
    assert answer.reason.startswith("No comparable market data")
    assert reason in answer.reason


def test_a_batch_gets_what_its_rows_get_one_by_one(shipped):
    generator = np.random.default_rng(0)
    rows = 30
    columns = {
        "followers": np.exp(generator.uniform(8, 17, rows)),
        "expected_views": np.where(generator.random(rows) < 0.5, np.nan, 1e4),
        "engagement_rate_30d": generator.uniform(0, 0.1, rows),
    }
    platforms = ["instagram" if row % 7 == 0 else "douyin" for row in range(rows)]
    types = [[*PRICED_DELIVERABLES, "story"][row % 4] for row in range(rows)]
    batch = shipped.suggest(columns=columns, platforms=platforms, deliverable_types=types)
    for row, together in enumerate(batch):
        alone = shipped.suggest(
            columns={name: values[row : row + 1] for name, values in columns.items()},
            platforms=platforms[row : row + 1],
            deliverable_types=types[row : row + 1],
        )
        assert alone == [together]


def test_quantiles_never_cross(shipped):
    generator = np.random.default_rng(1)
    columns = {"followers": np.exp(generator.uniform(5, 18, 300))}
    log = shipped.log_prices(price_features(columns, generator.integers(0, 3, 300)))
    assert (log.low <= log.middle).all()
    assert (log.middle <= log.high).all()


def test_lengths_that_differ_and_nothing_at_all(shipped):
    with pytest.raises(ValueError, match="differ in length"):
        shipped.suggest(
            columns={"followers": np.ones(2)}, platforms=["douyin"], deliverable_types=["x"]
        )
    assert shipped.suggest(columns={}, platforms=[], deliverable_types=[]) == []


def test_the_shipped_figures_beat_the_log_linear_baseline(shipped):
    metadata = artifacts.read_metadata(SHIPPED, "price", "v1")
    baseline = metadata["metrics_by_slice"]["baseline"]
    assert metadata["metrics"]["median_ape"] < baseline["median_ape"]
    assert metadata["metrics"]["mape"] < baseline["mape"]
    assert abs(metadata["metrics"]["coverage"] - 0.8) < 0.05
