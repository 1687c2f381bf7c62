"""Which creators pass the limits of a list: one rule for page and API."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Creator, SocialAccount

# Limit → lookup on an account.
LIMITS = {
    "platform": "platform",
    "country": "country__iexact",
    "niche": "search_entry__niches__contains",
    "min_followers": "search_entry__followers__gte",
    "max_followers": "search_entry__followers__lte",
    "max_risk": "search_entry__risk__lte",
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
            limits &= Q(**{lookup: [value] if name == "niche" else value})
    passing = SocialAccount.objects.filter(limits, creator=OuterRef("pk"))
    if limits:
        creators = creators.filter(Exists(passing))
    if text := asked.get("q"):
        says = Q(handle__icontains=text.removeprefix("@")) | Q(bio__icontains=text)
        creators = creators.filter(Q(display_name__icontains=text) | Exists(passing.filter(says)))
    return creators
