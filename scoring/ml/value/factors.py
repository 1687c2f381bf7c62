"""Authenticity and consistency: the two factors without a unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.ml.value import chance
from scoring.ml.value.engagement import Engagement
from scoring.ml.value.formula import Coefficients, Formula


@dataclass(frozen=True)
class Factor:
    """All (n,) but `draws`, (n, draws). Where not `known` the range is what is plausible."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    known: np.ndarray
    draws: np.ndarray


def authenticity_of(risk: np.ndarray, hashed: np.ndarray, formula: Formula) -> Factor:
    """1 - risk; in the middle of the plausible range where no risk is known.

    :param risk: probability that the account is not genuine, (n,), NaN unknown.
    """
    known = np.isfinite(risk)
    lowest, highest = formula.unknown_authenticity
    own = np.where(known, risk, 0.0)
    middle = np.where(known, 1.0 - own, (lowest + highest) / 2.0)
    sd = formula.risk_floor + formula.risk_scale * np.sqrt(own * (1.0 - own))
    numbers = chance.field(hashed, chance.AUTHENTICITY)
    drawn = middle[:, None] + sd[:, None] * chance.normals()[numbers]
    anywhere = lowest + (highest - lowest) * chance.uniforms(numbers)
    drawn = np.clip(np.where(known[:, None], drawn, anywhere), formula.least_authenticity, 1.0)
    return as_factor(np.maximum(middle, formula.least_authenticity), drawn, known, formula)


def consistency_of(
    engagement: Engagement, hashed: np.ndarray, coefficients: Coefficients
) -> Factor:
    """How even the posts' engagement is and whether posting goes on; see `Formula`.

    Only the spread is uncertain: its log has the variance 1 / (2 degrees of freedom).
    """
    formula = coefficients.formula
    off = np.log(engagement.spread / engagement.usual_spread)
    uneven = np.tanh(np.where(np.isfinite(off), off, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        quiet = np.log(engagement.silence / (formula.silence_patience * engagement.gap))
    silent = np.tanh(np.where(np.isfinite(quiet), np.maximum(quiet, 0.0), 0.0))
    middle = 1.0 - formula.spread_weight * uneven - formula.silence_weight * silent
    freedom = formula.spread_posts + np.maximum(engagement.posts - 1, 0)
    steepness = formula.spread_weight * (1.0 - uneven**2) / np.sqrt(2.0 * freedom)
    normal = chance.normals()[chance.field(hashed, chance.CONSISTENCY)]
    lowest, highest = formula.consistency_range
    drawn = np.clip(middle[:, None] - steepness[:, None] * normal, lowest, highest)
    return as_factor(np.clip(middle, lowest, highest), drawn, engagement.posts > 1, formula)


def as_factor(value: np.ndarray, draws: np.ndarray, known: np.ndarray, formula: Formula) -> Factor:
    """The factor with its range, which holds the value itself."""
    low, high = chance.bounds(draws, formula.nominal_coverage)
    return Factor(value, np.minimum(low, value), np.maximum(high, value), known, draws)
