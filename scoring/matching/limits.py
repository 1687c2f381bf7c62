"""A brief's hard limits in the form that retrieval and "why not shown" read, and as SQL."""

from django.db.models import Q

from accounts.availability import available, unavailable
from campaigns.terms import BriefTerms
from scoring.ml.match.audience import tag_of
from scoring.ml.match.limits import Limits, country_key


def limits_of(terms: BriefTerms) -> Limits:
    """The limits a brief sets; the days to publish in are those creators have to be there for."""
    return Limits(
        platforms=[terms.platform] if terms.platform else [],
        countries=[terms.country] if terms.country else [],
        languages=terms.languages,
        niches=terms.niches,
        min_followers=terms.min_followers,
        max_followers=terms.max_followers,
        max_risk=terms.max_risk,
        budget_minor=terms.budget_minor,
        currency=terms.budget_currency,
        available_from=terms.publish_from,
        available_until=terms.publish_by,
        needs_availability=terms.needs_availability,
    )


def passing_by_limit(limits: Limits) -> dict[str, Q]:
    """What each limit that is set lets pass, by its name in `limits.CHECKED`."""
    passing: dict[str, Q] = {}
    if limits.platforms:
        passing["platform"] = Q(platform__in=[name.casefold() for name in limits.platforms])
    if limits.countries:
        passing["country"] = Q(country_key__in=[country_key(name) for name in limits.countries])
    if limits.languages:
        passing["language"] = Q(language__in=[code.casefold() for code in limits.languages])
    if limits.niches:
        passing["niche"] = Q(niches__overlap=sorted({*limits.niches, *map(tag_of, limits.niches)}))
    if limits.min_followers is not None:
        passing["min_followers"] = Q(followers__gte=limits.min_followers)
    if limits.max_followers is not None:
        passing["max_followers"] = Q(followers__lte=limits.max_followers)
    if limits.max_risk is not None:
        passing["max_risk"] = Q(risk__lte=limits.max_risk)
    if limits.budget_minor is not None:
        dearer = Q(price_currency=limits.currency, price_low_minor__gt=limits.budget_minor)
        passing["budget"] = ~dearer
    if (period := limits.period()) and limits.needs_availability:
        passing["availability"] = available(*period, path="creator__")
    elif period:
        passing["availability"] = ~unavailable(*period, path="creator__")
    elif limits.needs_availability:
        passing["availability"] = Q(creator__accepts_work=True)
    return passing


def unknown_by_limit(limits: Limits) -> dict[str, Q]:
    """The rows whose fact a limit looks at is unknown, by the same names as `passing_by_limit`."""
    nothing, silent = Q(pk__in=[]), Q(creator__accepts_work=None)
    if period := limits.period():
        silent &= ~unavailable(*period, path="creator__")
    return {
        "platform": nothing,
        "country": Q(country_key=""),
        "language": Q(language=""),
        "niche": Q(niches=[]),
        "min_followers": Q(followers=None),
        "max_followers": Q(followers=None),
        "max_risk": Q(risk=None),
        "budget": nothing,
        "availability": silent,
    }
