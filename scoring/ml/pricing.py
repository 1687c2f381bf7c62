"""Price suggestions from published asking prices, or an admission that there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np

from scoring.ml.artifacts import Artifact
from scoring.ml.pricing_features import (
    CURRENCY,
    ENGAGEMENT_FEATURES,
    FEATURES,
    FOLLOWER_FEATURES,
    PLATFORM,
    PRICED_DELIVERABLES,
    length_positions,
    price_features,
)

SETTINGS_FILE: Final = "settings.json"
LEVELS: Final = {"low": 0.1, "middle": 0.5, "high": 0.9}
LINEAR_FEATURES: Final = ("log_followers", "log_expected_views")
HISTOGRAM_STEP: Final = 0.25
MINOR_UNITS: Final = 100
_MINIMUM_COMPARABLE: Final = 10


@dataclass(frozen=True)
class PriceFactors:
    """Multiplicative premiums against the typical priced creator; None where unsupported.

    `follower_count_premium` and `engagement_premium` are exp of the summed contributions
    of those facts to the log price (1.3: thirty percent more than a creator typical in
    this respect). Authenticity was not recorded with the asking prices and they are of one
    month, so `authenticity_premium` and `market_trend` are None.
    """

    follower_count_premium: float | None
    engagement_premium: float | None
    authenticity_premium: float | None = None
    market_trend: float | None = None


@dataclass(frozen=True)
class PriceSuggestion:
    """Prices in minor units of `currency` (fen for CNY), min <= suggested <= max.

    [min, max] is meant to hold the nominal share of real asking prices. `confidence` is the
    share of held-out asking prices, among suggestions with an interval about as wide, that
    lay within a factor of two of the suggestion. `comparable_rows` counts asking prices for
    the same deliverable by creators with half to twice the followers.
    """

    currency: str
    min_minor: int
    suggested_minor: int
    max_minor: int
    confidence: float
    factors: PriceFactors
    comparable_rows: int
    basis: str


@dataclass(frozen=True)
class NoComparableMarketData:
    """There is nothing to compare with; `reason` says what is missing."""

    platform: str
    reason: str


@dataclass(frozen=True)
class PriceSettings:
    """What training measured and what the linear part learned.

    The log price is a robust line on `LINEAR_FEATURES` (unknown: typical value and an
    indicator) and the video length, plus a LightGBM correction per quantile. `margin` is
    what conformal prediction adds to both ends; `width_edges` and `confidences` give the
    confidence by log width of the interval. `histogram` counts asking prices per length by
    log2 of followers, in steps of `HISTOGRAM_STEP` from `histogram_start`.
    """

    typical: tuple[float, ...]
    coefficients: tuple[float, ...]
    unknown_coefficients: tuple[float, ...]
    length_coefficients: tuple[float, ...]
    intercept: float
    margin: float
    nominal_coverage: float
    width_edges: tuple[float, ...]
    confidences: tuple[float, ...]
    histogram_start: float
    histogram: tuple[tuple[int, ...], ...]
    priced_creators: int
    collected: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> PriceSettings:
        values: dict[str, Any] = {k: _as_tuple(v) for k, v in document.items()}
        return cls(**values)


@dataclass(frozen=True)
class LogPrices:
    """Log prices in major units, each of shape (n,), low <= middle <= high."""

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


class PriceModel:
    """A trained model. Read-only after construction and safe to share between threads."""

    def __init__(
        self,
        *,
        boosters: Mapping[str, lgb.Booster],
        settings: PriceSettings,
        version: str,
        feature_set: str,
    ) -> None:
        self.boosters = boosters
        self.settings = settings
        self.version = version
        self.feature_set = feature_set

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> PriceModel:
        return cls(
            boosters={name: artifact.booster(f"{name}.txt") for name in LEVELS},
            settings=PriceSettings.from_json(artifact.document(SETTINGS_FILE)),
            version=artifact.version,
            feature_set=str(artifact.metadata["feature_set"]),
        )

    def log_prices(self, features: np.ndarray) -> LogPrices:
        """Conformal interval and median for a feature matrix."""
        raw = raw_log_prices(self.boosters, linear_part(self.settings, features), features)
        low = raw[:, 0] - self.settings.margin
        high = raw[:, 2] + self.settings.margin
        # a negative margin must not push an end past the median
        return LogPrices(np.minimum(low, raw[:, 1]), raw[:, 1], np.maximum(high, raw[:, 1]))

    def suggest(
        self,
        *,
        columns: Mapping[str, np.ndarray],
        platforms: Sequence[str],
        deliverable_types: Sequence[str],
    ) -> list[PriceSuggestion | NoComparableMarketData]:
        """One answer per row; a batch gives each row what it would get alone.

        :param columns: see `price_features`; arrays of shape (n,).
        :param platforms: n platform names; only Douyin has asking prices.
        :param deliverable_types: n names, see `PRICED_DELIVERABLES`.
        :raises ValueError: lengths differ.
        """
        rows = len(platforms)
        if {len(deliverable_types), *(len(values) for values in columns.values())} - {rows}:
            raise ValueError("columns, platforms and deliverable types differ in length")
        if rows == 0:
            return []
        lengths = length_positions(deliverable_types)
        features = price_features(columns, np.maximum(lengths, 0))
        prices = self.log_prices(features)
        factors = self._factors(features)
        answers: list[PriceSuggestion | NoComparableMarketData] = []
        for row, platform in enumerate(platforms):
            comparable = self._comparable(features[row, 0], int(lengths[row]))
            reason = _missing(platform, deliverable_types[row], features[row, 0], comparable)
            if reason:
                answers.append(NoComparableMarketData(platform=platform, reason=reason))
                continue
            low, middle, high = (
                _minor(values[row]) for values in (prices.low, prices.middle, prices.high)
            )
            width = float(prices.high[row] - prices.low[row])
            answers.append(
                PriceSuggestion(
                    currency=CURRENCY,
                    min_minor=low,
                    suggested_minor=middle,
                    max_minor=high,
                    confidence=self._confidence(width),
                    factors=factors[row],
                    comparable_rows=comparable,
                    basis=self._basis(comparable),
                )
            )
        return answers

    def _factors(self, features: np.ndarray) -> list[PriceFactors]:
        contributions = np.asarray(
            self.boosters["middle"].predict(features, pred_contrib=True, num_threads=1)
        )
        contributions = contributions[:, :-1] + linear_contributions(self.settings, features)
        followers = [FEATURES.index(name) for name in FOLLOWER_FEATURES]
        engagement = [FEATURES.index(name) for name in ENGAGEMENT_FEATURES]
        follower_premium = np.exp(contributions[:, followers].sum(axis=1))
        engagement_premium = np.exp(contributions[:, engagement].sum(axis=1))
        known = ~np.isnan(features[:, engagement]).all(axis=1)
        return [
            PriceFactors(
                follower_count_premium=float(follower_premium[row]),
                engagement_premium=float(engagement_premium[row]) if known[row] else None,
            )
            for row in range(len(features))
        ]

    def _comparable(self, log_followers: float, length: int) -> int:
        if np.isnan(log_followers) or length < 0:
            return 0
        counts = np.asarray(self.settings.histogram[length])
        centre = np.floor(
            (log_followers / np.log(2) - self.settings.histogram_start) / HISTOGRAM_STEP
        )
        reach = round(1 / HISTOGRAM_STEP)
        first, last = int(max(centre - reach, 0)), int(max(centre + reach, -1))
        return int(counts[first : last + 1].sum())

    def _confidence(self, width: float) -> float:
        return self.settings.confidences[int(np.searchsorted(self.settings.width_edges, width))]

    def _basis(self, comparable: int) -> str:
        return (
            f"Asking prices of {self.settings.priced_creators} Douyin creators, "
            f"{self.settings.collected}; {comparable} are for this video length by creators with "
            f"half to twice the followers. {self.settings.nominal_coverage:.0%} of asking prices "
            "are expected inside the range."
        )


def linear_part(settings: PriceSettings, features: np.ndarray) -> np.ndarray:
    """The robust line, shape (n,)."""
    return settings.intercept + linear_contributions(settings, features).sum(axis=1)


def linear_contributions(settings: PriceSettings, features: np.ndarray) -> np.ndarray:
    """What each feature adds on the line, against its typical value; as `features`."""
    result = np.zeros_like(features)
    for position, name in enumerate(LINEAR_FEATURES):
        values = features[:, FEATURES.index(name)]
        result[:, FEATURES.index(name)] = np.where(
            np.isnan(values),
            settings.unknown_coefficients[position],
            settings.coefficients[position] * (values - settings.typical[position]),
        )
    lengths = features[:, FEATURES.index("length")].astype(int)
    result[:, FEATURES.index("length")] = np.asarray(settings.length_coefficients)[lengths]
    return result


def raw_log_prices(
    boosters: Mapping[str, lgb.Booster], line: np.ndarray, features: np.ndarray
) -> np.ndarray:
    """Quantiles before conformalisation, shape (n, 3), sorted so that they do not cross."""
    raw = [line + np.asarray(boosters[name].predict(features, num_threads=1)) for name in LEVELS]
    return np.sort(np.column_stack(raw), axis=1)


def _missing(
    platform: str, deliverable_type: str, log_followers: float, comparable: int
) -> str | None:
    if platform.lower() != PLATFORM:
        return f"No comparable market data: there are no asking prices for {platform}."
    if deliverable_type not in PRICED_DELIVERABLES:
        return (
            f"No comparable market data: there are no asking prices for {deliverable_type!r} on "
            f"{platform}, only for {', '.join(PRICED_DELIVERABLES)}."
        )
    if np.isnan(log_followers):
        return "No comparable market data: the follower count is unknown."
    if comparable < _MINIMUM_COMPARABLE:
        return (
            f"No comparable market data: {comparable} asking prices of creators with half to "
            f"twice the followers; at least {_MINIMUM_COMPARABLE} are needed."
        )
    return None


def _minor(log_price: float) -> int:
    """Minor units of a price rounded to three significant digits, as people quote prices."""
    return round(float(f"{np.exp(log_price):.3g}")) * MINOR_UNITS


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value
