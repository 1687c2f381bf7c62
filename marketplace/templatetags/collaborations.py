"""Words and questions the pages of collaborations share."""

from django import template

from accounts.models import Platform
from campaigns.standing import Standing
from campaigns.states import Side

register = template.Library()


@register.filter
def is_for(standing: Standing, side: str) -> bool:
    """Whether ``side`` must act now."""
    return side in Side.values and standing.is_for(Side(side))


@register.filter
def platform_name(value: str) -> str:
    """“youtube” as the platform writes itself; what is no platform stays as it is."""
    return str(Platform(value).label) if value in Platform.values else value
