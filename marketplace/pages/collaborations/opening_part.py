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
    event = _first(one)
    message = str(event.data.get("message", "")) if event else ""
    return Opening(event, who_did(one, event) if event else "", message, _brief(one, event))


def brief_of(one: Collaboration) -> Brief | None:
    """The version that both sides had before them when it began. Two queries."""
    return _brief(one, _first(one))


def _first(one: Collaboration) -> CollaborationEvent | None:
    return one.events.select_related("actor").order_by("pk").first()


def _brief(one: Collaboration, event: CollaborationEvent | None) -> Brief | None:
    version = event.data.get("brief_version") if event else None
    if version is not None:
        return one.campaign.briefs.filter(version=version).first()
    # Begun before versions were written down: the newest there was then.
    then = one.campaign.briefs.filter(created_at__lte=one.created_at)
    return then.order_by("-version").first()
