"""Finding creators from any page."""

from django import template

from accounts import money
from accounts.models import Creator, Platform
from marketplace.forms.choices import language_name
from marketplace.readable import niche_name, readable_name
from scoring.discovery.resembling import SimilarPage, similar_creators
from scoring.discovery.terms import SearchTerms

register = template.Library()

SHOWN = 5
# The limits of a search as its form calls them.
LIMITS = {
    "min_followers": "At least so many followers",
    "max_followers": "At most so many followers",
    "max_risk": "Highest fake-follower risk",
}


@register.simple_tag
def similar_to(creator: Creator) -> SimilarPage:
    """The few creators most like this one. As many queries for all creators."""
    return similar_creators(creator=creator, top=SHOWN)


@register.filter
def limit_label(limit: str) -> str:
    return LIMITS.get(limit) or readable_name(limit)


@register.filter
def search_chips(terms: SearchTerms) -> list[str]:
    """What a search asks besides its words, one short text each."""
    chips = []
    if terms.like:
        chips.append(f"{len(terms.like)} example{'s' if len(terms.like) > 1 else ''}")
    if terms.example:
        chips.append("a pasted text")
    chips += [Platform(name).label if name in Platform.values else name for name in terms.platforms]
    chips += [*terms.countries, *map(language_name, terms.languages)]
    chips += [niche_name(name) for name in terms.niches]
    if terms.min_followers is not None:
        chips.append(f"from {terms.min_followers:,} followers")
    if terms.max_followers is not None:
        chips.append(f"to {terms.max_followers:,} followers")
    if terms.max_risk is not None:
        chips.append(f"risk {terms.max_risk:g} or lower")
    if terms.budget_minor is not None:
        chips.append(f"budget {money.readable(terms.budget_minor, terms.currency)}")
    if terms.available_from or terms.available_until:
        days = [f"{day:%d %b %Y}" for day in (terms.available_from, terms.available_until) if day]
        chips.append(f"available {' – '.join(days)}")
    return chips
