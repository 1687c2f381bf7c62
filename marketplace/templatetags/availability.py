"""When creators work, in words, and who said so when."""

from django import template
from django.utils import timezone

from accounts.availability import Availability
from accounts.models import Creator
from marketplace.readable import availability_words, said_on

register = template.Library()
register.filter(availability_words)
register.filter(said_on)


@register.simple_tag
def availability_of(creator: Creator) -> Availability:
    """As the creator said it; an absence that is over is left out. No query."""
    return Availability.of(creator, today=timezone.now().date())
