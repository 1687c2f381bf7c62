"""What happened so far, in words, the newest first, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.models import Collaboration, CollaborationEvent
from campaigns.states import FINAL, Side
from marketplace.pages.collaborations.event_words import sentence

PAGE = 30
# Told of a collaboration that is over already.
AFTER = ("claw_back", "split", "review_written", "reviews_published", "review_hidden")


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    sentence: str
    reason: str
    items: list[str]


@dataclass(frozen=True)
class Timeline:
    """``earlier`` is where the next page begins, 0 at the end."""

    lines: list[Line]
    earlier: int
    is_first_page: bool


def get_timeline(one: Collaboration, *, before: str = "") -> Timeline:
    """One query, by key: the last page costs what the first does."""
    events = one.events.select_related("actor").order_by("-pk")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0
    if start:
        events = events.filter(pk__lt=start)
    found = list(events[: PAGE + 1])
    lines = [_line(one, event) for event in found[:PAGE]]
    earlier = found[PAGE - 1].pk if len(found) > PAGE else 0
    return Timeline(lines, earlier, is_first_page=not start)


def get_end(one: Collaboration) -> Line | None:
    """What ended it, with its reason; None while it is live. At most one query."""
    if one.state not in FINAL:
        return None
    ends = one.events.select_related("actor").filter(to_state=one.state).exclude(name__in=AFTER)
    event = ends.order_by("pk").first()
    return _line(one, event) if event else None


def _line(one: Collaboration, event: CollaborationEvent) -> Line:
    items = event.data.get("items", []) if isinstance(event.data, dict) else []
    return Line(
        event.at,
        who_did(one, event),
        sentence(event),
        event.reason,
        [str(item) for item in items] if isinstance(items, list) else [],
    )


def who_did(one: Collaboration, event: CollaborationEvent) -> str:
    """Names are shown to the other side, addresses and moderators' names are not."""
    match event.side:
        case Side.SYSTEM:
            return "Fairground"
        case Side.MODERATOR:
            return "A moderator"
        case Side.CREATOR:
            if event.actor is None:
                return f"{one.creator} (a former member)"
            return str(one.creator)
    if event.actor is None:
        return f"A former member of {one.campaign.brand}"
    brand = str(one.campaign.brand)
    return f"{event.actor.name}, {brand}" if event.actor.name else brand
