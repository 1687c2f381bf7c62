"""Who is told of what happens to a collaboration: people by e-mail, both sides' webhooks.

`campaigns.moving.record` calls it for every line of a timeline. The words of the e-mail are
`marketplace.mails`'.
"""

from typing import Final

from accounts import outbox
from accounts.models import Brand, Creator, NotificationCategory, OutboxEvent
from campaigns.access import MANAGERS, PAYERS, REVIEWERS
from campaigns.models import CollaborationEvent
from campaigns.states import Side

Category = NotificationCategory

CATEGORIES: Final[dict[str, NotificationCategory]] = {
    **dict.fromkeys(
        ("fund", "lapse", "claw_back", "cancel_by_silence", "agree_to_cancel"),
        Category.MONEY,
    ),
    **dict.fromkeys(
        ("expire", "late", "approve_by_silence", "resume_by_silence", "close"),
        Category.DEADLINES,
    ),
    **dict.fromkeys(
        (
            "dispute", "withdraw_dispute", "withdraw_late_dispute", "resume", "uphold", "settle",
            "split", "decision_late",
        ),
        Category.DISPUTES,
    ),
}  # fmt: skip
"""Of happenings that are no plain step of the other side."""

AREAS: Final[dict[str, NotificationCategory]] = {
    "dispute": Category.DISPUTES,
    "review": Category.RESULTS,
    "reviews": Category.RESULTS,
    "result": Category.RESULTS,
    "message": Category.MESSAGES,
}
"""Of all others whose name begins so, as "dispute_evidence"."""

FOR_FINANCE: Final = ("sign", "fund", "lapse", "claw_back", "split", "settle", "complete")
BY_WEBHOOK_ONLY: Final = ("verify",)
"""The next line of the timeline, in the same moment, says that it is paid."""
FOR_REVIEWERS: Final = ("submit_draft", "publish", "late", "approve_by_silence")


def tell(event: CollaborationEvent) -> OutboxEvent:
    """Write the event into the outbox, in its transaction. One insert.

    The other side is told; both are if a moderator or Fairground itself acted, and when a
    contract is signed, since then the brand's finance must act whoever signed last.
    """
    collaboration = event.collaboration
    by_mail = event.name not in BY_WEBHOOK_ONLY
    to_brand = by_mail and (event.side != Side.BRAND or event.name == "sign")
    return outbox.write(
        kind=f"collaboration.{event.name}",
        category=category_of(event),
        subject=collaboration,
        payload=payload_of(event),
        brand=Brand(pk=collaboration.campaign.brand_id),
        brand_roles=roles_of(event) if to_brand else (),
        creator=Creator(pk=collaboration.creator_id),
        to_creator=by_mail and event.side != Side.CREATOR,
        actor=event.actor,
        now=event.at,
    )


def category_of(event: CollaborationEvent) -> NotificationCategory:
    if is_of_deliverable(event) and event.name == "settle":
        return Category.MONEY
    by_area = AREAS.get(event.name.partition("_")[0], Category.WORK)
    return CATEGORIES.get(event.name, by_area)


def roles_of(event: CollaborationEvent) -> tuple[str, ...]:
    """Who of the brand may act on it, or keeps the money it moved."""
    roles = dict.fromkeys(MANAGERS)
    if event.name in FOR_FINANCE:
        roles |= dict.fromkeys(PAYERS)
    if event.name in FOR_REVIEWERS:
        roles |= dict.fromkeys(REVIEWERS)
    return tuple(str(role) for role in roles)


def is_of_deliverable(event: CollaborationEvent) -> bool:
    return "deliverable" in event.data


def payload_of(event: CollaborationEvent) -> dict[str, object]:
    """What webhooks of both sides get: the timeline's line, and who must act next by when."""
    collaboration = event.collaboration
    deadline_at = collaboration.deadline_at
    return {
        "event": event.pk,
        "collaboration": collaboration.pk,
        "campaign": collaboration.campaign_id,
        "brand": collaboration.campaign.brand_id,
        "creator": collaboration.creator_id,
        "happening": event.name,
        "side": event.side,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "acting_side": collaboration.acting_side,
        "deadline_at": deadline_at.isoformat() if deadline_at else None,
        "reason": event.reason,
        "data": event.data,
    }
