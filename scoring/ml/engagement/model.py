"""The engagement model: is this post's growth bought, and in which hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from scoring.ml.artifacts import Artifact
from scoring.ml.engagement import deep
from scoring.ml.engagement.answers import EngagementAssessment
from scoring.ml.engagement.detecting import Detector, cheap_detector
from scoring.ml.engagement.ensemble import Ensemble, SeriesView, pooled, view_series
from scoring.ml.engagement.explaining import flagged_windows
from scoring.ml.engagement.reasons import signed_reasons
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.settings import Calibration, EngagementSettings, regime_of

STEP_FILE: Final = "steps.txt"
SERIES_FILE: Final = "series.txt"
SETTINGS_FILE: Final = "settings.json"
ENSEMBLE: Final = "ensemble"
MOST_POINTS: Final = 17_520
"""Of a longer series (two years of hours) only the newest points are judged: bounds the time."""
LEAST_GAINED: Final = 20.0
"""A series that gained fewer counts than this in all has nothing to judge."""


class EngagementModel:
    """A trained model. Read-only after construction and safe to share between threads."""

    def __init__(
        self,
        *,
        ensemble: Ensemble,
        settings: EngagementSettings,
        version: str,
        feature_set: str,
        trained: Mapping[str, Detector] | None = None,
    ) -> None:
        """:param trained: detectors that had to learn; each needs a calibration to be offered."""
        self.ensemble = ensemble
        self.settings = settings
        self.version = version
        self.feature_set = feature_set
        self.trained = trained or {}

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> EngagementModel:
        return cls(
            ensemble=Ensemble(artifact.booster(STEP_FILE), artifact.booster(SERIES_FILE)),
            settings=EngagementSettings.from_json(artifact.document(SETTINGS_FILE)),
            version=artifact.version,
            feature_set=str(artifact.metadata["feature_set"]),
            trained=deep.shipped(artifact.contents),
        )

    @property
    def detectors(self) -> tuple[str, ...]:
        """What `assess` may be asked to judge by; "ensemble" is the first."""
        names = (*self.settings.detectors, *self.trained)
        return (ENSEMBLE, *(name for name in names if name in self.settings.calibrations))

    @property
    def false_alarm_rate(self) -> float:
        """Share of real organic series, unseen by the training, that the ensemble flags."""
        return self.settings.false_alarm_rate

    def assess(
        self, series: Sequence[EngagementSeries], *, detector: str = ENSEMBLE
    ) -> list[EngagementAssessment]:
        """One assessment per series; a batch gives each series what it would get alone.

        :param detector: one of `detectors`; score, threshold and windows are then its own, and
            there are no reasons.
        :raises ValueError: unknown detector.
        """
        if detector not in self.detectors:
            raise ValueError(f"no detector {detector!r}; there are {', '.join(self.detectors)}")
        newest = [_newest(one) for one in series]
        answers = self._assess_bounded(newest, detector)
        return [
            answer if own is judged else _in_the_whole(answer, own)
            for answer, own, judged in zip(answers, series, newest, strict=True)
        ]

    def _assess_bounded(
        self, series: Sequence[EngagementSeries], detector: str
    ) -> list[EngagementAssessment]:
        refusals = [refusal(one, self.settings.fewest_points) for one in series]
        judged = [one for one, why in zip(series, refusals, strict=True) if why is None]
        if detector == ENSEMBLE:
            answers = iter(
                self._by_ensemble([view_series(one, self.settings.detectors) for one in judged])
            )
        else:
            answers = iter(self._by_detector(judged, detector))
        return [
            abstention(one, why) if why is not None else next(answers)
            for one, why in zip(series, refusals, strict=True)
        ]

    def _by_ensemble(self, views: Sequence[SeriesView]) -> list[EngagementAssessment]:
        if not views:
            return []
        raw_steps = self.ensemble.step_scores(views)
        vectors = self.ensemble.series_vectors(views, raw_steps)
        raw = self.ensemble.series_scores(vectors)
        effects = self.ensemble.contributions(vectors)
        names = self.settings.series_features
        assessments = []
        for place, view in enumerate(views):
            calibration = self._calibration(ENSEMBLE, view.series)
            reasons = signed_reasons(
                view.series,
                dict(zip(names, vectors[place].tolist(), strict=True)),
                dict(zip(names, (calibration.slope * effects[place]).tolist(), strict=True)),
            )
            answer = judgement(view.series, calibration, float(raw[place]), raw_steps[place])
            assessments.append(replace(answer, reasons=reasons))
        return assessments

    def _by_detector(
        self, series: Sequence[EngagementSeries], detector: str
    ) -> list[EngagementAssessment]:
        tool = self.trained.get(detector) or cheap_detector(detector)
        assessments = []
        for one in series:
            scores = np.log1p(tool.score(one))
            if np.isnan(scores).all():
                reason = f"The detector {detector} needs a longer series or other counts."
                assessments.append(abstention(one, reason))
                continue
            calibration = self._calibration(detector, one)
            assessments.append(judgement(one, calibration, pooled(scores), scores))
        return assessments

    def _calibration(self, detector: str, series: EngagementSeries) -> Calibration:
        return self.settings.calibrations[detector][regime_of(series)]


def _newest(series: EngagementSeries) -> EngagementSeries:
    if len(series) <= MOST_POINTS:
        return series
    counts = {metric: values[-MOST_POINTS:] for metric, values in series.counts.items()}
    return EngagementSeries(
        series.series_id, series.hours[-MOST_POINTS:], counts, series.notes, series.category
    )


def _in_the_whole(answer: EngagementAssessment, series: EngagementSeries) -> EngagementAssessment:
    """The answer to the newest part as one to the whole: steps before it are not judged."""
    earlier = len(series) - 1 - len(answer.step_scores)
    windows = tuple(
        replace(window, first=window.first + earlier, last=window.last + earlier)
        for window in answer.windows
    )
    note = f"Only the newest {MOST_POINTS:,} of {len(series):,} observations were judged."
    return replace(
        answer,
        windows=windows,
        step_scores=np.concatenate([np.full(earlier, np.nan), answer.step_scores]),
        notes=(*answer.notes, note),
    )


def refusal(series: EngagementSeries, fewest_points: int) -> str | None:
    """Why the series cannot be judged, None if it can."""
    known = series.known_metrics()
    if len(series) < fewest_points:
        return f"{len(series)} observations are too few; {fewest_points} are needed."
    if not known:
        return "No count is known at two times or more."
    totals = [series.counts[m][~np.isnan(series.counts[m])] for m in known]
    if all(total[-1] == 0 for total in totals):
        return "There is no engagement: all counts are zero."
    gained = float(sum(total[-1] - total[0] for total in totals))
    if gained < LEAST_GAINED:
        return (
            f"The counts grew by {gained:.0f} in all; below {LEAST_GAINED:.0f} there is nothing "
            "to judge."
        )
    if len(known) < 2:
        missing = ", ".join(metric for metric in METRICS if metric not in known)
        return f"Only {known[0]} are known; one of {missing} is needed to compare them with."
    return None


def abstention(series: EngagementSeries, reason: str) -> EngagementAssessment:
    return EngagementAssessment(
        series_id=series.series_id,
        score=None,
        probability=None,
        level=None,
        confidence=None,
        flagged=False,
        reasons=(),
        windows=(),
        step_scores=np.full(max(len(series) - 1, 0), np.nan),
        abstained=True,
        abstain_reason=reason,
        notes=series.notes,
    )


def judgement(
    series: EngagementSeries, calibration: Calibration, raw: float, raw_steps: np.ndarray
) -> EngagementAssessment:
    """The assessment of raw scores; windows are named unless the level is low."""
    probability = calibration.probability(raw)
    level = calibration.level(probability)
    steps = calibration.step_probabilities(raw_steps)
    windows = () if level == "low" else flagged_windows(series, steps, calibration.window_from)
    return EngagementAssessment(
        series_id=series.series_id,
        score=round(100 * probability),
        probability=probability,
        level=level,
        confidence=max(probability, 1 - probability),
        flagged=level == "high",
        reasons=(),
        windows=windows,
        step_scores=steps,
        abstained=False,
        abstain_reason=None,
        notes=series.notes,
    )
