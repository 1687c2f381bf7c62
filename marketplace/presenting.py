"""Services' answers as plain data, for the API and ``--json`` alike."""

from dataclasses import asdict
from typing import Any

from scoring.matching import MatchScore, RankedCreator, Ranking
from scoring.models import Score


def ranking_as_json(ranking: Ranking) -> dict[str, Any]:
    return {
        "eligible": ranking.eligible,
        "ranked": ranking.ranked,
        "exact": ranking.exact,
        "niches": ranking.niches,
        "notes": ranking.notes,
        "match_version": ranking.match_version,
        "encoder_version": ranking.encoder_version,
        "timings_ms": ranking.timings_ms,
        "results": [ranked_creator_as_json(result) for result in ranking.results],
    }


def ranked_creator_as_json(result: RankedCreator) -> dict[str, Any]:
    account = result.account
    return {
        "rank": result.rank,
        "creator_id": account.creator_id,
        "account_id": account.pk,
        "name": account.creator.display_name,
        "is_simulated": account.creator.is_simulated,
        "platform": account.platform,
        "handle": account.handle,
        "country": account.country,
        "bio": account.bio,
        **match_as_json(result.match),
        "fake_follower_risk": score_as_json(result.risk),
        "niches": score_as_json(result.niche),
        "price": score_as_json(result.price),
    }


def match_as_json(match: MatchScore) -> dict[str, Any]:
    """In the words of document 000: match_score, percentile, explanation."""
    return {
        "match_score": round(match.score, 4),
        "percentile": match.percentile,
        "explanation": {
            "positive_factors": match.positive_factors,
            "concerns": match.concerns,
            "factors": [asdict(factor) for factor in match.factors],
        },
    }


def score_as_json(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "id": score.pk,
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "level": score.level,
        "confidence": score.confidence,
        "currency": score.currency,
        "abstained": score.abstained,
        "abstain_reason": score.abstain_reason,
        "reasons": score.reasons,
        "details": score.details,
        "model_version": score.model_version,
        "as_of": score.as_of.isoformat(),
    }
