"""Track records on pages: found for whom they are about, written in words."""

from typing import Any

from django import template
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.track_access import may_read_record
from campaigns.transparency import Figure, Record, Unit, get_track_record
from marketplace.templatetags.figures import UNBROKEN, percent

register = template.Library()
HOURS_SHOWN = 48


@register.simple_tag
def track_record_of(subject: Brand | Creator | None) -> Record | None:
    """At most two queries."""
    return get_track_record(subject, now=timezone.now()) if subject else None


@register.simple_tag(takes_context=True)
def readable_track_record(context: dict[str, Any], creator: Creator) -> Record | None:
    """A creator's record for whoever looks at the page; None for other creators."""
    user = context["user"]
    return track_record_of(creator) if may_read_record(user, creator) else None


@register.filter
def figure_value(figure: Figure) -> str:
    """``3 hours``, ``2.5 days``, ``92 %`` or ``0.4``."""
    if figure.value is None:
        return "not enough yet"
    if figure.unit == Unit.SHARE:
        return percent(figure.value, 0)
    if figure.unit == Unit.COUNT:
        return f"{figure.value:.1f}"
    if figure.value < HOURS_SHOWN:
        hours = round(figure.value, 1)
        return f"{hours:g}{UNBROKEN}{'hour' if hours == 1 else 'hours'}"
    return f"{figure.value / 24:.1f}".removesuffix(".0") + f"{UNBROKEN}days"


@register.filter
def figure_basis(figure: Figure) -> str:
    """What the value rests on: ``of 12, between 64 % and 98 %``."""
    if figure.value is None or figure.low is None or figure.high is None:
        return f"of {figure.n:,}"
    return f"of {figure.n:,}, between {percent(figure.low, 0)} and {percent(figure.high, 0)}"
