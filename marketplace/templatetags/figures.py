"""Figures as people write them. Unknown is a dash, never a zero."""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import template

from accounts import money
from accounts.models import SocialAccount
from scoring.models import Score

register = template.Library()

UNKNOWN = "–"
UNBROKEN = "\N{NO-BREAK SPACE}"
NICHES_SHOWN = 4
WORTH_SHOWING = 0.05  # less likely niches are noise on a card; the creator's page has all
DELIVERABLES = {
    "video_1_20s": "a video of 1–20 s",
    "video_21_60s": "a video of 21–60 s",
    "video_over_60s": "a video over 60 s",
}


@register.filter
def compact(count: float | None) -> str:
    """34600 → ``34.6k``, 1200000 → ``1.2M``; below a thousand as it is."""
    if count is None:
        return UNKNOWN
    for size, suffix in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        # 999,950 would round to "1000.0k".
        if abs(count) >= size * 0.99995:
            figure = f"{count / size:.1f}" if abs(count) < 99.95 * size else f"{count / size:.0f}"
            return figure.removesuffix(".0") + suffix
    return f"{count:.0f}"


@register.filter
def percent(fraction: float | None, places: int = 1) -> str:
    """0.0523 → ``5.2 %``, with a space that does not break."""
    if fraction is None:
        return UNKNOWN
    figure = f"{100 * fraction:.{places}f}"
    if "." in figure:
        figure = figure.rstrip("0").rstrip(".")
    return f"{figure}{UNBROKEN}%"


@register.filter
def hundredths(fraction: float | None) -> str:
    """A score from 0 to 1 as a whole number of 100, for meters and headings."""
    return UNKNOWN if fraction is None else f"{100 * fraction:.0f}"


@register.filter
def at_most(number: int, ceiling: int) -> int:
    """Nobody is better than 100 % of a set they are in."""
    return min(number, ceiling)


@register.filter
def money_in(minor: float | None, currency: str) -> str:
    return UNKNOWN if minor is None else money.readable(minor, currency)


@register.filter
def exact_money(minor: int | None, currency: str) -> str:
    """To the last cent, for what is owed, paid or agreed."""
    return UNKNOWN if minor is None else money.exact(minor, currency)


@register.filter
def confidence_words(confidence: float | None) -> str:
    """``94 % sure``, for a calibrated probability or a share of known inputs."""
    return "" if confidence is None else f"{100 * confidence:.0f}{UNBROKEN}% sure"


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


@register.filter
def readable_name(name: str) -> str:
    """``engagement_rate_30d`` → ``Engagement rate 30d``, where nobody wrote a label."""
    text = str(name).replace("_", " ").strip()
    return text[:1].upper() + text[1:]


@register.filter
def deliverable(name: str) -> str:
    """What a price is for, in words."""
    return DELIVERABLES.get(name, readable_name(name).lower())


@register.filter
def shown_niches(account: SocialAccount, score: Score | None) -> list[tuple[str, str]]:
    """(niche, how it is known) for a card: what is declared first, then what is likely."""
    declared = [(name.replace("-", " "), "declared") for name in account.declared_niches]
    known = {name for name, _ in declared}
    labels = (score.details.get("labels") or []) if score else []
    likely = [
        (label["readable"], percent(label["probability"], 0))
        for place, label in enumerate(labels)
        if label["readable"] not in known
        and label["probability"] >= (0 if place == 0 and not known else WORTH_SHOWING)
    ]
    return (declared + likely)[:NICHES_SHOWN]


@register.filter
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
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
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
