"""Time of a price suggestion beside the bare LightGBM prediction it needs.

    OMP_NUM_THREADS=1 python -m benchmarks.bench_price [--rounds 400]

The answer is `PriceModel.suggest` of one request never seen before: features, three quantiles,
margins, premiums, basis. The bare work is `Booster.predict` of the same three trees with the
features ready. Both in one process, taking turns, on the three simulated markets (2,400 prices
each); a batch of 1,000, learning all three markets, and the eight nearest of their prices are
timed too. The last line of stdout is one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial

import numpy as np

from scoring.ml.prices.facts import PriceRequest
from scoring.ml.prices.features import request_features
from scoring.ml.prices.market_model import MarketModel
from scoring.ml.prices.model import train_market
from scoring.ml.prices.simulation import NICHES, simulate_market

NOW = date(2026, 1, 10)
BATCH = 1_000


def requests() -> Iterator[PriceRequest]:
    """Requests to one market, no two alike."""
    generator = np.random.default_rng(5)
    while True:
        yield PriceRequest(
            "instagram",
            str(generator.choice(["reel", "story", "static_post"])),
            float(np.exp(generator.uniform(10, 13))),
            engagement_rate=float(generator.uniform(0.005, 0.1)),
            authenticity=float(generator.uniform(0.5, 1)),
            niche=str(generator.choice(list(NICHES))),
            country="DE",
            campaign_type="launch",
            median_views=float(generator.integers(1_000, 100_000)),
        )


def predict(market: MarketModel, features: np.ndarray) -> None:
    for booster in market.boosters.values():
        booster.predict(features, num_threads=1)


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=400)
    options = parser.parse_args()
    rows = [price.row for price in simulate_market(random_state=1)]
    at = datetime(2026, 1, 10, tzinfo=UTC)
    started = time.perf_counter()
    model = train_market(rows, random_state=1, trained_at=at)
    learning = time.perf_counter() - started
    market = model.markets["instagram", "EUR"]
    source = requests()
    bare, whole = [], []
    for _ in range(options.rounds):
        request = next(source)
        features = request_features([request], market.settings.vocabulary, NOW)
        bare.append(milliseconds(partial(predict, market, features)))
        whole.append(milliseconds(partial(model.suggest, [request], now=NOW)))
    batch = [next(source) for _ in range(BATCH)]
    result = {
        "suggestion_p50_ms": round(statistics.median(whole), 3),
        "bare_predict_p50_ms": round(statistics.median(bare), 3),
        "ratio_p50": round(statistics.median(whole) / statistics.median(bare), 2),
        "suggestion_p95_ms": round(float(np.percentile(whole, 95)), 3),
        "batch_ms_per_suggestion": round(
            min(milliseconds(lambda: model.suggest(batch, now=NOW)) for _ in range(3)) / BATCH, 4
        ),
        "comparables_ms": round(
            min(milliseconds(lambda: model.comparables(batch[0], rows, top=8)) for _ in range(5)), 2
        ),
        "learning_s": round(learning, 2),
        "prices": len(rows),
        "cpus": os.cpu_count(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
