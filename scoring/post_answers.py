"""A model's answer about one series as plain data: for `PostScore`, the API and commands."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from scoring.ml.engagement.answers import EngagementAssessment, FlaggedWindow
from scoring.ml.engagement.series import SECONDS_PER_HOUR
from scoring.models import PostScore

LONGEST_REASON = 300


def assessment_fields(assessment: EngagementAssessment) -> dict[str, Any]:
    """A model answer as the fields of a `PostScore`."""
    return {
        "value": assessment.score,
        "level": assessment.level or "",
        "probability": assessment.probability,
        "confidence": assessment.confidence,
        "flagged": assessment.flagged,
        "abstained": assessment.abstained,
        "abstain_reason": (assessment.abstain_reason or "")[:LONGEST_REASON],
        "reasons": [
            {"feature": reason.feature, "text": reason.text, "effect": round(reason.effect, 4)}
            for reason in assessment.reasons
        ],
        "windows": [window_as_json(window) for window in assessment.windows],
        "notes": list(assessment.notes),
    }


def rejection_fields(message: str) -> dict[str, Any]:
    """The fields of a `PostScore` whose observations are no series of counts."""
    return {"abstained": True, "abstain_reason": message[:LONGEST_REASON]}


def window_as_json(window: FlaggedWindow) -> dict[str, Any]:
    """``first`` and ``last`` are steps of the series, 0-based and inclusive."""
    return {
        "first": int(window.first),
        "last": int(window.last),
        "starts_at": hour_as_text(window.starts),
        "ends_at": hour_as_text(window.ends),
        "metrics": list(window.metrics),
        "pattern": window.pattern,
        "score": round(float(window.score), 4),
        "sentence": window.sentence,
    }


def step_scores_as_json(assessment: EngagementAssessment) -> list[float | None]:
    """One number a step, None where a step cannot be judged."""
    return [
        round(float(score), 4) if np.isfinite(score) else None for score in assessment.step_scores
    ]


def assessment_of(score: PostScore) -> EngagementAssessment:
    """A stored answer as the model gave it, but for windows and the scores of single steps."""
    return EngagementAssessment(
        series_id=str(score.post_id),
        score=None if score.value is None else round(score.value),
        probability=score.probability,
        level=score.level or None,  # type: ignore[arg-type]
        confidence=score.confidence,
        flagged=score.flagged,
        reasons=(),
        windows=(),
        step_scores=np.empty(0),
        abstained=score.abstained,
        abstain_reason=score.abstain_reason or None,
    )


def hour_as_text(hour: float) -> str:
    """Hours since 1970 as ISO 8601; counts are taken at whole seconds."""
    return datetime.fromtimestamp(round(hour * SECONDS_PER_HOUR), tz=UTC).isoformat()
