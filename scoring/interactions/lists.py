"""Lists that an app showed and reports afterwards; what pages show is recorded as they do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from accounts import access
from accounts.errors import NotFound
from accounts.idempotency import KeyReused
from accounts.models import Brand, User
from campaigns.models import Campaign
from scoring.interactions.checking import time_problems
from scoring.interactions.errors import EventsRefused, RowProblem
from scoring.interactions.recording import Shown, record_list
from scoring.models import InteractionEvent

_NAMES: Final = UUID("5e0d8b53-94bb-4a0c-8a53-c3a2f27a7c1b")


@transaction.atomic
def report_list(
    *,
    brand: Brand,
    actor: User,
    key: UUID,
    surface: str,
    shown: Sequence[Shown],
    now: datetime,
    campaign_id: int | None = None,
    at: datetime | None = None,
) -> UUID:
    """Record a list as an app showed it; its id. The same ``key`` again is the same list.

    Five queries at most. No chances are taken from apps: what a lot decided, we know.

    :raises EventsRefused: naming each row that cannot be: a creator the actor may not see, one
        shown twice, a place taken twice; or the list's campaign or time as row 0.
    :raises KeyReused: if the key stands for another list.
    """
    list_id = uuid5(_NAMES, f"{brand.pk}:{key}")
    kept = _kept(list_id)
    if not kept:
        campaign = None
        if campaign_id is not None:
            campaign = Campaign.objects.filter(brand=brand, pk=campaign_id).first()
        problems = time_problems(0, at, now=now) + _problems(actor, shown)
        if campaign_id is not None and campaign is None:
            problems.append(
                RowProblem(0, "campaign_id", NotFound.code, "There is no such campaign here.")
            )
        if problems:
            raise EventsRefused(sorted(problems, key=lambda one: one.row))
        record_list(
            brand=brand,
            actor=actor,
            surface=surface,
            campaign=campaign,
            shown=shown,
            now=min(at or now, now),
            list_id=list_id,
        )
        kept = _kept(list_id)
    if kept != {(one.creator_id, one.position) for one in shown}:
        raise KeyReused
    return list_id


def _kept(list_id: UUID) -> set[tuple[int, int | None]]:
    rows = InteractionEvent.objects.filter(
        list_id=list_id, kind=InteractionEvent.Kind.IMPRESSION
    ).order_by()
    return set(rows.values_list("creator_id", "position"))


def _problems(actor: User, shown: Sequence[Shown]) -> list[RowProblem]:
    asked = {one.creator_id for one in shown}
    visible = set(
        access.creators_visible_to(actor).filter(pk__in=asked).values_list("pk", flat=True)
    )
    problems = []
    creators: set[int] = set()
    places: set[int] = set()
    for row, one in enumerate(shown, start=1):
        if one.creator_id not in visible:
            problems.append(
                RowProblem(
                    row,
                    "creator_id",
                    NotFound.code,
                    "There is no such creator, or the profile is not shown.",
                )
            )
        if one.creator_id in creators:
            problems.append(
                RowProblem(row, "creator_id", "shown_twice", "This creator is in the list already.")
            )
        if one.position in places:
            problems.append(
                RowProblem(row, "position", "place_taken", "Another creator has this position.")
            )
        creators.add(one.creator_id)
        places.add(one.position)
    return problems
