"""Model answers as the fields of a `Score`: one translation for every interface."""

from collections.abc import Mapping
from typing import Any

from scoring.ml.authenticity import AuthenticityAssessment
from scoring.ml.creator_answer import CreatorRisk
from scoring.ml.niches import NicheAssignment
from scoring.ml.prices.suggestions import NoComparableMarketData, PriceSuggestion

Quote = PriceSuggestion | NoComparableMarketData

NICHES_KEPT = 8
QUOTED_FIRST = "video_21_60s"


def authenticity_fields(assessment: AuthenticityAssessment | CreatorRisk) -> dict[str, Any]:
    """An answer, of the account model alone or of all evidence, as the fields of a `Score`."""
    details = {"probability": assessment.probability}
    if isinstance(assessment, CreatorRisk):
        details = assessment.details()
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
        "details": details,
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
            {
                "feature": "text",
                "text": f"“{word}” points to {label.replace('-', ' ')}",
                "effect": round(effect, 4),
            }
            for label, word, effect in assignment.evidence
        ],
        "details": {
            "labels": [
                {"name": name, "readable": name.replace("-", " "), "probability": round(p, 4)}
                for name, p in labels
            ],
            "keywords": list(assignment.keywords),
            "cluster": assignment.cluster,
            "chosen": list(assignment.chosen),
        },
    }


def price_fields(answers: Mapping[str, Quote]) -> dict[str, Any]:
    """One model's answers by deliverable as the fields of a `Score`; one of them is quoted."""
    priced = {
        name: answer for name, answer in answers.items() if isinstance(answer, PriceSuggestion)
    }
    if not priced:
        refusal = next(iter(answers.values()))
        assert isinstance(refusal, NoComparableMarketData)
        return {"abstained": True, "abstain_reason": refusal.reason[:300], "details": {}}
    quoted_for = QUOTED_FIRST if QUOTED_FIRST in priced else next(iter(priced))
    quoted = priced[quoted_for]
    factors = dict(quoted.factors)
    return {
        "low": quoted.min_minor,
        "value": quoted.suggested_minor,
        "high": quoted.max_minor,
        "currency": quoted.currency,
        "confidence": quoted.confidence,
        "reasons": [
            {
                "feature": name,
                "text": premium_words(name).format(premium),
                "effect": premium - 1.0,
            }
            for name, premium in factors.items()
            if premium is not None
        ],
        "details": {
            "quoted_for": quoted_for,
            "basis": quoted.basis,
            "comparable_rows": quoted.comparable_creators,
            "nominal": quoted.coverage.nominal,
            "held_out": quoted.coverage.observed,
            "held_out_prices": quoted.coverage.prices,
            "simulated": quoted.simulated,
            "factors": factors,
            "by_deliverable": {
                name: {
                    "min": answer.min_minor,
                    "suggested": answer.suggested_minor,
                    "max": answer.max_minor,
                }
                for name, answer in priced.items()
            },
        },
    }


PREMIUMS = {
    "follower_count_premium": "Followers: × {:.2f} against the typical priced creator",
    "engagement_premium": "Engagement: × {:.2f}",
    "authenticity_premium": "Authenticity: × {:.2f}",
    "market_trend": "Market trend: × {:.2f}",
    "seasonality": "Season: × {:.2f}",
    "campaign_type": "Kind of campaign: × {:.2f}",
    "geography": "Country: × {:.2f}",
    "deliverable_type": "Kind of work: × {:.2f}",
    "niche": "Niche: × {:.2f}",
}


def premium_words(name: str) -> str:
    return PREMIUMS.get(name) or name.replace("_", " ").capitalize() + ": × {:.2f}"
