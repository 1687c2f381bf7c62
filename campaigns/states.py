"""The one table of what can happen to a collaboration, and the shorter one for campaigns.

A transition is named after what somebody does. Services look it up here and nowhere else,
the database refuses every change of state that is not in it (`ALLOWED`), and pages read from
it who must act next, by when, and what silence means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import TextChoices


class CampaignStatus(TextChoices):
    DRAFT = "draft", "Draft"
    IN_MODERATION = "in_moderation", "With the moderators"
    OPEN = "open", "Open"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"
    ARCHIVED = "archived", "Archived"
    CANCELLED = "cancelled", "Cancelled"


class State(TextChoices):
    INVITED = "invited", "Invited"
    APPLIED = "applied", "Applied"
    NEGOTIATING = "negotiating", "Negotiating"
    AGREED = "agreed", "Agreed, to be signed"
    SIGNED = "signed", "Signed, to be funded"
    ACTIVE = "active", "Active"
    CANCEL_REQUESTED = "cancel_requested", "Cancellation asked for"
    DISPUTED = "disputed", "In dispute"
    COMPLETED = "completed", "Completed"
    CLOSED = "closed", "Closed"
    SETTLED = "settled", "Settled by decision"
    CANCELLED = "cancelled", "Cancelled"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REJECTED = "rejected", "Rejected"
    EXPIRED = "expired", "Expired"


class Stage(TextChoices):
    """Where a collaboration is, as lists group it (`STAGES`)."""

    TALKS = "talks", "In talks"
    MONEY = "money", "Money waits"
    RUNNING = "running", "Running"
    DONE = "done", "Done"


class Side(TextChoices):
    """Who acts. What a person may do within a side is for `campaigns/access.py`."""

    BRAND = "brand", "The brand"
    CREATOR = "creator", "The creator"
    MODERATOR = "moderator", "A moderator"
    SYSTEM = "system", "Fairground"


class Acting(TextChoices):
    """Who must act next."""

    BRAND = "brand", "The brand"
    CREATOR = "creator", "The creator"
    BOTH = "both", "Both sides"
    MODERATOR = "moderator", "The moderators"


class Turn(TextChoices):
    """Which of the two sides a rule speaks of, where that depends on the collaboration."""

    EITHER = "either", "Either side"
    ACTING = "acting", "The side whose turn it is"
    WAITING = "waiting", "The side that waits for an answer"


BEFORE_AGREEMENT: Final = (State.INVITED, State.APPLIED, State.NEGOTIATING)
FINAL: Final = (
    State.CLOSED, State.SETTLED, State.CANCELLED, State.DECLINED, State.WITHDRAWN, State.REJECTED,
    State.EXPIRED,
)  # fmt: skip
FREES_BUDGET: Final = (
    State.DECLINED, State.WITHDRAWN, State.REJECTED, State.EXPIRED, State.CANCELLED,
)  # fmt: skip
LIVE: Final = tuple(state for state in State if state not in FINAL)
STAGES: Final[dict[Stage, tuple[State, ...]]] = {
    Stage.TALKS: (*BEFORE_AGREEMENT, State.AGREED),
    Stage.MONEY: (State.SIGNED, State.DISPUTED),
    Stage.RUNNING: (State.ACTIVE, State.CANCEL_REQUESTED),
    Stage.DONE: (State.COMPLETED, *FINAL),
}
"""Money waits where a signed contract is to be funded, and while a dispute freezes it."""


@dataclass(frozen=True)
class Transition:
    """From any of ``sources`` to ``target``, by ``who``; ``needs_reason`` is sent to the other."""

    name: str
    sources: tuple[State, ...]
    target: State
    who: Side | Turn
    needs_reason: bool = False


@dataclass(frozen=True)
class CampaignTransition:
    name: str
    sources: tuple[CampaignStatus, ...]
    target: CampaignStatus
    who: Side
    needs_reason: bool = False


_Campaign = CampaignStatus
CAMPAIGN_TRANSITIONS: Final[dict[str, CampaignTransition]] = {
    transition.name: transition
    for transition in (
        CampaignTransition("submit", (_Campaign.DRAFT,), _Campaign.IN_MODERATION, Side.BRAND),
        CampaignTransition("approve", (_Campaign.IN_MODERATION,), _Campaign.OPEN, Side.MODERATOR),
        CampaignTransition(
            "send_back",
            (_Campaign.IN_MODERATION,),
            _Campaign.DRAFT,
            Side.MODERATOR,
            needs_reason=True,
        ),
        CampaignTransition("take_back", (_Campaign.IN_MODERATION,), _Campaign.DRAFT, Side.BRAND),
        # A change of what creators read, made while the campaign is open, is read again.
        CampaignTransition(
            "recheck", (_Campaign.OPEN, _Campaign.PAUSED), _Campaign.IN_MODERATION, Side.BRAND
        ),
        CampaignTransition("pause", (_Campaign.OPEN,), _Campaign.PAUSED, Side.BRAND),
        CampaignTransition("resume", (_Campaign.PAUSED,), _Campaign.OPEN, Side.BRAND),
        CampaignTransition(
            "close", (_Campaign.OPEN, _Campaign.PAUSED), _Campaign.CLOSED, Side.BRAND
        ),
        CampaignTransition("archive", (_Campaign.CLOSED,), _Campaign.ARCHIVED, Side.BRAND),
        CampaignTransition(
            "cancel",
            (_Campaign.DRAFT, _Campaign.IN_MODERATION, _Campaign.OPEN, _Campaign.PAUSED),
            _Campaign.CANCELLED,
            Side.BRAND,
            needs_reason=True,
        ),
    )
}
CAMPAIGN_ALLOWED: Final = tuple(
    sorted({(s.value, t.target.value) for t in CAMPAIGN_TRANSITIONS.values() for s in t.sources})
)


TRANSITIONS: Final[dict[str, Transition]] = {
    transition.name: transition
    for transition in (
        Transition("offer", (State.INVITED, State.APPLIED), State.NEGOTIATING, Turn.EITHER),
        Transition("counter", (State.NEGOTIATING,), State.NEGOTIATING, Turn.ACTING),
        Transition("accept", (State.NEGOTIATING,), State.AGREED, Turn.ACTING),
        Transition("decline", BEFORE_AGREEMENT, State.DECLINED, Turn.ACTING, needs_reason=True),
        Transition("withdraw", BEFORE_AGREEMENT, State.WITHDRAWN, Turn.WAITING, needs_reason=True),
        Transition("reject", (State.APPLIED,), State.REJECTED, Side.BRAND, needs_reason=True),
        Transition("expire", (*BEFORE_AGREEMENT, State.AGREED), State.EXPIRED, Side.SYSTEM),
        Transition("sign", (State.AGREED,), State.SIGNED, Turn.EITHER),
        Transition("fund", (State.SIGNED,), State.ACTIVE, Side.BRAND),
        Transition("lapse", (State.SIGNED,), State.CANCELLED, Side.SYSTEM),
        Transition("complete", (State.ACTIVE,), State.COMPLETED, Side.SYSTEM),
        Transition("close", (State.COMPLETED,), State.CLOSED, Side.SYSTEM),
        Transition(
            "ask_to_cancel", (State.ACTIVE,), State.CANCEL_REQUESTED, Turn.EITHER, needs_reason=True
        ),
        Transition("agree_to_cancel", (State.CANCEL_REQUESTED,), State.CANCELLED, Turn.ACTING),
        Transition(
            "refuse_to_cancel",
            (State.CANCEL_REQUESTED,),
            State.ACTIVE,
            Turn.ACTING,
            needs_reason=True,
        ),
        Transition("cancel_by_silence", (State.CANCEL_REQUESTED,), State.CANCELLED, Side.SYSTEM),
        Transition("resume_by_silence", (State.CANCEL_REQUESTED,), State.ACTIVE, Side.SYSTEM),
        Transition(
            "dispute",
            (State.ACTIVE, State.CANCEL_REQUESTED, State.COMPLETED),
            State.DISPUTED,
            Turn.EITHER,
            needs_reason=True,
        ),
        # A dispute about completed work returns to it: there is nothing left to go on with.
        Transition("resume", (State.DISPUTED,), State.ACTIVE, Side.MODERATOR, needs_reason=True),
        Transition("uphold", (State.DISPUTED,), State.COMPLETED, Side.MODERATOR, needs_reason=True),
        Transition(
            "withdraw_dispute", (State.DISPUTED,), State.ACTIVE, Turn.EITHER, needs_reason=True
        ),
        Transition(
            "withdraw_late_dispute",
            (State.DISPUTED,),
            State.COMPLETED,
            Turn.EITHER,
            needs_reason=True,
        ),
        Transition("settle", (State.DISPUTED,), State.SETTLED, Side.MODERATOR, needs_reason=True),
    )
}

ALLOWED: Final = tuple(
    sorted({(s.value, t.target.value) for t in TRANSITIONS.values() for s in t.sources})
)
"""Every (from, to) the database lets through."""


@dataclass(frozen=True)
class Waiting:
    """What a live state waits for: ``lasts``, and in words what happens by silence."""

    lasts: timedelta | None
    silence: str


WAITING: Final[dict[State, Waiting]] = {
    State.INVITED: Waiting(timedelta(days=7), "the invitation expires"),
    State.APPLIED: Waiting(timedelta(days=14), "the application expires"),
    State.NEGOTIATING: Waiting(timedelta(hours=72), "the offer expires"),
    State.AGREED: Waiting(timedelta(hours=72), "the agreement expires unsigned"),
    State.SIGNED: Waiting(timedelta(hours=72), "the collaboration is cancelled unfunded"),
    State.ACTIVE: Waiting(None, "each deliverable has a date of its own"),
    State.CANCEL_REQUESTED: Waiting(
        timedelta(hours=72),
        "it is cancelled if no draft was submitted; otherwise it goes on",
    ),
    State.DISPUTED: Waiting(timedelta(days=14), "the moderators are reminded; money stays frozen"),
    State.COMPLETED: Waiting(timedelta(days=14), "it is closed; reviews appear"),
}


class DeliverableState(TextChoices):
    PENDING = "pending", "Waiting for a draft"
    DRAFT_SUBMITTED = "draft_submitted", "Draft to be looked at"
    REVISION_REQUESTED = "revision_requested", "Changes asked for"
    APPROVED = "approved", "Approved, to be published"
    PUBLISHED = "published", "Published, to be verified"
    VERIFIED = "verified", "Verified, to be paid"
    SETTLED = "settled", "Paid"
    WAIVED = "waived", "Waived"
    CANCELLED = "cancelled", "Cancelled"


@dataclass(frozen=True)
class DeliverableTransition:
    """``acting`` must act next, within ``lasts``; None where the contract names a date."""

    name: str
    sources: tuple[DeliverableState, ...]
    target: DeliverableState
    who: tuple[Side, ...]
    acting: str = ""
    lasts: timedelta | None = None
    needs_reason: bool = False


_D = DeliverableState
DELIVERABLE_FINAL: Final = (_D.SETTLED, _D.WAIVED, _D.CANCELLED)
DELIVERABLE_LIVE: Final = tuple(state for state in _D if state not in DELIVERABLE_FINAL)
DELIVERABLE_TRANSITIONS: Final[dict[str, DeliverableTransition]] = {
    transition.name: transition
    for transition in (
        DeliverableTransition(
            "submit_draft",
            (_D.PENDING, _D.REVISION_REQUESTED),
            _D.DRAFT_SUBMITTED,
            (Side.CREATOR,),
            Acting.BRAND,
            timedelta(days=7),
        ),
        DeliverableTransition(
            "request_revision",
            (_D.DRAFT_SUBMITTED,),
            _D.REVISION_REQUESTED,
            (Side.BRAND,),
            Acting.CREATOR,
            timedelta(days=7),
            needs_reason=True,
        ),
        DeliverableTransition(
            "approve", (_D.DRAFT_SUBMITTED,), _D.APPROVED, (Side.BRAND,), Acting.CREATOR
        ),
        DeliverableTransition(
            "approve_by_silence",
            (_D.DRAFT_SUBMITTED,),
            _D.APPROVED,
            (Side.SYSTEM,),
            Acting.CREATOR,
        ),
        DeliverableTransition(
            "publish",
            (_D.APPROVED,),
            _D.PUBLISHED,
            (Side.CREATOR,),
            Acting.BRAND,
            timedelta(hours=72),
        ),
        DeliverableTransition("verify", (_D.PUBLISHED,), _D.VERIFIED, (Side.BRAND, Side.SYSTEM)),
        DeliverableTransition("settle", (_D.VERIFIED,), _D.SETTLED, (Side.SYSTEM,)),
        DeliverableTransition(
            "waive",
            (_D.PENDING, _D.REVISION_REQUESTED),
            _D.WAIVED,
            (Side.CREATOR,),
            needs_reason=True,
        ),
        DeliverableTransition(
            "cancel", DELIVERABLE_LIVE, _D.CANCELLED, (Side.SYSTEM, Side.MODERATOR)
        ),
    )
}
DELIVERABLE_ALLOWED: Final = tuple(
    sorted({(s.value, t.target.value) for t in DELIVERABLE_TRANSITIONS.values() for s in t.sources})
)
DELIVERABLE_SILENCE: Final[dict[DeliverableState, str]] = {
    _D.PENDING: "the brand is told that the draft is late",
    _D.DRAFT_SUBMITTED: "the draft is approved",
    _D.REVISION_REQUESTED: "the brand is told that the draft is late",
    _D.APPROVED: "the brand is told that it was not published",
    _D.PUBLISHED: "it is verified and paid",
}
"""What happens when the deadline of a deliverable's state passes."""
