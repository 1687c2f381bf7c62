"""What a brand said about creators, for templates that have its campaign."""

from django import template

from campaigns.models import Campaign
from scoring.interactions.ideal import list_ideal_creators
from scoring.models import InteractionEvent

register = template.Library()


@register.simple_tag
def ideal_creators_of(campaign: Campaign) -> list[InteractionEvent]:
    """One query."""
    return list_ideal_creators(campaign)
