"""For a brief that found nobody: which filter is in the way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from campaigns.terms import BriefTerms
from scoring.matching.limits import limits_of
from scoring.matching.retrieval import eligible_entries


@dataclass(frozen=True)
class Loosening:
    """One filter to drop, and how many accounts are then eligible."""

    label: str
    eligible: int


def list_loosenings(terms: BriefTerms) -> list[Loosening]:
    """Single filters whose removal finds somebody, the most helpful first.

    One count per filter set. When no single one helps, the answer is everything at once.
    """
    tried = [
        Loosening(label, eligible_entries(limits_of(without)).count())
        for label, without in _each_without(terms)
    ]
    helpful = sorted((one for one in tried if one.eligible), key=lambda one: -one.eligible)
    if helpful or len(tried) < 2:
        return helpful
    everyone = eligible_entries(limits_of(BriefTerms(text=terms.text))).count()
    return [Loosening("all filters together", everyone)] if everyone else []


def _each_without(terms: BriefTerms) -> Iterator[tuple[str, BriefTerms]]:
    if terms.platform:
        yield "the platform", replace(terms, platform="")
    if terms.country:
        yield f"the country ({terms.country})", replace(terms, country="")
    if terms.niches:
        yield "the niches", replace(terms, niches=[])
    if terms.min_followers is not None:
        yield f"at least {terms.min_followers:,} followers", replace(terms, min_followers=None)
    if terms.max_followers is not None:
        yield f"at most {terms.max_followers:,} followers", replace(terms, max_followers=None)
    if terms.max_risk is not None:
        yield f"a risk of {terms.max_risk} or lower", replace(terms, max_risk=None)
    if terms.budget_minor is not None:
        yield "the budget", replace(terms, budget_minor=None, budget_currency="")
