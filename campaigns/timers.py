"""What happens by silence: the deadlines that passed, each acted on once.

A deadline is a column of the row it is about, and acting on it clears or moves it in the same
transaction. So a timer fires once, however many workers look and whenever one is killed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from campaigns import delivering, reviews
from campaigns.cancelling import cancel_by_silence, resume_by_silence
from campaigns.models import Collaboration, Deliverable
from campaigns.moving import move, record
from campaigns.states import DeliverableState, Side, State

log = structlog.get_logger(__name__)
CHUNK = 200
# Acting on one deadline can make another one that has passed, such as that of publishing a draft
# that was shown after its day. The longest such chain has two links.
PASSES = 5
Row = Collaboration | Deliverable
Act = Callable[[int, datetime], bool]


@dataclass(frozen=True)
class TimerReport:
    fired: int
    failed: int


def fire_due(*, now: datetime) -> TimerReport:
    """Act on every deadline up to ``now``, however many are due.

    Each in a transaction of its own. One that fails stays due for the next time, is logged, and
    hinders no other; one whose row somebody holds at this moment waits for the next time, too.
    """
    fired = 0
    failed: set[tuple[str, int]] = set()
    for _ in range(PASSES):
        before = fired
        for queue, act in _queues(now):
            for pk in _walk(queue):
                key = (queue.model.__name__, pk)
                if key in failed:
                    continue
                try:
                    fired += _fire(act, pk, now)
                except Exception:
                    # Whatever is wrong with this row, the deadlines of others are kept.
                    failed.add(key)
                    log.exception("timer_failed", model=key[0], pk=pk)
        if fired == before:
            break
    return TimerReport(fired, len(failed))


def _queues(now: datetime) -> list[tuple[QuerySet[Row], Act]]:
    # What stands still is not due, and must not be walked through again and again.
    pieces = Deliverable.objects.filter(collaboration__state=State.ACTIVE)
    return [
        (Collaboration.objects.filter(deadline_at__lte=now), _collaboration),
        (pieces.filter(deadline_at__lte=now), _deliverable),
    ]


def _walk(queue: QuerySet[Row]) -> Iterator[int]:
    """Ids in the order of their deadlines, a chunk at a time, none of them twice."""
    ordered = queue.order_by("deadline_at", "pk").values_list("deadline_at", "pk")
    rows = list(ordered[:CHUNK])
    while rows:
        yield from (pk for _, pk in rows)
        at, last = rows[-1]
        rows = list(ordered.filter(Q(deadline_at__gt=at) | Q(deadline_at=at, pk__gt=last))[:CHUNK])


@transaction.atomic
def _fire(act: Act, pk: int, now: datetime) -> bool:
    return act(pk, now)


def _collaboration(pk: int, now: datetime) -> bool:
    found = _claim(pk)
    # Somebody acts on it at this moment, or has just done so.
    if found is None or found.deadline_at is None or found.deadline_at > now:
        return False
    state = State(found.state)
    if state is State.DISPUTED:
        _remind(found, now)
    elif state is State.COMPLETED:
        reviews.close(collaboration=found, now=now, reason="The time to act ended.")
    elif state is State.CANCEL_REQUESTED:
        service = resume_by_silence if _has_drafts(found) else cancel_by_silence
        service(collaboration=found, now=now)
    else:
        name = "lapse" if state is State.SIGNED else "expire"
        move(found, name, side=Side.SYSTEM, actor=None, now=now, reason="The time to act ended.")
    return True


def _deliverable(pk: int, now: datetime) -> bool:
    owner = Deliverable.objects.values_list("collaboration_id", flat=True).get(pk=pk)
    # The collaboration first, as everything else that touches a deliverable does.
    collaboration = _claim(owner)
    if collaboration is None or collaboration.state != State.ACTIVE:
        return False
    found = Deliverable.objects.select_for_update().filter(pk=pk, deadline_at__lte=now).first()
    if found is None:
        return False
    found.collaboration = collaboration
    if found.state == DeliverableState.DRAFT_SUBMITTED:
        delivering.approve(deliverable=found, side=Side.SYSTEM, actor=None, now=now)
    elif found.state == DeliverableState.PUBLISHED:
        delivering.verify(deliverable=found, side=Side.SYSTEM, actor=None, now=now)
    else:
        found.deadline_at = None
        found.save(update_fields=["deadline_at"])
        record(
            collaboration, "late", side=Side.SYSTEM, actor=None, now=now, before=State.ACTIVE,
            data={"deliverable": found.position, "state": found.state},
        )  # fmt: skip
    return True


def _claim(pk: int) -> Collaboration | None:
    """The row, kept from others; None if somebody has it, since waiting helps nobody here."""
    return (
        Collaboration.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("campaign__brand", "creator")
        .filter(pk=pk)
        .first()
    )


def _remind(collaboration: Collaboration, now: datetime) -> None:
    collaboration.deadline_at = None
    collaboration.save(update_fields=["deadline_at"])
    record(
        collaboration, "decision_late", side=Side.SYSTEM, actor=None, now=now,
        before=State(collaboration.state),
    )  # fmt: skip


def _has_drafts(collaboration: Collaboration) -> bool:
    return collaboration.deliverables.filter(drafts__isnull=False).exists()
