"""A campaign that is open, and what can be agreed for it."""

from datetime import UTC, date, datetime

import pytest

from campaigns.briefs import create_campaign
from campaigns.models import Campaign, Collaboration
from campaigns.offer_terms import DeliverableTerms, OfferTerms
from campaigns.running import change_campaign
from campaigns.starting import invite_creator
from campaigns.states import Side
from campaigns.terms import BriefTerms
from tests.cast import Cast

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def terms(*prices: int, **fields: object) -> OfferTerms:
    """Terms with one video per price, in euro cents."""
    deliverables = [
        DeliverableTerms(
            kind="video",
            platform="instagram",
            description="A short video about the sunscreen",
            price_minor=price,
            draft_due_on=date(2026, 3, 20),
            publish_by=date(2026, 3, 30),
        )
        for price in prices or (50_000,)
    ]
    return OfferTerms(**{"currency": "EUR", "deliverables": deliverables, **fields})  # type: ignore[arg-type]


def open_campaign(cast: Cast, *, budget_minor: int | None = 200_000) -> Campaign:
    brief = BriefTerms(
        text="A sunscreen without fragrance",
        total_budget_minor=budget_minor,
        budget_currency="EUR" if budget_minor else "",
    )
    campaign = create_campaign(
        brand=cast.brand, title="Spring", terms=brief, actor=cast.brand_owner, now=NOW
    )
    for name, side, actor in (
        ("submit", Side.BRAND, cast.brand_owner),
        ("approve", Side.MODERATOR, cast.moderator),
    ):
        campaign = change_campaign(campaign=campaign, name=name, side=side, actor=actor, now=NOW)
    return campaign


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return open_campaign(cast)


@pytest.fixture
def invited(cast: Cast, campaign: Campaign) -> Collaboration:
    return invite_creator(
        campaign=campaign,
        creator=cast.creator,
        actor=cast.brand_owner,
        now=NOW,
        message="We like your routines.",
    )
