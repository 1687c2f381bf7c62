"""Model answers as the fields of a `Score`: one translation for every interface."""

from dataclasses import asdict
from typing import Any

from scoring.ml.authenticity import AuthenticityAssessment
from scoring.ml.niches import NicheAssignment
from scoring.ml.pricing import NoComparableMarketData, PriceSuggestion

NICHES_KEPT = 8


def authenticity_fields(assessment: AuthenticityAssessment) -> dict[str, Any]:
    """A model answer as the fields of a `Score`."""
    return {
        "value": assessment.risk_score,
        "level": assessment.risk_level or "",
        "confidence": assessment.confidence,
        "abstained": assessment.abstained,
        "abstain_reason": assessment.abstain_reason or "",
        "reasons": [
            {"feature": signal.feature, "text": signal.text, "effect": round(signal.effect, 4)}
            for signal in assessment.top_signals
        ],
        "details": {"probability": assessment.probability},
    }


def niche_fields(assignment: NicheAssignment) -> dict[str, Any]:
    """A model answer as the fields of a `Score`."""
    labels = assignment.labels[:NICHES_KEPT]
    return {
        "value": labels[0][1] if labels else None,
        "confidence": labels[0][1] if labels else None,
        "abstained": assignment.abstained,
        "abstain_reason": assignment.reason or "",
        "reasons": [
            {"feature": "text", "text": f"The word “{word}” points to {label}", "effect": effect}
            for label, word, effect in assignment.evidence
        ],
        "details": {
            "labels": [
                {"name": name, "readable": name.replace("-", " "), "probability": round(p, 4)}
                for name, p in labels
            ],
            "keywords": list(assignment.keywords),
            "cluster": assignment.cluster,
        },
    }


def price_fields(
    answers: dict[str, PriceSuggestion] | NoComparableMarketData,
) -> dict[str, Any]:
    """Suggestions by deliverable as the fields of a `Score`; the middle one is quoted."""
    if isinstance(answers, NoComparableMarketData):
        return {"abstained": True, "abstain_reason": answers.reason, "details": {}}
    quoted_for = sorted(answers)[len(answers) // 2]
    quoted = answers[quoted_for]
    return {
        "low": quoted.min_minor,
        "value": quoted.suggested_minor,
        "high": quoted.max_minor,
        "currency": quoted.currency,
        "confidence": quoted.confidence,
        "reasons": [
            {"feature": name, "text": PREMIUMS[name].format(premium), "effect": premium - 1.0}
            for name, premium in asdict(quoted.factors).items()
            if premium is not None
        ],
        "details": {
            "quoted_for": quoted_for,
            "basis": quoted.basis,
            "comparable_rows": quoted.comparable_rows,
            "factors": asdict(quoted.factors),
            "by_deliverable": {
                name: {
                    "min": answer.min_minor,
                    "suggested": answer.suggested_minor,
                    "max": answer.max_minor,
                }
                for name, answer in answers.items()
            },
        },
    }


PREMIUMS = {
    "follower_count_premium": "Followers: × {:.2f} against the typical priced creator",
    "engagement_premium": "Engagement: × {:.2f}",
    "authenticity_premium": "Authenticity: × {:.2f}",
    "market_trend": "Market trend: × {:.2f}",
}
