"""A brief's hard limits in the form that retrieval and "why not shown" read."""

from campaigns.terms import BriefTerms
from scoring.ml.match.limits import Limits


def limits_of(terms: BriefTerms) -> Limits:
    return Limits(
        platforms=[terms.platform] if terms.platform else [],
        countries=[terms.country] if terms.country else [],
        niches=terms.niches,
        min_followers=terms.min_followers,
        max_followers=terms.max_followers,
        max_risk=terms.max_risk,
        budget_minor=terms.budget_minor,
        currency=terms.budget_currency,
    )
