"""Estimates of niche reports as people read them. Unknown is a dash."""

from typing import Any

from django import template

from marketplace.readable import UNBROKEN, UNKNOWN, deliverable, money_in
from scoring.niche_reports import wording

register = template.Library()
BASES = {"suggested": "suggested here", "asked": "asked", "agreed": "agreed"}

register.filter("growth_words", wording.growth_words)


@register.filter
def estimated(one: dict[str, Any] | None) -> str:
    """``2.1 % (1.4–2.8)``."""
    if one is None:
        return UNKNOWN
    return f"{wording.percents(one['value'])}{UNBROKEN}% ({wording.span(one)})"


@register.filter
def change_words(one: dict[str, Any] | None) -> str:
    """``rising, 3.0 % (1.2–4.8)``; a change that is not sure is called so."""
    if one is None:
        return UNKNOWN
    words = {"rise": "rising", "fall": "falling"}.get(one.get("trend", ""), "no clear change")
    return f"{words}, {estimated(one)}"


@register.filter
def estimated_points(one: dict[str, Any] | None) -> str:
    """``+1.2 (−0.4 to +2.8)``."""
    if one is None:
        return UNKNOWN
    text = f"{one['value']:+.1f} ({one['low']:+.1f} to {one['high']:+.1f})"
    return text.replace("-", wording.MINUS)


@register.filter
def price_range(price: dict[str, Any] | None) -> str:
    """``€450 (€400–€520)``."""
    if price is None:
        return UNKNOWN
    ends = [money_in(price[name], price["currency"]) for name in ("low_minor", "high_minor")]
    return f"{money_in(price['median_minor'], price['currency'])} ({ends[0]}–{ends[1]})"


@register.filter
def price_is_for(key: tuple[str, str, str]) -> str:
    """``suggested here for a video of 21–60 s, in CNY``."""
    basis, name, currency = key
    return f"{BASES.get(basis, basis)} for {deliverable(name)}, in {currency}"
