"""Which creators pass the limits of a list: one rule for page and API."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Creator, SocialAccount
from scoring.ml.match.limits import country_key

# Limit → lookup on an account.
LIMITS = {
    "platform": "platform",
    "country": "search_entry__country_key",
    "language": "search_entry__language",
    "niche": "search_entry__niches__contains",
    "min_followers": "search_entry__followers__gte",
    "max_followers": "search_entry__followers__lte",
    "max_risk": "search_entry__risk__lte",
}
READ: Mapping[str, Callable[[str], object]] = {
    "country": country_key,  # A code finds the name, and the other way round.
    "language": str.casefold,
    "niche": lambda niche: [niche],
}


def filter_creators(creators: QuerySet[Creator], asked: Mapping[str, Any]) -> QuerySet[Creator]:
    """The creators of whom one and the same account passes every limit.

    :param asked: names of `LIMITS`, and ``q``: text in the creator's name, or in the handle
        or bio of an account that passes. None and "" ask nothing; an unknown fact passes
        no limit on it.
    """
    limits = Q()
    for name, lookup in LIMITS.items():
        value = asked.get(name)
        if value not in (None, ""):
            limits &= Q(**{lookup: READ[name](value) if name in READ else value})
    passing = SocialAccount.objects.filter(limits, creator=OuterRef("pk"))
    if limits:
        creators = creators.filter(Exists(passing))
    if text := asked.get("q"):
        says = Q(handle__icontains=text.removeprefix("@")) | Q(bio__icontains=text)
        creators = creators.filter(Q(display_name__icontains=text) | Exists(passing.filter(says)))
    return creators
