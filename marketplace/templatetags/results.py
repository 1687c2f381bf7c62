"""Figures of results as people write them."""

from django import template

from accounts import money

register = template.Library()

UNKNOWN = "–"


@register.filter
def unit_cost(minor: float | None, currency: str) -> str:
    """What one view or engagement cost: ``€0.0042``, to two figures where it is below 1."""
    if minor is None or not currency:
        return UNKNOWN
    amount = minor / 10 ** money.exponent(currency)
    sign = money.readable(0, currency).removesuffix("0")
    return f"{sign}{amount:,.2f}" if amount >= 1 else f"{sign}{amount:.2g}"


@register.filter
def days(count: int | None) -> str:
    """``3 days late``, ``on time``, or a dash where it cannot be said."""
    if count is None:
        return UNKNOWN
    if count <= 0:
        return "on time"
    return f"{count} day{'s' if count != 1 else ''} late"


@register.filter
def share_of(actual: int | None, planned: int | None) -> str:
    """``83 %`` of the plan."""
    if actual is None or not planned:
        return UNKNOWN
    return f"{100 * actual / planned:.0f}\N{NO-BREAK SPACE}%"
