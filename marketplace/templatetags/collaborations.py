"""Words and questions the pages of collaborations share."""

from django import template

from accounts.models import Platform
from campaigns.models import Collaboration, Deliverable
from campaigns.standing import Standing, get_deliverable_standing
from campaigns.states import DELIVERABLE_FINAL, Side, State

register = template.Library()

# Where on the page the one who must act finds the form for it; the rest have pages of their own.
ANCHORS = {
    State.INVITED: "offers",
    State.APPLIED: "offers",
    State.NEGOTIATING: "offers",
    State.AGREED: "contract",
    State.SIGNED: "funding",
    State.CANCEL_REQUESTED: "ending",
}


@register.filter
def anchor_of(standing: Standing) -> str:
    return ANCHORS.get(State(standing.state), "") if standing.state in State.values else ""


@register.simple_tag
def open_pieces(collaboration: Collaboration) -> list[tuple[Deliverable, Standing]]:
    """Pieces that somebody must act on, while the work runs. One query, none otherwise."""
    if collaboration.state != State.ACTIVE:
        return []
    pieces = collaboration.deliverables.exclude(state__in=DELIVERABLE_FINAL).order_by("position")
    return [(piece, get_deliverable_standing(piece)) for piece in pieces]


@register.filter
def is_for(standing: Standing, side: str) -> bool:
    """Whether ``side`` must act now."""
    return side in Side.values and standing.is_for(Side(side))


@register.filter
def platform_name(value: str) -> str:
    """“youtube” as the platform writes itself; what is no platform stays as it is."""
    return str(Platform(value).label) if value in Platform.values else value
