"""Services' answers as plain data, for the API and ``--json`` alike."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from accounts.models import SocialAccount
from marketplace.emptying import Emptying
from scoring.matching import MatchScore, Placing, RankedCreator, Ranking, WhyNot
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
        "exposure": [asdict(tier) for tier in ranking.exposure],
        "timings_ms": ranking.timings_ms,
        "results": [ranked_creator_as_json(result) for result in ranking.results],
    }


def ranked_creator_as_json(result: RankedCreator) -> dict[str, Any]:
    return {
        "rank": result.rank,
        **account_as_json(result.account),
        "bio": result.account.bio,
        **match_as_json(result.match),
        **scores_as_json(result),
    }


def account_as_json(account: SocialAccount) -> dict[str, Any]:
    """Whose account it is and which, as every list says it."""
    return {
        "creator_id": account.creator_id,
        "account_id": account.pk,
        "name": account.creator.display_name,
        "is_simulated": account.creator.is_simulated,
        "platform": account.platform,
        "handle": account.handle,
        "country": account.country,
    }


class Scored(Protocol):
    """What has the current scores of one account, None where there is none."""

    @property
    def risk(self) -> Score | None: ...
    @property
    def niche(self) -> Score | None: ...
    @property
    def price(self) -> Score | None: ...


def scores_as_json(scored: Scored) -> dict[str, Any]:
    return {
        "fake_follower_risk": score_as_json(scored.risk),
        "niches": score_as_json(scored.niche),
        "price": score_as_json(scored.price),
    }


def match_as_json(match: MatchScore) -> dict[str, Any]:
    """In the words of document 000: match_score, percentile, explanation."""
    return {
        "match_score": round(match.score, 4),
        "percentile": match.percentile,
        "explanation": explanation_as_json(match),
    }


def explanation_as_json(match: MatchScore) -> dict[str, Any]:
    return {
        "base": round(match.base, 6),
        "positive_factors": match.positive_factors,
        "concerns": match.concerns,
        "factors": [asdict(factor) for factor in match.factors],
    }


def why_not_as_json(found: WhyNot) -> dict[str, Any]:
    creator = found.creator
    return {
        "creator_id": creator.pk,
        "name": creator.display_name,
        "is_simulated": creator.is_simulated,
        "ranked": found.ranked,
        "eligible": found.eligible,
        "accounts": [_placing_as_json(placing) for placing in found.placings],
    }


def _placing_as_json(placing: Placing) -> dict[str, Any]:
    match = placing.match
    return {
        "account_id": placing.account.pk,
        "platform": placing.account.platform,
        "handle": placing.account.handle,
        "eligible": placing.is_eligible,
        "refusals": [asdict(refusal) for refusal in placing.refusals],
        "rank": placing.rank,
        "instead_account_id": placing.instead.pk if placing.instead else None,
        "nearer": placing.nearer,
        "match_score": round(match.score, 4) if match else None,
        "percentile": match.percentile if match else None,
        "explanation": explanation_as_json(match) if match else None,
        "weakest": [asdict(factor) for factor in placing.weakest],
    }


def emptying_as_json(emptying: Sequence[Emptying]) -> list[dict[str, Any]]:
    return [asdict(one) for one in emptying]


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
