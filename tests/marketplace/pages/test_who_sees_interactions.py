"""Hiding creators and naming ideal ones, against everybody."""

import pytest
from django.urls import reverse

from campaigns.models import Campaign
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import Row, see, send

pytestmark = pytest.mark.django_db

# stranger, owner, viewer, other owner, creator, other creator, moderator
GET: dict[str, Row] = {
    "hidden_creators": (302, 200, 200, 404, 404, 404, 404),
    "campaign_ideal": (302, 200, 200, 404, 404, 404, 404),
}
POST: dict[str, Row] = {
    "creator_hide": (302, 302, 403, 404, 404, 404, 404),
    "creator_unhide": (302, 302, 403, 404, 404, 404, 404),
    "campaign_ideal": (302, 302, 403, 404, 404, 404, 404),
}


def address_of(name: str, cast: Cast, campaign: Campaign) -> str:
    args = {
        "hidden_creators": [cast.brand.pk],
        "campaign_ideal": [campaign.pk],
    }.get(name, [cast.brand.pk, cast.creator.pk])
    return reverse(name, args=args)


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, campaign: Campaign, browse: Browse) -> None:
    see(address_of(name, cast, campaign), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, campaign: Campaign, browse: Browse) -> None:
    body = {"creator": str(cast.creator.pk)} if name == "campaign_ideal" else {}
    send(address_of(name, cast, campaign), POST[name], body, cast=cast, browse=browse)
