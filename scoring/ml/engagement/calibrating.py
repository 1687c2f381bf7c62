"""From raw scores on validation series to calibrations and thresholds, regime by regime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from scoring.ml.engagement.ensemble import Ensemble, pooled
from scoring.ml.engagement.fitting import Example
from scoring.ml.engagement.settings import PROBABILITY_LIMITS, REGIMES, Calibration, regime_of

FALSE_ALARMS: Final = 0.04
"""Share of organic validation series that may be flagged in every regime."""
FEWEST_OF_A_DOMAIN: Final = 150
"""Of organic series, for a domain to have a say of its own: a share of fewer is mostly luck."""
LOW_IS_ORGANIC: Final = 0.9
FEWEST_OF_EACH: Final = 30
"""Below so many fake or organic series a regime takes the calibration of all together."""
LEAST_SLOPE: Final = 0.01


@dataclass(frozen=True)
class Scored:
    """Validation examples with their raw series scores, shape (examples,), and step scores."""

    examples: Sequence[Example]
    raw: np.ndarray
    raw_steps: Sequence[np.ndarray]

    @property
    def labels(self) -> np.ndarray:
        return np.array([example.is_fake for example in self.examples])

    @property
    def domains(self) -> np.ndarray:
        return np.array([example.domain for example in self.examples])

    @property
    def is_telling(self) -> bool:
        """Whether fake and organic series have a score."""
        known = self.labels[~np.isnan(self.raw)]
        return bool(known.any() and not known.all())

    def take(self, places: np.ndarray) -> Scored:
        return Scored(
            [self.examples[i] for i in places],
            self.raw[places],
            [self.raw_steps[i] for i in places],
        )


def scored_by_ensemble(examples: Sequence[Example], ensemble: Ensemble) -> Scored:
    """What the ensemble says of them."""
    views = [example.view for example in examples]
    steps = ensemble.step_scores(views)
    return Scored(examples, ensemble.series_scores(ensemble.series_vectors(views, steps)), steps)


def scored_by_detector(examples: Sequence[Example], detector: str) -> Scored:
    """What a single detector says of them: logarithms of its scores, and the highest of them."""
    steps = [np.log1p(example.view.detector_scores[detector]) for example in examples]
    return Scored(examples, np.array([pooled(own) for own in steps]), steps)


def calibrate(scored: Scored) -> dict[str, Calibration]:
    """One calibration per regime; series without a score are left out.

    :raises ValueError: not `is_telling`.
    """
    if not scored.is_telling:
        raise ValueError("Calibration needs fake and organic series with a score.")
    scored = scored.take(np.flatnonzero(~np.isnan(scored.raw)))
    everything = _calibration(scored)
    regimes = np.array([regime_of(example.view.series) for example in scored.examples])
    calibrations = {}
    for regime in REGIMES:
        own = scored.take(np.flatnonzero(regimes == regime))
        fake = int(own.labels.sum()) if len(own.examples) else 0
        enough = min(fake, len(own.examples) - fake) >= FEWEST_OF_EACH
        calibrations[regime] = _calibration(own) if enough else everything
    return calibrations


def _calibration(scored: Scored) -> Calibration:
    labels = scored.labels
    slope, intercept = _platt(scored.raw, labels)
    probabilities = np.clip(expit(slope * scored.raw + intercept), *PROBABILITY_LIMITS)
    flagged_from = _flag_threshold(probabilities, labels, scored.domains)
    steps = np.concatenate(scored.raw_steps)
    fake = np.concatenate([example.labelled.fake_steps for example in scored.examples])
    known = ~np.isnan(steps)
    step_slope, step_intercept = _platt(steps[known], fake[known])
    inside = [
        (expit(step_slope * raw + step_intercept), example.labelled.fake_steps)
        for example, raw in zip(scored.examples, scored.raw_steps, strict=True)
        if example.is_fake
    ]
    return Calibration(
        slope=slope,
        intercept=intercept,
        flagged_from=flagged_from,
        low_below=min(_low_threshold(probabilities, labels), flagged_from),
        step_slope=step_slope,
        step_intercept=step_intercept,
        window_from=_window_threshold(inside),
    )


def _platt(raw: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Slope and intercept for equally frequent classes; a score never counts backwards."""
    if labels.any() and not labels.all():
        logistic = LogisticRegression(C=100.0, class_weight="balanced").fit(raw[:, None], labels)
        slope = float(logistic.coef_[0, 0])
        if slope >= LEAST_SLOPE:
            return slope, float(logistic.intercept_[0])
    return LEAST_SLOPE, -LEAST_SLOPE * float(np.median(raw))


def _flag_threshold(probabilities: np.ndarray, labels: np.ndarray, domains: np.ndarray) -> float:
    """The lowest probability from which neither all organic series together nor those of a
    well-filled domain have more false alarms than allowed.
    """
    groups = [~labels, *(~labels & (domains == domain) for domain in np.unique(domains))]
    limits = [0.5]
    for place, group in enumerate(groups):
        organic = np.sort(probabilities[group])
        if place == 0 or len(organic) >= FEWEST_OF_A_DOMAIN:
            # as many of the highest as may be false alarms stay at or above the threshold
            allowed = int(FALSE_ALARMS * len(organic))
            limits.append(float(np.nextafter(organic[len(organic) - 1 - allowed], 1.0)))
    return min(max(limits), PROBABILITY_LIMITS[1])


def _low_threshold(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The highest probability below which, at equal frequencies, few series are fake."""
    order = np.argsort(probabilities, kind="stable")
    fake = np.cumsum(labels[order]) / labels.sum()
    organic = np.cumsum(~labels[order]) / (~labels).sum()
    good = np.flatnonzero(organic >= LOW_IS_ORGANIC * (fake + organic))
    return float(probabilities[order][good[-1]]) if good.size else 0.0


def _window_threshold(inside: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """The step probability with the best mean F1 of the steps of fake series."""

    def mean_f1(threshold: float) -> float:
        figures = []
        for probabilities, fake in inside:
            told = np.nan_to_num(probabilities) >= threshold
            figures.append(2 * np.sum(told & fake) / max(np.sum(told) + np.sum(fake), 1))
        return float(np.mean(figures))

    return float(max(np.arange(0.3, 0.96, 0.05).round(2), key=mean_f1))
