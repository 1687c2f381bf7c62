"""What pages need of prices."""

from django import template
from django.utils import timezone

from accounts.models import Creator
from marketplace import pricing_words
from marketplace.pages.pricing_sheets import PriceSheet, sheets_of
from scoring.pricing.deliverables import label_of

register = template.Library()

register.filter(pricing_words.coverage_sentences)
register.filter(pricing_words.factor_bars)
register.filter(pricing_words.missing_factors)
register.filter(pricing_words.recent_sentence)


@register.filter
def work_on(deliverable: str, platform: str) -> str:
    """``a static post``; what ``static_post`` is called on the platform."""
    return label_of(deliverable, platform)


@register.simple_tag
def price_sheets(creator: Creator) -> list[PriceSheet]:
    """Prices of every account of a creator, as of now."""
    return sheets_of(creator, now=timezone.now())


@register.filter
def distance_words(distance: float) -> str:
    """Near, comparable or far: 1 is as far as twice the followers."""
    if distance <= 1:
        return "near"
    return "comparable" if distance <= 2 else "far"
