"""Figures as people write them. Unknown is a dash, never a zero."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import template

from accounts import money
from marketplace.readable import (
    UNKNOWN,
    compact,
    confidence_words,
    deliverable,
    money_in,
    niche_name,
    percent,
    readable_name,
    shown_niches,
    typeset,
)

register = template.Library()

for _filter in (
    compact,
    percent,
    money_in,
    niche_name,
    confidence_words,
    readable_name,
    typeset,
    deliverable,
    shown_niches,
):
    register.filter(_filter)


@register.filter
def hundredths(fraction: float | None) -> str:
    """A score from 0 to 1 as a whole number of 100, for meters and headings."""
    return UNKNOWN if fraction is None else f"{100 * fraction:.0f}"


@register.filter
def at_most(number: int, ceiling: int) -> int:
    """Nobody is better than 100 % of a set they are in."""
    return min(number, ceiling)


@register.filter
def exact_money(minor: int | None, currency: str) -> str:
    """To the last cent, for what is owed, paid or agreed."""
    return UNKNOWN if minor is None else money.exact(minor, currency)


@register.filter
def time_left(left: timedelta | None) -> str:
    """``about 3 minutes left``."""
    if left is None:
        return ""
    seconds = max(1, round(left.total_seconds()))
    if seconds < 90:
        return f"about {seconds} second{'s' if seconds != 1 else ''} left"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} minutes left"
    return f"about {seconds / 3600:.1f} hours left"


@register.filter
def item(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    return (mapping or {}).get(key)


MOST_LISTED = 8


@register.filter
def input_rows(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a model saw, as (name, value) rows: what lies deeper is named by its way there.

    A long list is told by its length; the API gives all of it.
    """
    return [row for name, value in inputs.items() for row in _rows(readable_name(name), value)]


def _rows(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        return [
            row for key, own in value.items() for row in _rows(f"{name}: {readable_name(key)}", own)
        ]
    if not isinstance(value, list | tuple | Mapping):
        return [(name, input_value(value))]
    if any(isinstance(one, list | tuple | Mapping) for one in value):
        return [(name, f"{len(value):,} entries")]
    listed = ", ".join(map(input_value, list(value)[:MOST_LISTED])) or "none"
    more = f" and {len(value) - MOST_LISTED:,} more" if len(value) > MOST_LISTED else ""
    return [(name, listed + more)]


def input_value(value: Any) -> str:
    """One value of a feature snapshot, short enough for a table cell."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.4g}"
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


@register.filter
def signed_bars(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Reasons with a bar ``width`` in per cent of half the bar, the strongest first."""
    rows = [
        {"text": reason.get("text", ""), "effect": float(reason.get("effect") or 0.0)}
        for reason in reasons or []
    ]
    strongest = max((abs(row["effect"]) for row in rows), default=0.0) or 1.0
    for row in rows:
        row["width"] = round(50 * abs(row["effect"]) / strongest, 1)
    return sorted(rows, key=lambda row: -abs(row["effect"]))


@register.filter
def audience_groups(audience: Any) -> list[tuple[str, list[tuple[str, float]]]]:
    """The five largest shares of each group of an `AudienceSnapshot` that has any."""
    groups = (
        ("Countries", audience.countries),
        ("Age", audience.age),
        ("Gender", audience.gender),
        ("Interests", audience.interests),
    )
    return [
        (title, sorted(shares.items(), key=lambda share: -share[1])[:5])
        for title, shares in groups
        if shares
    ]
