"""Creators whom a brand wants to see no more, until a member says otherwise.

The last word of the brand about a creator, hide or unhide, is what holds; both are events, so
nothing else is stored. Whoever is hidden learns nothing of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Brand, Creator, User
from scoring.interactions.recording import record_event
from scoring.models import InteractionEvent

Kind = InteractionEvent.Kind
Surface = InteractionEvent.Surface
LISTED = (Creator.Status.ACTIVE, Creator.Status.FLAGGED)


@dataclass(frozen=True)
class Hidden:
    """A creator the brand has hidden; ``by`` is None once that person has left."""

    creator: Creator
    by: User | None
    at: datetime


@dataclass(frozen=True)
class Hiding:
    """One brand's word about a creator; ``hidden_at`` is None while it sees them."""

    brand: Brand
    hidden_at: datetime | None


def hide_creator(
    *,
    brand: Brand,
    creator: Creator,
    actor: User,
    now: datetime,
    list_id: UUID | None = None,
    surface: str = Surface.PROFILE,
) -> bool:
    """Leave the creator out of the brand's recommendations and lists. Whether that was new.

    :raises NotFound: if the actor may not see the creator.
    :raises CreatorNotShown: if ``list_id`` names a list without this creator.
    """
    if is_hidden(brand, creator.pk):
        return False
    record_event(
        brand=brand,
        actor=actor,
        creator=creator,
        kind=Kind.HIDE,
        surface=surface,
        list_id=list_id,
        now=now,
    )
    return True


def unhide_creator(
    *,
    brand: Brand,
    creator: Creator,
    actor: User,
    now: datetime,
    surface: str = Surface.PROFILE,
) -> bool:
    """Show the creator to the brand again. Whether they were hidden."""
    if not is_hidden(brand, creator.pk):
        return False
    record_event(
        brand=brand, actor=actor, creator=creator, kind=Kind.UNHIDE, surface=surface, now=now
    )
    return True


def is_hidden(brand: Brand, creator_id: int) -> bool:
    """One query."""
    return creator_id in hidden_creator_ids(brand, among=[creator_id])


def hidden_creator_ids(brand: Brand, *, among: Iterable[int] | None = None) -> set[int]:
    """Whom the brand has hidden, of those ``among`` if given. One query, over hides only."""
    words = InteractionEvent.objects.filter(brand=brand, kind__in=[Kind.HIDE, Kind.UNHIDE])
    if among is not None:
        words = words.filter(creator_id__in=list(among))
    last = (
        words.order_by("creator_id", "-at", "-pk")
        .distinct("creator_id")
        .values_list("creator_id", "kind")
    )
    return {creator_id for creator_id, kind in last if kind == Kind.HIDE}


def hidings_of(creator: Creator, *, brands: Sequence[Brand]) -> list[Hiding]:
    """Whether each of the brands hides the creator. One query, none without brands."""
    if not brands:
        return []
    last = (
        InteractionEvent.objects.filter(
            brand__in=brands, creator=creator, kind__in=[Kind.HIDE, Kind.UNHIDE]
        )
        .order_by("brand_id", "-at", "-pk")
        .distinct("brand_id")
    )
    hidden_at = {row.brand_id: row.at for row in last if row.kind == Kind.HIDE}
    return [Hiding(brand, hidden_at.get(brand.pk)) for brand in brands]


def list_hidden(brand: Brand) -> list[Hidden]:
    """Everybody the brand has hidden and who is listed at all, the latest first. One query."""
    last = (
        InteractionEvent.objects.filter(
            brand=brand, kind__in=[Kind.HIDE, Kind.UNHIDE], creator__status__in=LISTED
        )
        .select_related("creator", "actor")
        .order_by("creator_id", "-at", "-pk")
        .distinct("creator_id")
    )
    hidden = [Hidden(row.creator, row.actor, row.at) for row in last if row.kind == Kind.HIDE]
    return sorted(hidden, key=lambda one: one.at, reverse=True)
