"""Whether the events of a batch can be believed, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.errors import NotFound
from accounts.idempotency import KeyReused
from accounts.models import Brand, User
from campaigns.models import Campaign
from scoring.interactions.errors import CLOCK_TOLERANCE, OLDEST, CreatorNotShown, RowProblem
from scoring.interactions.kept import Kept, NewEvent
from scoring.models import InteractionEvent


@dataclass(frozen=True)
class Place:
    """Where a creator stood in a list."""

    position: int
    surface: str
    campaign_id: int | None


def check_events(
    *,
    brand: Brand,
    actor: User,
    events: Sequence[NewEvent],
    kept: Kept,
    visible: set[int],
    now: datetime,
) -> tuple[list[InteractionEvent], list[RowProblem]]:
    """The rows still to be written, and what is wrong. Two queries at most."""
    problems = kept.problems(events)
    places = _places_of(brand, events)
    campaigns = _campaigns_of(brand, events)
    planned: dict[UUID | None, tuple[NewEvent, InteractionEvent]] = {}
    for row, one in enumerate(events, start=1):
        if kept.has(one):
            continue
        twin = planned.get(one.key)
        if twin is not None:
            if twin[0] != one:
                problems.append(
                    RowProblem(row, "key", KeyReused.code, "Two events of the batch have this key.")
                )
            continue
        wrong = list(
            _problems_of(row, one, places=places, campaigns=campaigns, visible=visible, now=now)
        )
        problems.extend(wrong)
        if not wrong:
            place = places.get((one.list_id, one.creator_id))
            planned[one.key] = (one, _row(one, brand=brand, actor=actor, place=place, now=now))
    return [event for _, event in planned.values()], problems


def _problems_of(
    row: int,
    event: NewEvent,
    *,
    places: dict[tuple[UUID | None, int], Place],
    campaigns: set[int],
    visible: set[int],
    now: datetime,
) -> Iterable[RowProblem]:
    if event.creator_id not in visible:
        yield RowProblem(
            row,
            "creator_id",
            NotFound.code,
            "There is no such creator, or the profile is not shown.",
        )
    elif event.list_id is not None and (event.list_id, event.creator_id) not in places:
        yield RowProblem(row, "list_id", CreatorNotShown.code, CreatorNotShown.message)
    if event.campaign_id is not None and event.campaign_id not in campaigns:
        yield RowProblem(
            row,
            "campaign_id",
            NotFound.code,
            "There is no such campaign in this brand.",
        )
    yield from time_problems(row, event.at, now=now)


def time_problems(row: int, at: datetime | None, *, now: datetime) -> list[RowProblem]:
    """Whether a time told by a client can be: not to come, and not long ago."""
    if at is not None and at > now + CLOCK_TOLERANCE:
        return [RowProblem(row, "occurred_at", "in_the_future", "This has not happened yet.")]
    if at is not None and at < now - OLDEST:
        too_old = "Events are taken for 24 hours after they happened."
        return [RowProblem(row, "occurred_at", "too_old", too_old)]
    return []


def _row(
    event: NewEvent, *, brand: Brand, actor: User, place: Place | None, now: datetime
) -> InteractionEvent:
    campaign_id = event.campaign_id
    if campaign_id is None and place is not None:
        campaign_id = place.campaign_id
    return InteractionEvent(
        brand=brand,
        actor=actor,
        creator_id=event.creator_id,
        campaign_id=campaign_id,
        kind=event.kind,
        surface=place.surface if place else event.surface,
        list_id=event.list_id,
        position=place.position if place else None,
        key=event.key,
        at=min(event.at or now, now),
    )


def _places_of(brand: Brand, events: Sequence[NewEvent]) -> dict[tuple[UUID | None, int], Place]:
    lists = {one.list_id for one in events if one.list_id is not None}
    if not lists:
        return {}
    found = InteractionEvent.objects.filter(
        brand=brand,
        kind=InteractionEvent.Kind.IMPRESSION,
        list_id__in=lists,
        creator_id__in={one.creator_id for one in events},
    ).order_by()
    return {
        (row.list_id, row.creator_id): Place(row.position or 1, row.surface, row.campaign_id)
        for row in found
    }


def _campaigns_of(brand: Brand, events: Sequence[NewEvent]) -> set[int]:
    asked = {one.campaign_id for one in events if one.campaign_id is not None}
    if not asked:
        return set()
    return set(Campaign.objects.filter(brand=brand, pk__in=asked).values_list("pk", flat=True))
