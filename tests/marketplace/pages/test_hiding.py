"""Hiding creators on pages."""

import pytest
from django.urls import reverse

from accounts.models import Creator
from scoring.interactions.hiding import hidden_creator_ids, hide_creator
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse
from tests.scoring.interactions.listing import show

pytestmark = pytest.mark.django_db


def test_hiding_from_a_list_and_back(cast: Cast, browse: Browse) -> None:
    owner = browse(cast.brand_owner)
    list_id = show(cast.brand, cast.brand_owner, [cast.other_creator, cast.creator])
    args = [cast.brand.pk, cast.creator.pk]
    profile = reverse("creator", args=[cast.creator.pk])
    response = owner.post(
        reverse("creator_hide", args=args), {"list": str(list_id), "back": profile}, follow=True
    )
    assert response.redirect_chain == [(profile, 302)]
    html = response.content.decode()
    assert "is left out of the lists and recommendations of Alder" in html
    assert "Hidden for Alder" in html
    assert InteractionEvent.objects.get(kind="hide").position == 2
    assert "Carla Creator" in owner.get(reverse("hidden_creators", args=args[:1])).content.decode()
    owner.post(reverse("creator_unhide", args=args))
    assert hidden_creator_ids(cast.brand) == set()
    assert (
        "Nobody is hidden" in owner.get(reverse("hidden_creators", args=args[:1])).content.decode()
    )


def test_others_do_not_learn_of_it(cast: Cast, browse: Browse) -> None:
    hide_creator(brand=cast.brand, creator=cast.creator, actor=cast.brand_owner, now=NOW)
    profile = reverse("creator", args=[cast.creator.pk])
    for user in (cast.creator_user, cast.other_owner, cast.moderator):
        assert "Hidden for" not in browse(user).get(profile).content.decode()


@pytest.mark.parametrize(
    "sent", ["no uuid", "a\x00b", "9" * 5_000, "b79e1d02-edc5-4d3b-8f03-861330475264"]
)
def test_a_list_that_is_none_hides_nobody(cast: Cast, browse: Browse, sent: str) -> None:
    address = reverse("creator_hide", args=[cast.brand.pk, cast.creator.pk])
    response = browse(cast.brand_owner).post(address, {"list": sent}, follow=True)
    assert "was not shown to your brand in that list" in response.content.decode()
    assert not InteractionEvent.objects.filter(kind="hide").exists()


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "javascript:x", ""])
def test_nobody_is_led_away(cast: Cast, browse: Browse, back: str) -> None:
    address = reverse("creator_hide", args=[cast.brand.pk, cast.creator.pk])
    response = browse(cast.brand_owner).post(address, {"back": back})
    assert response.headers["Location"] == reverse("hidden_creators", args=[cast.brand.pk])


def test_who_is_not_there_is_not_hidden(cast: Cast, browse: Browse) -> None:
    Creator.objects.filter(pk=cast.creator.pk).update(status="suspended")
    owner = browse(cast.brand_owner)
    for creator_id in (cast.creator.pk, 10**18, 10**25):
        address = reverse("creator_hide", args=[cast.brand.pk, creator_id])
        assert owner.post(address).status_code == 404
