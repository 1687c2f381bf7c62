"""What pages say of planned posts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django import template

from marketplace.readable import percent
from scoring.ml.plep.answers import Contributor, Suggestion, WhatIf
from scoring.planning_posts.answers import ACCOUNT_FACTS
from scoring.planning_posts.diagnosing import Diagnosis

register = template.Library()

NAMES: Final = {
    "caption": "caption",
    "hashtags": "hashtags",
    "planned_at": "time",
    "duration_s": "length",
    "kind": "format",
    "image": "picture",
}
_PLANNED: Final = frozenset({"hour", "weekday", "duration"})


@register.filter
def reasons(diagnosis: Diagnosis) -> list[tuple[str, tuple[Contributor, ...]]]:
    found = diagnosis.prediction
    return [("For", found.positive), ("Against", found.negative)] if found else []


@register.filter
def without_caption(found: Sequence[Contributor]) -> list[Contributor]:
    """For whoever has not seen the caption: what its absence does says nothing about the post."""
    return [one for one in found if one.fact in ACCOUNT_FACTS | _PLANNED]


@register.filter
def about(one: Contributor) -> str:
    return "the account" if one.fact in ACCOUNT_FACTS else "the draft"


@register.filter
def changed_names(changed: Sequence[str]) -> str:
    return ", ".join(NAMES.get(name, name) for name in changed)


@register.filter
def change_words(one: WhatIf) -> str:
    """How much more or less, and how sure that is."""
    if one.low is None or one.expected is None or one.high is None:
        return f"Nothing can be said of it. {one.reason or ''}".strip()
    words = f"{_percent(one.expected)} expected, from {_percent(one.low)} to {_percent(one.high)}."
    if one.supported:
        return words
    return f"{words} That leaves open whether it does anything."


@register.filter
def suggestion_words(one: Suggestion, zone: ZoneInfo) -> str:
    """The suggestion, its interval, and the hour by the creator's own clock."""
    moment = one.change.get("planned_at")
    local = ""
    if isinstance(moment, datetime) and str(zone) != "UTC":
        local = f" ({moment.astimezone(zone):%H:%M} in {zone})"
    found = one.what_if
    if found.low is None or found.high is None:
        return one.text
    return f"{one.text}{local}, from {_percent(found.low)} to {_percent(found.high)}"


@register.filter
def planned_words(moment: str | None) -> str:
    """A kept moment in UTC."""
    if not moment:
        return "not said"
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%-d %b %Y %H:%M} UTC"


@register.filter
def per_cent(share: float | None) -> str:
    return percent(share, 0)


@register.filter
def whole(number: float) -> str:
    return f"{number:,.0f}"


def _percent(factor: float) -> str:
    if factor >= 2:
        return f"{factor:.1f} times as much"
    return f"{factor - 1:+.1%}".replace("-", "−")
