"""The value of accounts, its parts and its draws, from evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.artifacts import Artifact
from scoring.ml.value import chance
from scoring.ml.value.engagement import Engagement, predict_engagement
from scoring.ml.value.evidence import Evidence, clean
from scoring.ml.value.factors import Factor, authenticity_of, consistency_of
from scoring.ml.value.formula import Coefficients, Formula, RateLine
from scoring.ml.value.rates import rates_of

SETTINGS_FILE: Final = "coefficients.json"
NO_HISTORY: Final = (
    "Neither a post with known engagement nor followers with an engagement rate is known."
)


@dataclass(frozen=True)
class Valuations:
    """n accounts; all (n,) but `draws`, which is (n, draws) of log values. NaN is unknown.

    `value` is the product of `engagement.value`, `rate.value` (1 where there is no market),
    `authenticity.value` and `consistency.value`, in minor units of `currencies` or, where that
    is "", in engagements. `low` and `high` bound `nominal_coverage` of the draws. `log_sd` is
    the standard deviation of the log value without the uncertainty of the rate, which a
    market's accounts share. An account with `abstained` has NaN everywhere.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    log_sd: np.ndarray
    draws: np.ndarray
    currencies: np.ndarray
    engagement: Engagement
    rate: Factor
    authenticity: Factor
    consistency: Factor

    @property
    def abstained(self) -> np.ndarray:
        return ~np.isfinite(self.value)

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True)
class ValueModel:
    """The formula with its coefficients; holds no state beside them."""

    coefficients: Coefficients
    version: str = ""

    @property
    def formula(self) -> Formula:
        return self.coefficients.formula

    @property
    def formula_version(self) -> str:
        return self.coefficients.version

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> ValueModel:
        coefficients = Coefficients.from_json(artifact.document(SETTINGS_FILE))
        return cls(coefficients, version=f"{artifact.task}/{artifact.version}")

    def value(self, evidence: Evidence, rates: Mapping[str, RateLine] | None = None) -> Valuations:
        """A batch gives each account exactly what it gets alone.

        :param rates: going rates by the names of `evidence.markets`; default: the shipped ones.
        """
        formula = self.formula
        rates = self.coefficients.rates if rates is None else rates
        known = clean(
            evidence, largest_count=formula.largest_count, largest_rate=formula.largest_rate
        )
        hashed = chance.hashes(known.keys, formula.draws)
        engagement = predict_engagement(known, hashed, self.coefficients)
        authenticity = authenticity_of(known.risk, hashed, formula)
        consistency = consistency_of(engagement, hashed, self.coefficients)
        rate, currencies = rates_of(known, rates, formula)
        own = np.log(engagement.draws)
        own += np.log(authenticity.draws)
        own += np.log(consistency.draws)
        draws = own + np.log(rate.draws)
        value = engagement.value * rate.value * authenticity.value * consistency.value
        low, high = chance.bounds(draws, formula.nominal_coverage)
        return Valuations(
            value=value,
            low=np.minimum(np.exp(low), value),
            high=np.maximum(np.exp(high), value),
            log_sd=own.std(axis=1),
            draws=draws,
            currencies=currencies,
            engagement=engagement,
            rate=rate,
            authenticity=authenticity,
            consistency=consistency,
        )
