"""Answers for series someone sends, without a post behind them, and for posts known here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accounts.errors import DomainError
from scoring import registry
from scoring.ml.engagement.answers import EngagementAssessment
from scoring.ml.engagement.series import EngagementSeries, SeriesRejected
from scoring.post_answers import assessment_fields, step_scores_as_json
from scoring.post_scoring import DETECTOR
from scoring.post_selectors import TASK
from scoring.post_series import Observations, checked_observations

NONE: Observations = Observations(times=(), counts={})


class SeriesRefused(DomainError):
    """Observations that are no series of counts; ``details`` name the input at fault."""

    http_status = 400


class UnknownDetector(DomainError):
    code = "unknown_detector"


@dataclass(frozen=True)
class AskedSeries:
    """One series to judge. ``name`` is the asker's own; ``is_stored`` says it is a known post."""

    name: str
    observations: Observations
    is_stored: bool = False


@dataclass(frozen=True)
class EngagementAnswers:
    """One answer or refusal for each series, in order, and what judged them."""

    answers: list[dict[str, Any] | SeriesRefused]
    model_version: str
    detector: str


def predict_fake_engagement(
    asked: Sequence[AskedSeries], *, detector: str = "", now: datetime, with_steps: bool = False
) -> EngagementAnswers:
    """Judge observations; a series that is refused does not keep the others from an answer.

    :param detector: one of the active model's; the ensemble when nothing is said.
    :raises UnknownDetector: naming those there are.
    :raises NoActiveVersion: if the task has no model.
    """
    checked = [_checked(one, now=now) for one in asked]
    sound = [series for series in checked if isinstance(series, EngagementSeries)]
    told = judge_series(sound, detector=detector, with_steps=with_steps)
    answers = iter(told.answers)
    return replace(
        told,
        answers=[one if isinstance(one, SeriesRefused) else next(answers) for one in checked],
    )


def judge_series(
    series: Sequence[EngagementSeries], *, detector: str = "", with_steps: bool = False
) -> EngagementAnswers:
    """The answer for each checked series. Raises as `predict_fake_engagement` does."""
    version = registry.active_version(TASK)
    model = registry.load(TASK, version)
    detector = detector or DETECTOR
    if detector not in model.detectors:
        raise UnknownDetector(
            f"There is no detector {detector!r}; there are {', '.join(model.detectors)}.",
            details={"field": "detector"},
        )
    assessments = model.assess(list(series), detector=detector) if series else []
    return EngagementAnswers(
        answers=[
            engagement_response(assessment, observations=len(one), steps=with_steps)
            for one, assessment in zip(series, assessments, strict=True)
        ],
        model_version=f"{TASK}/{version}",
        detector=detector,
    )


def engagement_response(
    assessment: EngagementAssessment, *, observations: int, steps: bool
) -> dict[str, Any]:
    """A model answer in the words of the API."""
    fields = assessment_fields(assessment)
    return {
        "score": fields["value"],
        "level": fields["level"] or None,
        "confidence": fields["confidence"],
        "flagged": fields["flagged"],
        "abstained": fields["abstained"],
        "reason": fields["abstain_reason"],
        "reasons": fields["reasons"],
        "windows": [_without_steps(window) for window in fields["windows"]],
        "step_scores": step_scores_as_json(assessment) if steps else None,
        "observations": observations,
        "notes": fields["notes"],
    }


def _without_steps(window: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in window.items() if name not in {"first", "last"}}


def _checked(asked: AskedSeries, *, now: datetime) -> EngagementSeries | SeriesRefused:
    try:
        return checked_observations(asked.observations, series_id=asked.name, now=now)
    except SeriesRejected as rejection:
        field = "post_id" if asked.is_stored else _place(rejection)
        return SeriesRefused(rejection.message, code=rejection.code, details={"field": field})


def _place(rejection: SeriesRejected) -> str:
    """The input at fault, such as ``observations.3.likes``: places count from 0."""
    if rejection.place is None:
        return "observations"
    return ".".join(filter(None, ["observations", str(rejection.place), rejection.metric]))
