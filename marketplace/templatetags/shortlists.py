"""The lists a card's button offers, read once for the whole page."""

from dataclasses import dataclass
from typing import Any

from django import template

from accounts.models import Brand
from campaigns.models import Shortlist
from campaigns.shortlists import brands_kept_by, open_shortlists_kept_by

register = template.Library()
_KEPT = "_shortlists_offered"


@dataclass(frozen=True)
class Offer:
    """Lists somebody may put creators on, and the brands they may begin lists for."""

    lists: list[Shortlist]
    brands: list[Brand]

    @property
    def several(self) -> bool:
        return len(self.brands) > 1


@register.simple_tag(takes_context=True)
def shortlists_offered(context: dict[str, Any]) -> Offer:
    """Two queries for a page however many cards ask, one for who keeps no lists."""
    request = context["request"]
    found: Offer | None = getattr(request, _KEPT, None)
    if found is None:
        brands = list(brands_kept_by(request.user)) if request.user.is_authenticated else []
        lists = list(open_shortlists_kept_by(request.user)) if brands else []
        found = Offer(lists, brands)
        setattr(request, _KEPT, found)
    return found
