"""Searches and likenesses as plain data, for the API and ``--json`` alike."""

from dataclasses import asdict
from typing import Any

from accounts.models import SocialAccount
from marketplace.presenting import account_as_json, scores_as_json
from scoring.discovery.resembling import SimilarPage
from scoring.discovery.searching import FoundCreator, SearchPage
from scoring.models import SearchEntry


def search_as_json(page: SearchPage) -> dict[str, Any]:
    return {
        "eligible": page.eligible,
        "eligible_at_least": page.eligible_at_least,
        "depth": page.depth,
        "exact": page.exact,
        "examples": [{"id": one.pk, "name": one.display_name} for one in page.examples],
        "notes": page.notes,
        "emptying_limits": [asdict(one) for one in page.emptying],
        "encoder_version": page.encoder_version,
        "timings_ms": page.timings_ms,
        "results": [found_as_json(found) for found in page.results],
    }


def found_as_json(found: FoundCreator) -> dict[str, Any]:
    return {
        "rank": found.rank,
        **_account(found.account, found.entry),
        "similarity": None if found.similarity is None else round(found.similarity, 4),
        "is_named": found.is_named,
        "shared_words": {"bio": found.shared.bio, "hashtags": found.shared.hashtags},
        **scores_as_json(found),
    }


def similar_as_json(page: SimilarPage) -> dict[str, Any]:
    return {
        "basis": page.basis,
        "depth": page.depth,
        "notes": page.notes,
        "results": [
            {
                "rank": one.rank,
                **_account(one.account, one.entry),
                "score": round(one.score, 4),
                "parts": [asdict(part) for part in one.parts],
                "reasons": one.reasons,
                **scores_as_json(one),
            }
            for one in page.results
        ],
    }


def _account(account: SocialAccount, entry: SearchEntry) -> dict[str, Any]:
    return {
        **account_as_json(account),
        "language": entry.language,
        "bio": account.bio,
        "hashtags": account.hashtags,
        "followers": entry.followers,
        "engagement_rate": entry.engagement_rate,
    }
