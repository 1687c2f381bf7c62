"""Writing down what a brand's member was shown, and what they did about one creator.

Callers have asked `scoring.interactions.access` or `accounts.access` whether the actor speaks for
the brand. An event that names a list is believed only if the creator was shown there to that
brand; one that names none is recorded without a position, and learned from uncorrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts import access
from accounts.errors import DomainError, NotFound
from accounts.models import Brand, Creator, User
from campaigns.models import Campaign
from scoring.interactions.checking import check_events
from scoring.interactions.errors import CreatorNotShown, EventsRefused, RowProblem
from scoring.interactions.kept import Kept, NewEvent
from scoring.models import InteractionEvent

Kind = InteractionEvent.Kind
Surface = InteractionEvent.Surface


@dataclass(frozen=True)
class Shown:
    """A creator at a place of a list, from 1, and the chance of standing there if known."""

    creator_id: int
    position: int
    propensity: float | None = None


def record_list(
    *,
    brand: Brand,
    actor: User,
    surface: str,
    campaign: Campaign | None,
    shown: Sequence[Shown],
    now: datetime,
    list_id: UUID | None = None,
) -> UUID:
    """Record what a list showed and return the id its links carry. One query.

    A creator who stands in it twice, with two accounts, counts at the better place.

    :param list_id: of a list recorded before: what it has already is not added again.
    """
    list_id = list_id or uuid4()
    best: dict[int, Shown] = {}
    for one in sorted(shown, key=lambda one: one.position):
        best.setdefault(one.creator_id, one)
    InteractionEvent.objects.bulk_create(
        [
            InteractionEvent(
                brand=brand,
                actor=actor,
                creator_id=one.creator_id,
                campaign=campaign,
                kind=Kind.IMPRESSION,
                surface=Surface(surface),
                list_id=list_id,
                position=one.position,
                propensity=one.propensity,
                at=now,
            )
            for one in best.values()
        ],
        ignore_conflicts=True,
    )
    return list_id


def record_event(
    *,
    brand: Brand,
    actor: User,
    creator: Creator,
    kind: str,
    surface: str,
    now: datetime,
    campaign: Campaign | None = None,
    list_id: UUID | None = None,
    key: UUID | None = None,
) -> InteractionEvent:
    """Record one thing done about one creator; the same ``key`` again is the same row.

    :raises NotFound: if the actor may not see the creator.
    :raises CreatorNotShown: if the creator was not shown to the brand in that list.
    """
    new = NewEvent(
        kind=kind,
        creator_id=creator.pk,
        campaign_id=campaign.pk if campaign else None,
        list_id=list_id,
        surface=surface,
        key=key,
    )
    try:
        [event] = record_events(brand=brand, actor=actor, events=[new], now=now)
    except EventsRefused as refused:
        raise _alone(refused.problems[0]) from None
    return event


@transaction.atomic
def record_events(
    *, brand: Brand, actor: User, events: Sequence[NewEvent], now: datetime
) -> list[InteractionEvent]:
    """Record a batch, all of it or nothing, and return its rows in the order given.

    Six queries at most, however many events. What was recorded under the same key before is
    answered as it is kept.

    :raises EventsRefused: naming every row that cannot be recorded, and why.
    """
    wanted = [one.with_key(one.key or uuid4()) for one in events]
    kept = Kept.read(brand, wanted)
    visible = set(
        access.creators_visible_to(actor)
        .filter(pk__in={one.creator_id for one in wanted})
        .values_list("pk", flat=True)
    )
    planned, problems = check_events(
        brand=brand, actor=actor, events=wanted, kept=kept, visible=visible, now=now
    )
    if not problems and planned:
        InteractionEvent.objects.bulk_create(planned, ignore_conflicts=True)
        # Somebody else may have used a key in the meantime; what stands there decides.
        kept = Kept.read(brand, wanted)
        problems = kept.problems(wanted)
    if problems:
        raise EventsRefused(sorted(problems, key=lambda one: one.row))
    return [kept.event_of(one) for one in wanted]


def _alone(problem: RowProblem) -> DomainError:
    """The refusal of an event that came alone: no row needs naming."""
    if problem.code == CreatorNotShown.code:
        return CreatorNotShown(details={"field": problem.field})
    if problem.code == NotFound.code:
        return NotFound(problem.message)
    refused = EventsRefused([problem])
    refused.code, refused.message = problem.code, problem.message
    refused.details = {"field": problem.field}
    return refused
