"""Reading niche groups: the list, one of them, and those of a creator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.errors import NotFound
from scoring.models import NicheCentre, NicheClustering, NicheMembership, SearchEntry

MEMBERS_SHOWN = 12


class NoSuchGroup(NotFound):
    """No group of the newest run has this id."""

    code = "niche_group_not_found"
    message = "There is no such niche group; the newest run may have ended it."


@dataclass(frozen=True)
class NicheGroupFacts:
    """A group as the newest run and the last count have it; unknown is None.

    ``platform_shares`` add up to 1, the largest first. ``median_engagement_rate`` is a share.
    """

    id: int
    name: str
    keywords: tuple[str, ...]
    creators: int
    accounts: int
    platform_shares: dict[str, float]
    median_followers: float | None
    median_engagement_rate: float | None
    counted_at: datetime | None

    @property
    def words(self) -> str:
        """The keywords for a search box."""
        return " ".join(self.keywords)


@dataclass(frozen=True)
class NicheGroups:
    """All groups, the largest first, and the run that found them; no run yet: None."""

    run: NicheClustering | None
    groups: list[NicheGroupFacts]


def newest_clustering() -> NicheClustering | None:
    """The run whose groups are shown. One query."""
    return NicheClustering.objects.order_by("-pk").first()


def list_groups() -> NicheGroups:
    """Two queries."""
    run = newest_clustering()
    if run is None:
        return NicheGroups(None, [])
    centres = run.centres.select_related("group").defer("vector").order_by("-creators", "group_id")
    return NicheGroups(run, [_facts(centre) for centre in centres])


def get_group(group_id: int) -> NicheGroupFacts:
    """Two queries.

    :raises NoSuchGroup: the newest run has none with this id.
    """
    return _facts(_centre(group_id))


def list_typical_members(group_id: int) -> list[SearchEntry]:
    """The visible accounts nearest to a group's centre, a creator once. One query."""
    nearest = (
        NicheMembership.objects.filter(group_id=group_id, entry__is_visible=True)
        .select_related("entry__account", "entry__creator")
        .order_by("distance", "entry_id")[: 2 * MEMBERS_SHOWN]
    )
    by_creator: dict[int, SearchEntry] = {}
    for membership in nearest:
        by_creator.setdefault(membership.entry.creator_id, membership.entry)
    return list(by_creator.values())[:MEMBERS_SHOWN]


def get_groups_of_accounts(account_ids: Collection[int]) -> dict[int, NicheGroupFacts]:
    """Account id → its group; none before the first run and for accounts without text.

    Two queries, however many accounts.
    """
    memberships = list(
        NicheMembership.objects.filter(entry__account__in=account_ids).values_list(
            "entry__account_id", "clustering_id", "group_id"
        )
    )
    centres = NicheCentre.objects.filter(
        clustering__in={clustering for _, clustering, _ in memberships},
        group__in={group for _, _, group in memberships},
    )
    groups = {
        (centre.clustering_id, centre.group_id): _facts(centre)
        for centre in centres.select_related("group").defer("vector")
    }
    return {account: groups[clustering, group] for account, clustering, group in memberships}


def _centre(group_id: int) -> NicheCentre:
    run = newest_clustering()
    found = None
    if run is not None:
        found = run.centres.filter(group_id=group_id).select_related("group").first()
    if found is None:
        raise NoSuchGroup
    return found


def _facts(centre: NicheCentre) -> NicheGroupFacts:
    counts: dict[str, Any] = centre.accounts_by_platform
    shares = {
        platform: count / centre.accounts
        for platform, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    }
    return NicheGroupFacts(
        id=centre.group_id,
        name=centre.group.name,
        keywords=tuple(centre.keywords),
        creators=centre.creators,
        accounts=centre.accounts,
        platform_shares=shares,
        median_followers=centre.median_followers,
        median_engagement_rate=centre.median_engagement_rate,
        counted_at=centre.counted_at,
    )
