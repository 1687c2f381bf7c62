"""Words and questions the pages of collaborations share."""

from django import template

from campaigns.standing import Standing
from campaigns.states import Side

register = template.Library()


@register.filter
def is_for(standing: Standing, side: str) -> bool:
    """Whether ``side`` must act now."""
    return side in Side.values and standing.is_for(Side(side))
