"""What is known of accounts that their price may depend on, at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import SocialAccount
from scoring.features.account_facts import Facts, read_facts
from scoring.ml.match.limits import country_key
from scoring.ml.prices.reading import TAG_NICHES
from scoring.models import Score

Task = Score.Task


@dataclass(frozen=True)
class Known:
    """``facts`` as `read_facts` gives them; authenticity is 0 (fake) to 1; unknown is None."""

    platform: str
    facts: Facts
    authenticity: float | None
    niches: tuple[str, ...]
    country: str


def know_accounts(accounts: Sequence[SocialAccount], *, as_of: datetime) -> list[Known]:
    """Facts and scores recorded up to ``as_of``, in order. Three queries."""
    scores = scores_as_of([account.pk for account in accounts], as_of=as_of)
    facts = read_facts(accounts, as_of=as_of)
    return [
        known_of(account, one, scores.get(account.pk, {}))
        for account, one in zip(accounts, facts, strict=True)
    ]


def known_of(account: SocialAccount, facts: Facts, scores: Mapping[str, Score]) -> Known:
    return Known(
        platform=account.platform,
        facts=facts,
        authenticity=_authenticity(scores.get(Task.AUTHENTICITY)),
        niches=_niches(account, scores.get(Task.NICHE)),
        country=country_key(account.country) if account.country else "",
    )


def market_facts(known: Known) -> dict[str, Any]:
    """The facts of a price request but for the work itself, JSON-ready."""
    facts, extra = known.facts, known.facts["extra"]
    likes, comments = facts.get("avg_likes"), facts.get("avg_comments")
    interactions = None if likes is None else float(likes) + float(comments or 0)
    followers, change = _number(facts["followers"]), _number(extra.get("follower_change_15d"))
    return {
        "followers": followers,
        "engagement_rate": _first(extra.get("engagement_rate_30d"), facts["engagement_rate"]),
        "authenticity": known.authenticity,
        "niche": ";".join(known.niches),
        "country": known.country,
        "median_views": _number(extra.get("median_views_30d")),
        "expected_views": _number(extra.get("expected_views")),
        "median_interactions": _first(extra.get("median_interactions_30d"), interactions),
        "follower_growth": None if change is None or not followers else change / followers,
    }


def scores_as_of(account_ids: Sequence[int], *, as_of: datetime) -> dict[int, dict[str, Score]]:
    """Account → task → the score that was the newest then. One query."""
    newest = (
        Score.objects.filter(
            account_id__in=account_ids,
            task__in=[Task.AUTHENTICITY, Task.NICHE],
            created_at__lte=as_of,
        )
        .order_by("account_id", "task", "-created_at", "-pk")
        .distinct("account_id", "task")
    )
    found: dict[int, dict[str, Score]] = {}
    for score in newest:
        found.setdefault(score.account_id, {})[score.task] = score
    return found


def _authenticity(score: Score | None) -> float | None:
    """In hundredths, so that a score that trembles does not price everybody anew."""
    if score is None or score.abstained or score.value is None:
        return None
    return round(1 - score.value / 100, 2)


def _niches(account: SocialAccount, score: Score | None) -> tuple[str, ...]:
    chosen = score.details.get("chosen") or [] if score is not None else []
    named = [TAG_NICHES.get(name, name).lower() for name in (*account.declared_niches, *chosen)]
    return tuple(dict.fromkeys(name.replace(";", " ") for name in named))


def _first(*values: Any) -> float | None:
    return next((float(value) for value in values if value is not None), None)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
