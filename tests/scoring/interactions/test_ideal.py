"""Naming ideal creators for a campaign."""

import pytest

from accounts import audit
from accounts.errors import NotFound
from accounts.models import Creator
from campaigns.campaign_moves import make_brand_move
from campaigns.models import Campaign
from scoring.interactions.ideal import (
    MOST_PER_CAMPAIGN,
    CampaignOver,
    EnoughIdeals,
    list_ideal_creators,
    name_ideal_creator,
)
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import campaign  # noqa: F401

pytestmark = pytest.mark.django_db


def name(cast: Cast, campaign: Campaign, creator: Creator) -> None:  # noqa: F811
    name_ideal_creator(campaign=campaign, creator=creator, actor=cast.brand_owner, now=NOW)


def test_naming_twice_is_naming_once(cast: Cast, campaign: Campaign) -> None:  # noqa: F811
    name(cast, campaign, cast.creator)
    name(cast, campaign, cast.other_creator)
    name(cast, campaign, cast.creator)
    named = list_ideal_creators(campaign)
    assert [one.creator for one in named] == [cast.creator, cast.other_creator]
    assert {(one.kind, one.brand, one.position) for one in named} == {("ideal", cast.brand, None)}
    verbs = [entry.verb for entry in audit.list_entries(campaign)]
    assert verbs.count("campaign.ideal_creator_named") == 2


def test_a_campaign_names_a_few(cast: Cast, campaign: Campaign) -> None:  # noqa: F811
    for number in range(MOST_PER_CAMPAIGN):
        name(cast, campaign, Creator.objects.create(display_name=f"Ideal {number}"))
    with pytest.raises(EnoughIdeals):
        name(cast, campaign, cast.creator)


def test_a_campaign_that_is_over_names_nobody(cast: Cast, campaign: Campaign) -> None:  # noqa: F811
    make_brand_move(campaign=campaign, name="cancel", actor=cast.brand_owner, now=NOW, reason="No.")
    with pytest.raises(CampaignOver):
        name(cast, campaign, cast.creator)


def test_a_suspended_creator_is_not_named(cast: Cast, campaign: Campaign) -> None:  # noqa: F811
    Creator.objects.filter(pk=cast.creator.pk).update(status="suspended")
    with pytest.raises(NotFound):
        name(cast, campaign, cast.creator)
