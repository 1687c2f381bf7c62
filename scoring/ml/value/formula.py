"""Every coefficient of the market value, in one place.

    value = engagement × rate × authenticity × consistency

`Formula` holds what was decided, `Prior` and `RateLine` what was fitted; docs/market-value.md
and the methodology page print them from here. A change of any decided number is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

FORMULA_VERSION: Final = "v2"
FIRST_VERSION: Final = "v1"
OTHER: Final = "other"
"""The prior of platforms that no training data is about."""


@dataclass(frozen=True)
class Formula:
    """What was decided rather than fitted. Logs are natural, of 1 + count.

    Engagement: a post weighs 2^(-age / `half_life_days`); the newest `most_posts` are read,
    none of which was counted in its first `settle_days`.
    Averages of a profile count as `average_posts` posts with `average_sd` more for what is
    averaged being unknown; followers × engagement rate have `rate_sd` more still. A spread of
    n posts is mixed with the platform's as of `spread_posts` posts. Of the square of an account's
    distance from its size, what its posts' chance leaves unexplained counts `exception_weight`
    times as the variance between creators, where that is more than others show.
    Authenticity is 1 - risk with the standard deviation `risk_floor` + `risk_scale`
    × sqrt(risk (1 - risk)); where no risk is known it is anything in `unknown_authenticity`.
    Consistency is 1 - `spread_weight` tanh(ln(spread / usual spread))
    - `silence_weight` tanh(ln(silence / (`silence_patience` × usual gap))) if that is above 0,
    where the usual gap is at least `shortest_gap_days`; it stays in `consistency_range`.
    Ranges are from the 5 % to the 95 % quantile of `draws` draws.
    """

    half_life_days: float = 90.0
    most_posts: int = 500
    settle_days: float = 2.0
    average_posts: float = 12.0
    average_sd: float = 0.35
    rate_sd: float = 0.35
    spread_posts: float = 4.0
    exception_weight: float = 1.0
    risk_floor: float = 0.03
    risk_scale: float = 0.25
    unknown_authenticity: tuple[float, float] = (0.5, 1.0)
    least_authenticity: float = 0.02
    spread_weight: float = 0.15
    silence_weight: float = 0.10
    silence_patience: float = 4.0
    shortest_gap_days: float = 7.0
    consistency_range: tuple[float, float] = (0.75, 1.15)
    least_engagement: float = 0.01
    largest_count: float = 1e10
    largest_rate: float = 5.0
    fewest_priced: int = 20
    draws: int = 200
    nominal_coverage: float = 0.90


@dataclass(frozen=True)
class Prior:
    """What the engagement of an ordinary post is before any of the account's is known.

    The mean of its log is `level` + `slope` × (log10 followers - `centre`), where fewer than
    `smallest` followers count as these and the line goes on beyond `largest`; creators differ
    from it by `between_sd`, where followers are unknown from `level` by `total_sd`. Posts of one
    creator spread by `within_sd`, which is so large that 90 % lie within 1.645 of it, `tail`
    times what their inner half would say; neighbours have the correlation `correlation`.
    """

    level: float
    slope: float
    centre: float
    smallest: float
    largest: float
    between_sd: float
    total_sd: float
    within_sd: float
    tail: float
    correlation: float
    creators: int
    posts: int
    source: str


@dataclass(frozen=True)
class RateLine:
    """Money for one engagement by genuine followers, on one market.

    Its log is `level` + `slope` × (log10 followers - `centre`), followers cut to `smallest` …
    `largest`, with the standard errors `level_se` and `slope_se`. Single prices lie around it
    with the log standard deviation `scatter`. Amounts are in minor units of `currency`.
    """

    market: str
    currency: str
    deliverable: str
    level: float
    slope: float
    centre: float
    smallest: float
    largest: float
    level_se: float
    slope_se: float
    scatter: float
    creators: int
    priced_from: str
    priced_to: str
    source: str
    simulated: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RateLine:
        return cls(**document)


@dataclass(frozen=True)
class Coefficients:
    """The formula with all that was fitted: priors by platform, going rates by market."""

    formula: Formula
    priors: Mapping[str, Prior]
    rates: Mapping[str, RateLine] = field(default_factory=dict)
    version: str = FORMULA_VERSION

    def prior(self, platform: str) -> Prior:
        """A platform without training data has the wide prior of `OTHER`."""
        return self.priors.get(platform, self.priors[OTHER])

    def to_json(self) -> dict[str, Any]:
        return {
            "formula_version": self.version,
            "formula": asdict(self.formula),
            "priors": {name: asdict(prior) for name, prior in self.priors.items()},
            "rates": {name: rate.to_json() for name, rate in self.rates.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Coefficients:
        """Of this version or the first, which knew no exceptions.

        :raises ValueError: the document is of another version of the formula.
        """
        version = document["formula_version"]
        if version not in (FIRST_VERSION, FORMULA_VERSION):
            raise ValueError(f"The formula is {FORMULA_VERSION}, not {version}")
        decided: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document["formula"].items()
        }
        if version == FIRST_VERSION:
            decided["exception_weight"] = 0.0
        return cls(
            formula=Formula(**decided),
            priors={name: Prior(**prior) for name, prior in document["priors"].items()},
            rates={name: RateLine.from_json(rate) for name, rate in document["rates"].items()},
            version=version,
        )
