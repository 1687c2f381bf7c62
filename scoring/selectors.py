"""Reads over scores and the catalogue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet
from redis.exceptions import RedisError

from accounts.models import AudienceSnapshot, SocialAccount
from scoring.models import Score, SearchEntry

CHOICES_SECONDS = 60


@dataclass(frozen=True)
class CatalogueState:
    """How much of the catalogue can be found and judged at this moment."""

    accounts: int
    embedded: int
    scored: int
    last_scored_at: datetime | None


def current_scores(account_ids: Sequence[int]) -> dict[int, dict[str, Score]]:
    """Account id → task → its newest score. One query."""
    newest = (
        Score.objects.filter(account_id__in=account_ids)
        .order_by("account_id", "task", "-created_at", "-pk")
        .distinct("account_id", "task")
    )
    scores: dict[int, dict[str, Score]] = {}
    for score in newest:
        scores.setdefault(score.account_id, {})[score.task] = score
    return scores


def current_audiences(account_ids: Sequence[int]) -> dict[int, AudienceSnapshot]:
    """Account id → who follows it, as last recorded. One query."""
    newest = (
        AudienceSnapshot.objects.filter(account_id__in=account_ids)
        .order_by("account_id", "-day", "-recorded_at")
        .distinct("account_id")
    )
    return {audience.account_id: audience for audience in newest}


def list_score_history(account: SocialAccount) -> QuerySet[Score]:
    """All scores of an account, the newest first."""
    return account.scores.order_by("-created_at", "-pk")


def get_catalogue_state() -> CatalogueState:
    """Counts over the catalogue. Two queries."""
    entries = SearchEntry.objects.aggregate(
        embedded=Count("pk", filter=Q(embedding__isnull=False)),
        scored=Count("pk", filter=Q(scored_at__isnull=False)),
        last_scored_at=Max("scored_at"),
    )
    return CatalogueState(accounts=SocialAccount.objects.count(), **entries)


def known_countries() -> list[tuple[str, int]]:
    """Countries of visible accounts with their counts, the most frequent first."""
    return _cached(
        "known-countries",
        lambda: list(
            SearchEntry.objects.filter(is_visible=True)
            .exclude(country="")
            .values_list("country")
            .annotate(count=Count("pk"))
            .order_by("-count", "country")
        ),
    )


def known_languages() -> list[tuple[str, int]]:
    """Languages (ISO 639-1) of visible accounts with their counts, the most frequent first."""
    return _cached(
        "known-languages",
        lambda: list(
            SearchEntry.objects.filter(is_visible=True)
            .exclude(language="")
            .values_list("language")
            .annotate(count=Count("pk"))
            .order_by("-count", "language")
        ),
    )


def known_niches() -> list[tuple[str, int]]:
    """Niches of visible accounts with their counts, by name."""
    return _cached("known-niches", _count_niches)


def _count_niches() -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for niches in SearchEntry.objects.filter(is_visible=True).values_list("niches", flat=True):
        for niche in niches:
            counts[niche] = counts.get(niche, 0) + 1
    return sorted(counts.items())


def _cached(key: str, read: Callable[[], list[tuple[str, int]]]) -> list[tuple[str, int]]:
    try:
        found = cache.get(key)
        if found is None:
            found = read()
            cache.set(key, found, CHOICES_SECONDS)
    except RedisError:
        return read()
    return [(name, count) for name, count in found]
