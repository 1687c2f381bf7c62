"""For a brief that found nobody: which of its limits is in the way, in words."""

from dataclasses import dataclass

from accounts.models import Platform
from campaigns.terms import BriefTerms
from marketplace.forms.choices import language_name
from scoring.matching.limits import limits_of
from scoring.matching.refusing import emptying_limits


@dataclass(frozen=True)
class Emptying:
    """One limit: dropping it alone shows ``alone`` accounts; it refuses ``refused`` in all.

    Of these ``unknown`` are refused because the fact is unknown.
    """

    limit: str
    label: str
    alone: int
    refused: int
    unknown: int


def list_emptying(terms: BriefTerms) -> list[Emptying]:
    """The limits of a brief, the one that alone keeps most out first. One query."""
    labels = _labels(terms)
    return [
        Emptying(one.limit, labels.get(one.limit, one.limit), one.alone, one.refused, one.unknown)
        for one in emptying_limits(limits=limits_of(terms))
    ]


def _labels(terms: BriefTerms) -> dict[str, str]:
    platform = Platform(terms.platform).label if terms.platform in Platform.values else ""
    return {
        "platform": f"the platform ({platform})",
        "country": f"the country ({terms.country})",
        "language": f"the language ({', '.join(map(language_name, terms.languages))})",
        "niche": "the niches",
        "min_followers": f"at least {terms.min_followers or 0:,} followers",
        "max_followers": f"at most {terms.max_followers or 0:,} followers",
        "max_risk": f"a risk of {terms.max_risk} or lower",
        "budget": "the budget",
        "availability": "being known to be free",
    }
