"""Probability that an account's unexplained growth was bought, or an admission of not knowing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from scoring.ml.artifacts import Artifact
from scoring.ml.growth_features import FEATURES, features_of, monthly_growth
from scoring.ml.growth_reasons import GrowthReason, top_reasons
from scoring.ml.growth_series import DeclaredEvent, GrowthSeries
from scoring.ml.growth_spikes import JudgedGrowth, Purge, Spike, judge_spikes

MODEL_FILE: Final = "model.txt"
SETTINGS_FILE: Final = "settings.json"
MIN_DAYS: Final = 14
MIN_COUNTS: Final = 8
MIN_FOLLOWERS: Final = 100.0
LIMITS: Final = (0.01, 0.99)
BATCH: Final = 2_000


@dataclass(frozen=True)
class GrowthSettings:
    """Platt scaling of the raw score, and the levels' thresholds on the probability."""

    slope: float
    intercept: float
    high_from: float
    low_below: float

    def to_json(self) -> dict[str, float]:
        return asdict(self)


@dataclass(frozen=True)
class GrowthAssessment:
    """The answer for one account.

    `probability` is calibrated for a population half of which bought growth, so `log_odds`
    is the weight of the growth's evidence alone: add it to the log-odds of other evidence.
    Both and `level` are None when `abstained`. `monthly_growth_pct` is per 30 days and
    `consistency` the standard deviation of daily relative changes; both count all growth,
    explained or not, and are NaN with fewer than two counts. `reasons` are the strongest
    first, effects in calibrated log-odds, above zero for bought growth.
    """

    probability: float | None
    log_odds: float | None
    level: Literal["low", "medium", "high"] | None
    abstained: bool
    abstain_reason: str | None
    spikes: tuple[Spike, ...]
    purges: tuple[Purge, ...]
    reasons: tuple[GrowthReason, ...]
    monthly_growth_pct: float
    consistency: float
    counts: int
    days: int

    @property
    def unexplained_spikes(self) -> tuple[Spike, ...]:
        return tuple(spike for spike in self.spikes if spike.explained_by is None)


class GrowthModel:
    """A trained model. Read-only after construction and safe to share between threads."""

    def __init__(self, *, booster: lgb.Booster, settings: GrowthSettings, version: str) -> None:
        self.booster = booster
        self.settings = settings
        self.version = version

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> GrowthModel:
        return cls(
            booster=artifact.booster(MODEL_FILE),
            settings=GrowthSettings(**artifact.document(SETTINGS_FILE)),
            version=artifact.version,
        )

    def assess(
        self,
        series: Sequence[GrowthSeries],
        events: Sequence[Sequence[DeclaredEvent]] | None = None,
    ) -> list[GrowthAssessment]:
        """One assessment per series; a batch gives each what it would get alone.

        Only the last `growth_series.WINDOW_DAYS` days of a series are judged.

        :param events: per series the events declared for it; none when left out.
        :raises ValueError: `events` is not as long as `series`.
        """
        declared = [()] * len(series) if events is None else events
        answers: list[GrowthAssessment] = []
        pairs = list(zip(series, declared, strict=True))
        for start in range(0, len(pairs), BATCH):
            answers += self._assess(pairs[start : start + BATCH])
        return answers

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, (n,), of feature rows (n, len(FEATURES))."""
        raw = np.asarray(self.booster.predict(features, raw_score=True, num_threads=1))
        return np.clip(expit(self.settings.slope * raw + self.settings.intercept), *LIMITS)

    def _assess(
        self, pairs: Sequence[tuple[GrowthSeries, Sequence[DeclaredEvent]]]
    ) -> list[GrowthAssessment]:
        recent = [series.recent() for series, _ in pairs]
        judged = [
            judge_spikes(series, events) if len(series) > 1 else None
            for series, (_, events) in zip(recent, pairs, strict=True)
        ]
        lacking = [why_abstain(series) for series in recent]
        known = [i for i, reason in enumerate(lacking) if reason is None]
        answers = [
            _abstention(series, growth, reason)
            for series, growth, reason in zip(recent, judged, lacking, strict=True)
        ]
        if not known:
            return answers
        features = features_of([growth for i in known if (growth := judged[i])])
        probabilities = self.probabilities(features)
        contributions = np.asarray(
            self.booster.predict(features, pred_contrib=True, num_threads=1)
        )[:, : len(FEATURES)]
        effects = contributions * self.settings.slope
        for row, place in enumerate(known):
            growth = judged[place]
            assert growth is not None
            answers[place] = self._judgement(
                recent[place], growth, float(probabilities[row]), features[row], effects[row]
            )
        return answers

    def _judgement(
        self,
        series: GrowthSeries,
        growth: JudgedGrowth,
        probability: float,
        features: np.ndarray,
        effects: np.ndarray,
    ) -> GrowthAssessment:
        level: Literal["low", "medium", "high"] = "medium"
        if probability >= self.settings.high_from:
            level = "high"
        elif probability < self.settings.low_below:
            level = "low"
        return GrowthAssessment(
            probability=probability,
            log_odds=float(np.log(probability / (1 - probability))),
            level=level,
            abstained=False,
            abstain_reason=None,
            spikes=growth.spikes,
            purges=growth.purges,
            reasons=top_reasons(dict(zip(FEATURES, features, strict=True)), effects),
            **_stated(series),
        )


def why_abstain(series: GrowthSeries) -> str | None:
    """What a series lacks to be judged, in words; None when it has enough."""
    if len(series) < MIN_COUNTS:
        return f"{len(series)} follower counts are known; {MIN_COUNTS} are needed."
    if series.span_days < MIN_DAYS:
        return f"The counts span {series.span_days} days; {MIN_DAYS} are needed."
    if np.median(series.followers) < MIN_FOLLOWERS:
        return f"Below {MIN_FOLLOWERS:.0f} followers chance alone makes growth look odd."
    if np.ptp(series.followers) == 0:
        return "The count never changed, so there is no growth to judge."
    return None


def _abstention(
    series: GrowthSeries, growth: JudgedGrowth | None, reason: str | None
) -> GrowthAssessment:
    return GrowthAssessment(
        probability=None,
        log_odds=None,
        level=None,
        abstained=True,
        abstain_reason=reason and f"Not enough evidence: {reason}",
        spikes=growth.spikes if growth else (),
        purges=growth.purges if growth else (),
        reasons=(),
        **_stated(series),
    )


def _stated(series: GrowthSeries) -> dict[str, Any]:
    known = len(series) > 1
    followers = np.maximum(series.followers, 1.0)
    rates = np.diff(followers) / followers[:-1] / np.diff(series.days).astype(float)
    return {
        "monthly_growth_pct": 100 * float(np.expm1(monthly_growth(series)))
        if known
        else float("nan"),
        "consistency": float(np.std(rates)) if known else float("nan"),
        "counts": len(series),
        "days": series.span_days,
    }
