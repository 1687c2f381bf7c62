"""Each factor of a match in words, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from scoring.ml.match import shares
from scoring.ml.match.audience import Wish
from scoring.ml.match.countries import country_name
from scoring.ml.match.facts import CampaignFacts, CreatorFacts
from scoring.ml.match.shares import Shares

GOOD, POOR = 0.6, 0.35


def describe(name: str, value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    """One factor in words with its figures; says so where it is unknown (NaN)."""
    if np.isnan(value):
        return UNKNOWN[name]
    return KNOWN[name](value, campaign, creator)


UNKNOWN: Final[Mapping[str, str]] = {
    "topic": "No bio or hashtags to compare with the brief",
    "age": "Ages of the audience unknown",
    "gender": "Genders of the audience unknown",
    "audience_country": "Countries of the audience unknown",
    "interests": "Interests of the audience unknown",
    "niche": "Niche unknown",
    "engagement": "Engagement rate unknown",
    "completion": "No past collaborations here: completion unknown",
    "quality": "Too few posts to judge how repetitive the content is",
    "authenticity": "Fake-follower risk unknown: not enough evidence",
    "values": "No text to compare with the brand's values",
    "tone": "Too few texts to compare the tone",
    "experience": "No past collaborations here: experience in the category unknown",
    "sentiment": "Too few comments about the brand to tell what the audience thinks of it",
    "price": "Price unknown: no comparable market data",
}


def _degree(value: float) -> str:
    return "strong" if value >= GOOD else "weak" if value < POOR else "partial"


def _group(wish: Wish | None, audience: Shares | None, words: str, noun: str) -> str:
    """`62% of the audience are women` for a group, or the similarity where shares are wanted."""
    if audience is None or wish is None or isinstance(wish, Shares):
        return ""
    inside = shares.share_inside(audience.values, wish)
    return f"; {inside:.0%} of the audience {words} {noun}"


def _age(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    group = ""
    if campaign.ages is not None and not isinstance(campaign.ages, Shares):
        years = sorted(map(int, campaign.ages))
        group = _group(campaign.ages, creator.audience.ages, "is aged", f"{years[0]}–{years[-1]}")
    return f"Audience age overlap {value:.0%}{group}"


def _gender(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    wish = campaign.genders
    named = "" if wish is None or isinstance(wish, Shares) else " or ".join(wish)
    group = _group(wish, creator.audience.genders, "is", named)
    return f"Audience gender overlap {value:.0%}{group}"


def _country(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    wish, audience = campaign.countries, creator.audience.countries
    if wish is None or isinstance(wish, Shares) or audience is None:
        return f"Geographic overlap {value:.0%} of the audience"
    known = min(audience.known, 1.0)
    each = {code: known * audience.values.get(code, 0.0) for code in wish}
    listed = ", ".join(f"{country_name(code)} {share:.0%}" for code, share in each.items())
    return f"{value:.0%} of the audience is where the campaign wants it ({listed})"


def _niche(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    wanted = " or ".join(name.replace("-", " ") for name in campaign.niches)
    return f"Niche alignment with {wanted}: {_degree(value)} ({value:.0%})"


def _engagement(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    rate = "" if creator.engagement_rate is None else f" {creator.engagement_rate:.1%},"
    return f"Engagement rate{rate} above {value:.0%} of accounts of this platform and size"


def _experience(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    count, everything = creator.collaborations_in_category or 0, creator.collaborations or 0
    return f"{count} of {everything} past collaborations in {campaign.category}"


def _price(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    return (
        f"Suggested price {(creator.price_minor or 0) / 100:,.0f} against a budget of "
        f"{(campaign.budget_minor or 0) / 100:,.0f}"
    )


def _repetition(value: float, campaign: CampaignFacts, creator: CreatorFacts) -> str:
    found = []
    if creator.repeated_pictures is not None:
        found.append(f"{creator.repeated_pictures:.0%} of pictures look like another one")
    if creator.repeated_captions is not None:
        found.append(f"{creator.repeated_captions:.0%} of captions repeat another one")
    return "Content: " + ", ".join(found)


Describe = Callable[[float, CampaignFacts, CreatorFacts], str]
KNOWN: Final[Mapping[str, Describe]] = {
    "topic": lambda v, c, k: f"Closeness of bio and hashtags to the brief: {_degree(v)} ({v:.0%})",
    "age": _age,
    "gender": _gender,
    "audience_country": _country,
    "interests": lambda v, c, k: f"Overlap with the audience's interests: {_degree(v)} ({v:.0%})",
    "niche": _niche,
    "engagement": _engagement,
    "completion": lambda v, c, k: f"{k.completed} of {k.accepted} past collaborations completed",
    "quality": _repetition,
    "authenticity": lambda v, c, k: f"Fake-follower risk {k.risk:.0f} of 100",
    "values": lambda v, c, k: f"Nearness to the brand's values: {_degree(v)} ({v:.0%})",
    "tone": lambda v, c, k: f"Likeness in tone: {_degree(v)} ({v:.0%})",
    "experience": _experience,
    "sentiment": lambda v, c, k: f"Comments about the brand score {2 * v - 1:+.2f} from −1 to 1",
    "price": _price,
}
