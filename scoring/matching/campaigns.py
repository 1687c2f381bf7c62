"""What ranking has to know of a campaign besides its brief."""

from dataclasses import dataclass

from campaigns.models import Brief, Campaign
from campaigns.terms import BriefTerms
from scoring.interactions.hiding import hidden_creator_ids


@dataclass(frozen=True)
class AskedBy:
    """A brief, the names its brand goes by in comments, and whom the brand has hidden."""

    terms: BriefTerms
    brand_names: tuple[str, ...]
    hidden: frozenset[int]


def asked_by(campaign: Campaign, brief: Brief) -> AskedBy:
    """For a version of the campaign's brief. One query; the campaign's brand is loaded."""
    return AskedBy(
        terms=BriefTerms.of(brief),
        brand_names=(campaign.brand.name,),
        hidden=frozenset(hidden_creator_ids(campaign.brand)),
    )
