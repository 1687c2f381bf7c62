"""A diagnosis as plain data: for the API, the command and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from scoring.ml.plep.answers import Contributor, PlepPrediction, Suggestion, WhatIf
from scoring.planning_posts.diagnosing import Diagnosis, Record
from scoring.planning_posts.drafts import picture_as_json

ACCOUNT_FACTS: Final = frozenset(
    {
        "followers",
        "following",
        "earlier engagement",
        "recent direction",
        "earlier views",
        "pace of posting",
    }
)
"""Facts of the account; the other facts are the draft's own, which its author can change."""


def diagnosis_as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """Unknown is None; counts are whole numbers, factors multiply (1.1: a tenth more)."""
    told, gone = diagnosis.prediction, diagnosis.abstention
    return {
        "platform": diagnosis.planner.platform,
        "abstained": told is None,
        "code": gone.code if gone else None,
        "reason": gone.reason if gone else None,
        "engagement": engagement_as_json(told) if told else None,
        "meaning": told.meaning if told else None,
        "interval": _record_as_json(diagnosis.record),
        "confidence": round(told.confidence, 4) if told else None,
        "level": told.level if told else None,
        "usual_engagement": diagnosis.usual,
        "contributors": {
            "positive": _contributors(told.positive if told else ()),
            "negative": _contributors(told.negative if told else ()),
        },
        "what_if": [what_if_as_json(one) for one in diagnosis.what_ifs],
        "suggestions": [_suggestion(one) for one in diagnosis.suggestions],
        "disclosure": diagnosis.disclosure.to_json(),
        "picture": picture_as_json(diagnosis.post.picture),
        "basis": told.basis if told else None,
        "notes": list(diagnosis.answer.notes),
        "simulated": diagnosis.planner.is_simulated,
        "model_version": diagnosis.model_version,
        "as_of": diagnosis.as_of.isoformat(),
    }


def engagement_as_json(told: PlepPrediction) -> dict[str, int]:
    return {"low": told.low, "expected": told.middle, "high": told.high}


def what_if_as_json(one: WhatIf) -> dict[str, Any]:
    known = one.low is not None and one.expected is not None and one.high is not None
    return {
        "changed": list(one.changed),
        "factor": {"low": _four(one.low), "expected": _four(one.expected), "high": _four(one.high)}
        if known
        else None,
        "predicted_factor": _four(one.predicted),
        "supported": one.supported,
        "reason": one.reason,
        "engagement": engagement_as_json(one.after),
    }


def _suggestion(one: Suggestion) -> dict[str, Any]:
    change = {
        name: value.isoformat()
        if isinstance(value, datetime)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in one.change.items()
    }
    return {"text": one.text, "change": change, **what_if_as_json(one.what_if)}


def _contributors(found: Iterable[Contributor]) -> list[dict[str, Any]]:
    return [
        {
            "fact": one.fact,
            "text": one.text,
            "effect": _four(one.effect),
            "factor": _four(one.factor),
            "about": "account" if one.fact in ACCOUNT_FACTS else "draft",
        }
        for one in found
    ]


def _record_as_json(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "nominal": record.nominal,
        "observed": _four(record.observed),
        "posts": record.posts,
        "sentence": record.sentence,
    }


def _four(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
