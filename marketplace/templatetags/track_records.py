"""Track records on pages: found for whom they are about, written in words."""

from typing import Any

from django import template
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.track_access import may_read_record
from campaigns.transparency import Record, get_track_record
from marketplace.readable import figure_basis, figure_value

register = template.Library()
register.filter(figure_value)
register.filter(figure_basis)


@register.simple_tag
def track_record_of(subject: Brand | Creator | None) -> Record | None:
    """At most two queries."""
    return get_track_record(subject, now=timezone.now()) if subject else None


@register.simple_tag(takes_context=True)
def readable_track_record(context: dict[str, Any], creator: Creator) -> Record | None:
    """A creator's record for whoever looks at the page; None for other creators."""
    user = context["user"]
    return track_record_of(creator) if may_read_record(user, creator) else None
