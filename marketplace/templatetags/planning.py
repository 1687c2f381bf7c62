"""Rates, estimates and what a plan's figures are, as people read them."""

from decimal import Decimal

from django import template

from accounts import money
from accounts.models import Platform
from campaigns.results.formula_terms import plain
from marketplace.readable import UNKNOWN, about
from scoring.budgeting.terms import Goal

register = template.Library()

register.filter(about)


@register.filter
def rate(minor: Decimal | str | None, currency: str) -> str:
    """``€0.005``: exactly as it was typed, in whole units of the currency."""
    if minor is None:
        return UNKNOWN
    sign = money.readable(0, currency).removesuffix("0")
    return f"{sign}{plain(Decimal(minor).scaleb(-money.exponent(currency)))}"


@register.filter
def one_of(interaction: str) -> str:
    """``likes`` → ``like``."""
    return interaction.removesuffix("s")


@register.filter
def per_money(value: float | None) -> str:
    """People or engagements for one unit of money: ``42``, ``3.1``, ``0.042``."""
    if value is None:
        return UNKNOWN
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2g}"


@register.filter
def platform_name(platform: str) -> str:
    return Platform(platform).label if platform in Platform.values else platform


@register.filter
def goal_name(goal: str) -> str:
    return Goal(goal).label if goal in Goal.values else goal
