"""What happens by silence: the deadlines that passed, each acted on once.

A deadline is a column of the row it is about, and acting on it clears or moves it in the same
transaction. So a timer fires once, however many workers look and whenever one is killed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from accounts.errors import DomainError
from campaigns import delivering
from campaigns.cancelling import cancel_by_silence
from campaigns.models import Collaboration, Deliverable
from campaigns.moving import lock, move, record
from campaigns.states import DeliverableState, Side, State

log = structlog.get_logger(__name__)
CHUNK = 200


@dataclass(frozen=True)
class TimerReport:
    fired: int
    failed: int


def fire_due(*, now: datetime) -> TimerReport:
    """Act on every deadline up to ``now``; one that fails stays due and hinders no other."""
    fired = failed = 0
    for model, act in ((Collaboration, _collaboration), (Deliverable, _deliverable)):
        due = model.objects.filter(deadline_at__lte=now).order_by("deadline_at", "pk")
        for pk in due.values_list("pk", flat=True)[:CHUNK]:
            try:
                fired += _fire(act, pk, now)
            except DomainError as error:
                failed += 1
                log.error("timer_refused", model=model.__name__, pk=pk, error=error.message)
    return TimerReport(fired, failed)


@transaction.atomic
def _fire(act: Callable[[int, datetime], bool], pk: int, now: datetime) -> bool:
    return act(pk, now)


def _collaboration(pk: int, now: datetime) -> bool:
    found = (
        Collaboration.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, deadline_at__lte=now)
        .first()
    )
    if found is None:  # somebody acts on it at this moment
        return False
    state = State(found.state)
    if state is State.DISPUTED:
        _remind(found, now)
        return True
    name = {
        State.SIGNED: "lapse",
        State.COMPLETED: "close",
        State.CANCEL_REQUESTED: (
            "resume_by_silence" if _has_drafts(found) else "cancel_by_silence"
        ),
    }.get(state, "expire")
    if name == "cancel_by_silence":
        cancel_by_silence(collaboration=found, now=now)
        return True
    move(found, name, side=Side.SYSTEM, actor=None, now=now, reason="The time to act ended.")
    return True


def _deliverable(pk: int, now: datetime) -> bool:
    owner = Deliverable.objects.values_list("collaboration_id", flat=True).get(pk=pk)
    # The collaboration first, as everything else that touches a deliverable does.
    collaboration = lock(Collaboration(pk=owner))
    found = Deliverable.objects.select_for_update().filter(pk=pk, deadline_at__lte=now).first()
    if found is None or collaboration.state != State.ACTIVE:
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


def _remind(collaboration: Collaboration, now: datetime) -> None:
    collaboration.deadline_at = None
    collaboration.save(update_fields=["deadline_at"])
    record(
        collaboration, "decision_late", side=Side.SYSTEM, actor=None, now=now,
        before=State(collaboration.state),
    )  # fmt: skip


def _has_drafts(collaboration: Collaboration) -> bool:
    return collaboration.deliverables.filter(drafts__isnull=False).exists()
