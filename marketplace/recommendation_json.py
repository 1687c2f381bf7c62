"""Recommendations as plain data, for the API and ``--json`` alike."""

from typing import Any

from marketplace.presenting import account_as_json, scores_as_json
from scoring.recommendations.serving import Recommendation, Recommendations


def recommendations_as_json(found: Recommendations) -> dict[str, Any]:
    return {
        "next": str(found.next) if found.next else None,
        "model_version": found.version,
        "confidence": {
            "sentences": found.confidence.sentences,
            "is_cold_start": found.confidence.is_cold,
            "own_events": found.confidence.own_events,
            "all_events": found.confidence.all_events,
        },
        "hidden": found.hidden,
        "working": found.working,
        "catalogue": found.catalogue,
        "results": [_one(one) for one in found.results],
    }


def _one(one: Recommendation) -> dict[str, Any]:
    return {
        "rank": one.rank,
        **account_as_json(one.account),
        "followers": one.entry.followers,
        "engagement_rate": one.entry.engagement_rate,
        "propensity": round(one.propensity, 6),
        "by_lot": one.by_lot,
        "explanation": {"positive_factors": one.reasons, "concerns": one.concerns},
        **scores_as_json(one),
    }
