"""What pages need of market values."""

from django import template

from accounts.models import Creator
from marketplace import value_words
from scoring.valuing.reading import Valuation, current_values

register = template.Library()

register.filter(value_words.amount_range)
register.filter(value_words.league_words)
register.filter(value_words.market_words)
register.filter(value_words.places)


@register.filter
def value_amount(valuation: Valuation | None) -> str:
    """``€1,250``, or ``1,250 engagements``."""
    return value_words.amount(
        valuation.value if valuation else None, valuation.currency if valuation else ""
    )


@register.simple_tag
def values_of_creator(creator: Creator) -> list[tuple[str, Valuation]]:
    """Platform and current value of every account of a creator that has one. Two queries."""
    names = {
        one.pk: one.get_platform_display() for one in creator.accounts.order_by("platform", "pk")
    }
    found = current_values(list(names))
    return [(name, found[account]) for account, name in names.items() if account in found]
