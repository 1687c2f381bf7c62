"""Where a collaboration stands: who must act next, by when, and what silence does."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.models import Collaboration, Deliverable
from campaigns.moving import sides_of
from campaigns.states import (
    DELIVERABLE_FINAL,
    DELIVERABLE_SILENCE,
    DELIVERABLE_TRANSITIONS,
    FINAL,
    TRANSITIONS,
    WAITING,
    Acting,
    DeliverableState,
    Side,
    State,
)


@dataclass(frozen=True)
class Standing:
    """``acting`` must act by ``deadline_at``; else ``silence`` happens. All empty at the end."""

    state: str
    label: str
    acting: str
    acting_label: str
    deadline_at: datetime | None
    silence: str

    def is_for(self, side: Side) -> bool:
        """Whether this side must act."""
        return self.acting in (side.value, Acting.BOTH.value)


def get_standing(collaboration: Collaboration) -> Standing:
    """Of the collaboration as a whole; no queries."""
    state = State(collaboration.state)
    silence = "" if state in FINAL else WAITING[state].silence
    return _standing(state, collaboration, silence)


def get_deliverable_standing(deliverable: Deliverable) -> Standing:
    """Of one piece while its collaboration is active; no queries."""
    state = DeliverableState(deliverable.state)
    silence = DELIVERABLE_SILENCE.get(state, "") if deliverable.deadline_at else ""
    return _standing(state, deliverable, silence)


def _standing(
    state: State | DeliverableState, row: Collaboration | Deliverable, silence: str
) -> Standing:
    acting = row.acting_side
    label = Acting(acting).label if acting else ""
    return Standing(state.value, str(state.label), acting, label, row.deadline_at, silence)


def list_moves(collaboration: Collaboration, *, side: Side) -> list[str]:
    """Names of the transitions this side could make now, as `states.TRANSITIONS` has them.

    The state and the turn are looked at, not what else a service asks for. No queries.
    """
    return [
        name
        for name, transition in TRANSITIONS.items()
        if State(collaboration.state) in transition.sources
        and side in sides_of(transition, collaboration)
    ]


def list_deliverable_moves(deliverable: Deliverable, *, side: Side) -> list[str]:
    """As `list_moves`, for a piece; nothing while its collaboration is not active."""
    if deliverable.state in DELIVERABLE_FINAL or deliverable.collaboration.state != State.ACTIVE:
        return []
    return [
        name
        for name, transition in DELIVERABLE_TRANSITIONS.items()
        if DeliverableState(deliverable.state) in transition.sources and side in transition.who
    ]
