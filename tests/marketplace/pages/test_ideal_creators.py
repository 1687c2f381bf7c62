"""Naming ideal creators on a page."""

import pytest
from django.urls import reverse

from accounts.models import Creator, SocialAccount
from campaigns.models import Campaign
from scoring.interactions.ideal import list_ideal_creators
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse, make_creators

pytestmark = pytest.mark.django_db


def name(cast: Cast, browse: Browse, campaign: Campaign, text: str) -> tuple[int, str]:
    address = reverse("campaign_ideal", args=[campaign.pk])
    response = browse(cast.brand_owner).post(address, {"creator": text})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(
    "text",
    ["{pk}", " @Person_0 ", "person_0", "/creators/{pk}/", "http://testserver/creators/{pk}"],
)
def test_by_handle_number_or_address(
    cast: Cast, browse: Browse, campaign: Campaign, text: str
) -> None:
    [creator] = make_creators(1)
    assert name(cast, browse, campaign, text.format(pk=creator.pk))[0] == 302
    assert [one.creator for one in list_ideal_creators(campaign)] == [creator]
    settings = browse(cast.brand_viewer).get(reverse("campaign_settings", args=[campaign.pk]))
    assert "Person 0" in settings.content.decode()


@pytest.mark.parametrize("text", ["", "@nobody", "9" * 18, "9" * 19, "a\x00b", "x" * 201, "<b>"])
def test_who_is_not_there_is_told_at_the_field(
    cast: Cast, browse: Browse, campaign: Campaign, text: str
) -> None:
    status, html = name(cast, browse, campaign, text)
    assert status == 422
    assert "invalid-feedback" in html
    assert list_ideal_creators(campaign) == []


def test_a_handle_of_several_is_asked_back(cast: Cast, browse: Browse, campaign: Campaign) -> None:
    make_creators(1)
    double = Creator.objects.create(display_name="Double")
    SocialAccount.objects.create(creator=double, platform="tiktok", handle="Person_0")
    status, html = name(cast, browse, campaign, "person_0")
    assert status == 422
    assert "Several creators" in html
