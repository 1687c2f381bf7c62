"""The growth of accounts for a template that has them."""

from collections.abc import Iterable

from django import template
from django.utils import timezone

from marketplace.pages.creator_facts import AccountFacts
from marketplace.pages.growth import GrowthView, get_growths

register = template.Library()


@register.simple_tag
def growths_of(facts: Iterable[AccountFacts]) -> dict[int, GrowthView]:
    """By account id, see `get_growths`; three queries for all accounts of the page."""
    return get_growths([one.account for one in facts], now=timezone.now())
