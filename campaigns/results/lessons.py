"""Outcomes as plain rows for those who learn from them, one row per piece or collaboration.

Every row holds features dated before the agreement only (``as_of`` says up to when), then what
came of it. Unknown is None. The newest outcome of each piece counts; simulated ones are marked,
and left out unless asked for.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.money import to_major
from campaigns.horizons import STATED, Horizon
from campaigns.models import Outcome
from campaigns.results.arithmetic import engagement_rate, engagements

Row = dict[str, Any]
# Of what files had of an account, what the price model reads.
MARKET_FACTS = (
    "follower_change_15d", "median_views_30d", "engagement_rate_30d", "completion_rate_30d",
    "expected_views", "tags",
)  # fmt: skip
HORIZONS = (Horizon.WEEK, Horizon.MONTH)


def list_price_outcomes(*, simulated: bool = False) -> Iterator[Row]:
    """What each piece was agreed at, whatever came of it; prices in major units."""
    for outcome in _newest(simulated):
        facts = outcome.account_facts
        extra = facts.get("extra") or {}
        yield {
            **_about(outcome),
            "followers": facts.get("followers"),
            **{name: extra.get(name) for name in MARKET_FACTS},
            "engagement_rate": facts.get("engagement_rate"),
            "kind": outcome.kind,
            "currency": outcome.currency,
            "price": to_major(outcome.price_minor, outcome.currency),
            "state": outcome.state,
        }


def list_match_outcomes(*, simulated: bool = False) -> Iterator[Row]:
    """Brief and account with how well it went, one row per piece.

    Matches are ranked when somebody looks and not stored, so no score is here: whoever compares
    ranks brief and account with the facts of ``as_of``.
    """
    for outcome in _newest(simulated).select_related("brief"):
        brief = outcome.brief
        yield {
            **_about(outcome),
            "brief_id": outcome.brief_id,
            "brief_version": brief.version if brief else None,
            "brief_text": brief.text if brief else None,
            "brief_niches": ";".join(brief.niches) if brief else None,
            "followers": outcome.account_facts.get("followers"),
            "engagement_rate": outcome.account_facts.get("engagement_rate"),
            "delivered": int(outcome.state == "settled"),
            "on_time": None if outcome.on_time is None else int(outcome.on_time),
            "rating": outcome.rating,
            **_results(outcome),
        }


def list_post_outcomes(*, simulated: bool = False) -> Iterator[Row]:
    """Published posts with what was measured of them; what sides only state is left out."""
    for outcome in (
        _newest(simulated)
        .filter(published_at__isnull=False)
        .select_related("deliverable__publication__post")
    ):
        post = outcome.deliverable.publication.post
        yield {
            **_about(outcome),
            "post_id": post.pk if post else None,
            "kind": outcome.kind,
            "caption": post.caption if post else None,
            "hashtags": ";".join(post.hashtags) if post else None,
            "duration_s": post.duration_s if post else None,
            "published_at": outcome.published_at.isoformat() if outcome.published_at else None,
            "followers": outcome.account_facts.get("followers"),
            "engagement_rate": outcome.account_facts.get("engagement_rate"),
            **_results(outcome, measured_only=True),
            **_counts(outcome),
        }


def _newest(simulated: bool) -> QuerySet[Outcome]:
    later = Outcome.objects.filter(deliverable=OuterRef("deliverable"), pk__gt=OuterRef("pk"))
    found = Outcome.objects.filter(~Exists(later)).order_by("pk")
    found = found.select_related("collaboration")
    return found if simulated else found.filter(is_simulated=False)


def _about(outcome: Outcome) -> Row:
    return {
        "outcome_id": outcome.pk,
        "collaboration_id": outcome.collaboration_id,
        "deliverable_id": outcome.deliverable_id,
        "creator_id": outcome.collaboration.creator_id,
        "account_id": outcome.account_id,
        "platform": outcome.platform,
        "as_of": outcome.agreed_at.isoformat(),
        "simulated": int(outcome.is_simulated),
    }


def _counts(outcome: Outcome) -> Row:
    """What engagement is made of: who learns from posts sums it as their own data does."""
    row: Row = {}
    for horizon in HORIZONS:
        seen = outcome.results.get(horizon.value) or {}
        measured = {} if seen.get("provenance") in STATED else seen
        for name in ("likes", "comments", "shares", "saves"):
            row[f"{name}_{horizon.value}"] = measured.get(name)
    return row


def _results(outcome: Outcome, *, measured_only: bool = False) -> Row:
    row: Row = {}
    for horizon in HORIZONS:
        seen = outcome.results.get(horizon.value) or {}
        if measured_only and seen.get("provenance") in STATED:
            seen = {}
        engaged = engagements(seen, outcome.platform)
        row[f"views_{horizon.value}"] = seen.get("views")
        row[f"engagements_{horizon.value}"] = engaged
        row[f"engagement_rate_{horizon.value}"] = engagement_rate(engaged, seen.get("views"))
        row[f"provenance_{horizon.value}"] = seen.get("provenance")
    return row
