"""How it began: the invitation or application, and the brief it was made under."""

from dataclasses import dataclass

from campaigns.models import Brief, Collaboration, CollaborationEvent
from marketplace.pages.collaborations.timeline_part import who_did


@dataclass(frozen=True)
class Opening:
    event: CollaborationEvent | None
    who: str
    message: str
    brief: Brief | None


def get_opening(one: Collaboration) -> Opening:
    """Two queries."""
    event = one.events.select_related("actor").order_by("pk").first()
    message = str(event.data.get("message", "")) if event else ""
    who = who_did(one, event) if event else ""
    return Opening(event, who, message, brief_of(one))


def brief_of(one: Collaboration) -> Brief | None:
    """The version that both sides had before them when it began. One query."""
    then = one.campaign.briefs.filter(created_at__lte=one.created_at)
    return then.order_by("-version").first()
