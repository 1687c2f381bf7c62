"""Moving a collaboration from state to state: the one place that does."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import User
from campaigns import telling
from campaigns.models import Collaboration, CollaborationEvent
from campaigns.states import (
    FINAL,
    FREES_BUDGET,
    TRANSITIONS,
    WAITING,
    Side,
    State,
    Transition,
    Turn,
)

REASON_CHARACTERS = 2_000
OTHER_SIDE = {Side.BRAND: Side.CREATOR, Side.CREATOR: Side.BRAND}


class NotInThisState(Conflict):
    """The collaboration is past, or not yet at, what was asked."""

    code = "not_in_this_state"


class NotYourTurn(Forbidden):
    code = "not_your_turn"


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = f"Give a reason of 1 to {REASON_CHARACTERS:,} characters; the other side reads it."


class DeadlinePassed(Conflict):
    code = "deadline_passed"


def lock(collaboration: Collaboration) -> Collaboration:
    """The row as it is now, kept from others until the transaction ends."""
    return (
        Collaboration.objects.select_for_update(of=("self",))
        .select_related("campaign__brand", "creator")
        .get(pk=collaboration.pk)
    )


@transaction.atomic
def move(
    collaboration: Collaboration,
    name: str,
    *,
    side: Side,
    actor: User | None,
    now: datetime,
    reason: str = "",
    acting_side: str = "",
    lasts: timedelta | None = None,
    data: dict[str, Any] | None = None,
    earmark: tuple[int, str] | None = None,
) -> Collaboration:
    """Make the transition ``name``, write it into the timeline and the audit trail.

    :param acting_side: who must act next in the new state, empty for nobody.
    :param lasts: until the new state's deadline; by default `states.WAITING`'s time.
    :param earmark: minor units and currency it takes of the budget from now on; states that
        end it before it was paid for free the budget by themselves.
    :raises NotInThisState: if the present state does not lead there.
    :raises NotYourTurn: if this side may not.
    :raises ReasonMissing: if a reason is required and missing, or too long.
    :raises DeadlinePassed: if the time to act is over; only Fairground acts then.
    """
    transition = TRANSITIONS[name]
    locked = lock(collaboration)
    before = State(locked.state)
    reason = reason.strip()
    check_move(locked, transition, side=side, now=now)
    if (transition.needs_reason and not reason) or len(reason) > REASON_CHARACTERS:
        raise ReasonMissing
    locked.state = transition.target
    locked.acting_side = acting_side
    locked.deadline_at = deadline(transition.target, now=now, lasts=lasts)
    locked.updated_at = now
    if transition.target in FREES_BUDGET:
        earmark = (0, "")
    if earmark is not None:
        locked.earmark_minor, locked.earmark_currency = earmark
    locked.save(
        update_fields=[
            "state", "acting_side", "deadline_at", "updated_at", "earmark_minor",
            "earmark_currency",
        ]
    )  # fmt: skip
    record(locked, name, side=side, actor=actor, now=now, before=before, reason=reason, data=data)
    return locked


def check_move(
    collaboration: Collaboration, transition: Transition, *, side: Side, now: datetime
) -> None:
    """:raises NotInThisState, NotYourTurn, DeadlinePassed: as `move`."""
    state = State(collaboration.state)
    if state not in transition.sources:
        allowed = " or ".join(source.label.lower() for source in transition.sources)
        raise NotInThisState(
            f"This collaboration is {state.label.lower()}; "
            f"“{transition.name.replace('_', ' ')}” is possible while it is {allowed}.",
            details={"state": state.value, "possible_in": [s.value for s in transition.sources]},
        )
    if side not in sides_of(transition, collaboration):
        raise NotYourTurn(
            f"It is not for {side.label.lower()} to {transition.name.replace('_', ' ')} now."
        )
    overdue = collaboration.deadline_at is not None and now >= collaboration.deadline_at
    # A late decision of a dispute is still a decision, and withdrawing it is never too late.
    if overdue and state is not State.DISPUTED and side != Side.SYSTEM and transition.target in (
        State.NEGOTIATING, State.AGREED, State.SIGNED, State.ACTIVE
    ):  # fmt: skip
        assert collaboration.deadline_at is not None
        raise DeadlinePassed(
            f"The time to act ended on {collaboration.deadline_at:%d %b %Y at %H:%M} UTC.",
            details={"deadline_at": collaboration.deadline_at.isoformat()},
        )


def sides_of(transition: Transition, collaboration: Collaboration) -> tuple[Side, ...]:
    """Which sides may make the transition now."""
    if isinstance(transition.who, Side):
        return (transition.who,)
    if transition.who is Turn.EITHER:
        return (Side.BRAND, Side.CREATOR)
    if collaboration.acting_side not in OTHER_SIDE:
        return ()
    acting = Side(collaboration.acting_side)
    return (acting,) if transition.who is Turn.ACTING else (OTHER_SIDE[acting],)


def deadline(state: State, *, now: datetime, lasts: timedelta | None = None) -> datetime | None:
    if state in FINAL:
        return None
    lasts = lasts or WAITING[state].lasts
    return None if lasts is None else now + lasts


def record(
    collaboration: Collaboration,
    name: str,
    *,
    side: Side,
    actor: User | None,
    now: datetime,
    before: State | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> CollaborationEvent:
    """One line in the timeline both sides read, one in the audit trail, one in the outbox."""
    event = CollaborationEvent.objects.create(
        collaboration=collaboration,
        name=name,
        side=side,
        actor=actor,
        from_state=before.value if before else "",
        to_state=collaboration.state,
        reason=reason,
        data=data or {},
        at=now,
    )
    audit.record(
        actor=actor,
        verb=f"collaboration.{name}",
        subject=collaboration,
        data={"from": event.from_state, "to": event.to_state, "reason": reason},
    )
    telling.tell(event)
    return event
