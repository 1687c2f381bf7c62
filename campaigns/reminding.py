"""A word to whoever must act, a day before the time to act ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from accounts import outbox
from accounts.models import Brand, Creator, NotificationCategory, OutboxEvent
from campaigns.access import MANAGERS, PAYERS, REVIEWERS
from campaigns.models import Collaboration, Deliverable
from campaigns.standing import Standing, get_deliverable_standing, get_standing
from campaigns.states import Acting, DeliverableState, State

AHEAD: Final = timedelta(hours=24)
CHUNK: Final = 500
Due = Collaboration | Deliverable


def remind_of_deadlines(*, now: datetime) -> int:
    """Remind of each deadline of the next 24 hours, once; how many were new.

    Nobody is reminded of what began less than a day before it ends: they were told just now.
    The key of a reminder holds the deadline, so one that was moved is reminded of again.
    """
    collaborations = _near(Collaboration.objects.all(), now=now).select_related("campaign")
    deliverables = _near(
        Deliverable.objects.filter(collaboration__state=State.ACTIVE), now=now
    ).select_related("collaboration__campaign")
    return _remind(collaborations[:CHUNK], now=now) + _remind(deliverables[:CHUNK], now=now)


def _near(rows: QuerySet, *, now: datetime) -> QuerySet:
    return (
        rows.filter(deadline_at__gt=now, deadline_at__lte=now + AHEAD)
        .filter(deadline_at__gt=F("updated_at") + AHEAD)
        # What the moderators owe is no deadline of either side.
        .exclude(acting_side__in=("", Acting.MODERATOR))
        .order_by("deadline_at", "pk")
    )


@transaction.atomic
def _remind(rows: Iterable[Due], *, now: datetime) -> int:
    by_key = {_key(row): row for row in rows}
    known = OutboxEvent.objects.filter(key__in=by_key).values_list("key", flat=True)
    for key in known:
        assert key is not None
        del by_key[key]
    outbox.write_all(_reminder(row, key=key, now=now) for key, row in by_key.items())
    return len(by_key)


def _key(row: Due) -> str:
    assert row.deadline_at is not None
    return f"reminder:{row._meta.model_name}:{row.pk}:{row.deadline_at.isoformat()}"


def _reminder(row: Due, *, key: str, now: datetime) -> OutboxEvent:
    piece = row if isinstance(row, Deliverable) else None
    collaboration = row.collaboration if isinstance(row, Deliverable) else row
    standing = get_deliverable_standing(row) if isinstance(row, Deliverable) else get_standing(row)
    assert standing.deadline_at is not None
    return outbox.draft(
        key=key,
        kind="deadline.near",
        category=NotificationCategory.DEADLINES,
        subject=row,
        payload={
            "collaboration": collaboration.pk,
            "deliverable": piece.position if piece else None,
            "state": standing.state,
            "acting_side": standing.acting,
            "deadline_at": standing.deadline_at.isoformat(),
        },
        brand=Brand(pk=collaboration.campaign.brand_id),
        brand_roles=_roles(standing) if standing.acting != Acting.CREATOR else (),
        creator=Creator(pk=collaboration.creator_id),
        to_creator=standing.acting != Acting.BRAND,
        letter=_letter(collaboration, piece, standing),
        now=now,
    )


def _roles(standing: Standing) -> tuple[str, ...]:
    if standing.state == State.SIGNED:
        return tuple({*MANAGERS, *PAYERS})
    if standing.state in (DeliverableState.DRAFT_SUBMITTED, DeliverableState.PUBLISHED):
        return REVIEWERS
    return MANAGERS


def _letter(
    collaboration: Collaboration, piece: Deliverable | None, standing: Standing
) -> outbox.Letter:
    title = collaboration.campaign.title
    assert standing.deadline_at is not None
    at = standing.deadline_at
    about = f"piece {piece.position} of “{title}”" if piece else f"“{title}”"
    until = f"{at.day} {at:%b %Y, %H:%M} UTC"
    lines = [f"{about[0].upper()}{about[1:]} is waiting for you until {until}."]
    lines += [f"It stands at: {standing.label.lower()}."]
    if standing.silence:
        lines += [f"If nobody acts by then, {standing.silence}."]
    return outbox.Letter(f"A day is left: “{title}”", lines, "collaboration", [collaboration.pk])
