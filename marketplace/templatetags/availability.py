"""When creators work, in words, and who said so when."""

from datetime import date

from django import template
from django.utils import timezone

from accounts.availability import Availability
from accounts.models import Creator

register = template.Library()


@register.simple_tag
def availability_of(creator: Creator) -> Availability:
    """As the creator said it; an absence that is over is left out. No query."""
    return Availability.of(creator, today=timezone.now().date())


@register.filter
def availability_words(said: Availability, today: date | None = None) -> str:
    """``Takes on work, away until 3 Dec 2026``; empty if the creator says nothing."""
    today = today or timezone.now().date()
    parts = []
    if said.accepts_work is not None:
        parts.append("takes on work" if said.accepts_work else "takes on no work")
    if said.away_from is not None:
        begins = "" if said.away_from <= today else f" from {short_day(said.away_from)}"
        ends = f" until {short_day(said.away_until)}" if said.away_until else ", return not known"
        parts.append(f"away{begins}{ends}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


@register.filter
def said_on(creator: Creator) -> str:
    """``said by the creator on 2 Nov 2026``."""
    said_at = creator.availability_said_at
    return f"said by the creator on {short_day(said_at.date())}" if said_at else ""


def short_day(day: date) -> str:
    """``3 Dec 2026``."""
    return f"{day.day} {day:%b %Y}"
