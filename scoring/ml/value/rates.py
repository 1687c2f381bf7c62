"""Going rates: what a market pays for one engagement, by the size of the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np

from scoring.ml.value import chance
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.factors import Factor, as_factor
from scoring.ml.value.formula import Formula, RateLine

_HUBER: Final = 1.345
_ROUNDS: Final = 50
_SETTLED: Final = 1e-7
_RESAMPLES: Final = 200


class TooFewPrices(ValueError):
    """A market without enough priced creators has no going rate."""


@dataclass(frozen=True)
class Priced:
    """One price for each of n creators: `prices` in minor units, `engagement` genuine (times
    authenticity and consistency), `followers` > 0, `days` ISO dates; (n,) each."""

    prices: np.ndarray
    engagement: np.ndarray
    followers: np.ndarray
    days: np.ndarray

    def __len__(self) -> int:
        return len(self.prices)


def fit_rate(
    priced: Priced,
    *,
    market: str,
    currency: str,
    deliverable: str,
    source: str,
    formula: Formula,
    simulated: bool = False,
    random_state: int = 0,
) -> RateLine:
    """A robust line (Huber 1964) of log(price / engagement) on log10 followers.

    Standard errors by bootstrap over creators. The slope is 0 where sizes do not differ.

    :raises TooFewPrices: fewer than `formula.fewest_priced` usable prices.
    """
    usable = (priced.prices > 0) & (priced.engagement > 0) & (priced.followers > 0)
    rows = np.flatnonzero(usable)
    if len(rows) < formula.fewest_priced:
        raise TooFewPrices(
            f"{market} has {len(rows)} creators with a price and known engagement; a going rate "
            f"needs {formula.fewest_priced}."
        )
    target = np.log(priced.prices[rows] / priced.engagement[rows])
    size = np.log10(priced.followers[rows])
    centre = float(np.median(size))
    level, slope = fit_line(size - centre, target)
    rng = np.random.default_rng(random_state)
    again = []
    for _ in range(_RESAMPLES):
        drawn = rng.integers(0, len(rows), len(rows))
        again.append(fit_line(size[drawn] - centre, target[drawn]))
    level_se, slope_se = np.std(again, axis=0)
    off = target - level - slope * (size - centre)
    smallest, largest = np.quantile(size, [0.02, 0.98])
    return RateLine(
        market=market,
        currency=currency,
        deliverable=deliverable,
        level=round(level, 5),
        slope=round(slope, 5),
        centre=round(centre, 4),
        smallest=round(float(10**smallest), 1),
        largest=round(float(10**largest), 1),
        level_se=round(float(level_se), 5),
        slope_se=round(float(slope_se), 5),
        scatter=round(float(1.4826 * np.median(np.abs(off - np.median(off)))), 4),
        creators=len(rows),
        priced_from=str(min(priced.days[rows])),
        priced_to=str(max(priced.days[rows])),
        source=source,
        simulated=simulated,
    )


def fit_line(size: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Level and slope of Huber's line by reweighted least squares; slope 0 for equal sizes."""
    sloped = np.ptp(size) >= 1e-6
    weights = np.ones(len(size))
    level = slope = 0.0
    for _ in range(_ROUNDS):
        total = weights.sum()
        middle, mean = weights @ size / total, weights @ target / total
        off_middle = size - middle
        before = (level, slope)
        if sloped:
            slope = float((weights * off_middle) @ target / ((weights * off_middle) @ off_middle))
        level = float(mean - slope * middle)
        if max(abs(level - before[0]), abs(slope - before[1])) < _SETTLED:
            break
        off = np.abs(target - level - slope * size)
        scale = max(1.4826 * float(np.median(off)), 1e-9)
        weights = np.minimum(1.0, _HUBER * scale / np.maximum(off, 1e-12))
    return level, slope


def rates_of(
    evidence: Evidence, rates: Mapping[str, RateLine], formula: Formula
) -> tuple[Factor, np.ndarray]:
    """Each account's going rate and its currency; 1 and "" where its market has none.

    Accounts of one market share a draw's line, so that its error does not come between them.
    An account of unknown size has the rate of the market's middle size.
    """
    n = len(evidence)
    value, drawn = np.ones(n), np.ones((n, formula.draws))
    currencies = np.full(n, "", dtype=object)
    for market in sorted(set(evidence.markets.tolist()) & set(rates)):
        rate = rates[market]
        rows = np.flatnonzero(evidence.markets == market)
        size = np.log10(np.clip(evidence.followers[rows], rate.smallest, rate.largest))
        off = np.where(np.isfinite(size), size - rate.centre, 0.0)
        value[rows] = np.exp(rate.level + rate.slope * off)
        hashed = chance.hashes(np.array([crc32(market.encode())], dtype=np.uint64), formula.draws)
        first, second = (
            chance.normals()[chance.field(hashed[0], place)]
            for place in (chance.LOCATION, chance.AUTHENTICITY)
        )
        lines = rate.level + rate.level_se * first
        slopes = rate.slope + rate.slope_se * second
        drawn[rows] = np.exp(lines[None, :] + slopes[None, :] * off[:, None])
        currencies[rows] = rate.currency
    return as_factor(value, drawn, currencies != "", formula), currencies
