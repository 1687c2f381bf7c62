"""The campaign's list as people use it: audience boxes, exposure, why-not, and no markup."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import SocialAccount
from campaigns.briefs import create_campaign, get_latest_brief
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from scoring.interactions.hiding import hide_creator
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import BRIEF, Browse
from tests.marketplace.pages.test_briefs import FORM, text_of

pytestmark = pytest.mark.django_db

MATCHING = {
    **FORM,
    "matching": "1",
    "audience_age": ["18-24", "25-34"],
    "audience_gender": ["female"],
    "audience_countries": ["DE", "AT"],
    "audience_interests": "Skin care, Street Food",
    "needs_availability": "on",
    "category": "Cosmetics",
}


@pytest.fixture
def owner(browse: Browse, cast: Cast) -> Client:
    return browse(cast.brand_owner)


def terms_of(campaign: Campaign) -> BriefTerms:
    return BriefTerms.of(get_latest_brief(campaign))


def why(client: Client, campaign: Campaign, creator: str) -> Any:
    return client.get(reverse("why_not", args=[campaign.pk]), {"creator": creator})


def test_the_audience_is_ticked_and_kept(owner: Client, campaign: Campaign) -> None:
    address = reverse("campaign", args=[campaign.pk])
    assert owner.post(address, MATCHING).status_code == 302
    terms = terms_of(campaign)
    assert terms.audience == {
        "age": ["18-24", "25-34"],
        "gender": ["female"],
        "countries": ["DE", "AT"],
        "interests": ["Skin care", "Street Food"],
    }
    assert (terms.needs_availability, terms.category) == (True, "Cosmetics")
    page = owner.get(address).content.decode()
    assert 'value="18-24" id="id_audience_age_1" checked' in page
    assert 'value="Skin care, Street Food"' in page


def test_unticking_everything_asks_for_nothing(owner: Client, campaign: Campaign) -> None:
    address = reverse("campaign", args=[campaign.pk])
    owner.post(address, MATCHING)
    owner.post(address, {**FORM, "matching": "1"})
    assert (terms_of(campaign).audience, terms_of(campaign).needs_availability) == ({}, False)


def test_a_wish_in_shares_survives_while_its_boxes_stay(owner: Client, cast: Cast) -> None:
    shares = {"age": {"18-24": 0.7, "25-34": 0.3}}
    campaign = create_campaign(
        brand=cast.brand, title="Shares", terms=BriefTerms(text=BRIEF, audience=shares),
        actor=cast.brand_owner, now=NOW,
    )  # fmt: skip
    address = reverse("campaign", args=[campaign.pk])
    ticked = {**FORM, "text": BRIEF, "matching": "1", "audience_age": ["25-34", "18-24"]}
    owner.post(address, ticked)
    assert terms_of(campaign).audience == shares
    owner.post(address, {**ticked, "audience_age": ["18-24"]})
    assert terms_of(campaign).audience == {"age": ["18-24"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("audience_age", ["90-99"]),
        ("audience_countries", ["Atlantis"]),
        ("audience_gender", ["x\x00"]),
        ("audience_interests", "!!!"),
        ("languages", ["xx"]),
        ("category", "x" * 61),
    ],
)
def test_a_wish_that_cannot_be_is_refused_beside_its_field(
    owner: Client, campaign: Campaign, field: str, value: Any
) -> None:
    page = owner.post(reverse("campaign", args=[campaign.pk]), {**MATCHING, field: value})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {field}


def test_a_refused_form_names_the_field_and_keeps_what_was_typed_in_sight(
    owner: Client, campaign: Campaign
) -> None:
    answer = owner.post(reverse("campaign", args=[campaign.pk]), {**MATCHING, "budget": "-5"})
    page = answer.content.decode()
    assert 'href="#div_id_budget"' in page
    assert 'id="div_id_budget"' in page
    form = answer.context["form"]
    assert (form.opens_audience, form.opens_work) == (True, True)


def test_the_list_shows_exposure_factors_and_is_recorded(
    owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    page = owner.get(reverse("campaign", args=[campaign.pk]))
    text = text_of(page)
    assert "Who gets seen, by size" in text
    assert "Before any factor speaks" in text
    shown = InteractionEvent.objects.filter(surface="matches", campaign=campaign)
    assert shown.count() == len(page.context["ranked"].cards)
    assert f"list={page.context['shown'].list_id}" in page.content.decode()


def test_hidden_creators_are_left_out(
    owner: Client, cast: Cast, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    hidden = catalogue["skin"].creator
    hide_creator(brand=campaign.brand, creator=hidden, actor=cast.brand_owner, now=NOW)
    page = owner.get(reverse("campaign", args=[campaign.pk]))
    ids = {card.ranked.account.creator_id for card in page.context["ranked"].cards}
    assert ids
    assert hidden.pk not in ids
    assert "1 hidden creator is left out" in text_of(page)
    assert "Your brand has hidden this creator" in text_of(why(owner, campaign, str(hidden.pk)))


@pytest.mark.parametrize("name", ["Skin", "@skin", "skin"])
def test_why_not_finds_a_creator_by_name_and_handle(
    owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount], name: str
) -> None:
    page = why(owner, campaign, name)
    assert page.context["found"].creator == catalogue["skin"].creator
    assert "place 1 of" in text_of(page)


def test_why_not_says_which_limit_and_by_how_much(
    owner: Client, cast: Cast, catalogue: dict[str, SocialAccount]
) -> None:
    campaign = create_campaign(
        brand=cast.brand, title="Large", terms=BriefTerms(text=BRIEF, min_followers=60_000),
        actor=cast.brand_owner, now=NOW,
    )  # fmt: skip
    assert "30,000 or 50 % too few" in text_of(why(owner, campaign, "@skin"))


@pytest.mark.parametrize("name", ["", "nobody at all", "\x00", "9" * 18, "x" * 300])
def test_why_not_of_nobody_says_so(owner: Client, campaign: Campaign, name: str) -> None:
    assert why(owner, campaign, name).status_code == 422


def test_why_not_asks_whom_several_of_a_name(
    owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    other = catalogue["runner"].creator
    other.display_name = "Skin"
    other.save(update_fields=["display_name"])
    page = why(owner, campaign, "skin")
    assert [one.pk for one in page.context["several"]] == [
        catalogue["skin"].creator_id,
        other.pk,
    ]


def test_why_not_is_for_the_brands_team(
    browse: Browse, cast: Cast, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    assert why(browse(cast.brand_viewer), campaign, "@skin").status_code == 200
    for user in (cast.other_owner, cast.creator_user):
        assert why(browse(user), campaign, "@skin").status_code == 404


def test_markup_in_briefs_and_bios_stays_text(
    owner: Client, cast: Cast, catalogue: dict[str, SocialAccount]
) -> None:
    markup = "<script>alert(1)</script> skincare"
    SocialAccount.objects.filter(pk=catalogue["skin"].pk).update(bio=markup, handle="<b>skin")
    campaign = create_campaign(
        brand=cast.brand,
        title="<b>Bold</b>",
        terms=BriefTerms(text=f"{BRIEF} {markup}", category="<i>x</i>", values=["<u>y</u>"],
                         audience={"interests": ["<em>z</em>"]}),
        actor=cast.brand_owner,
        now=NOW,
    )  # fmt: skip
    pages = [
        owner.get(reverse("campaign", args=[campaign.pk])),
        why(owner, campaign, str(catalogue["skin"].creator_id)),
    ]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert not any(tag in html for tag in ("<script>alert", "<b>", "<i>x", "<u>y", "<em>z"))


def test_the_whole_page_asks_a_bounded_number_of_queries(
    owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    address = reverse("campaign", args=[campaign.pk])
    owner.get(address)
    with CaptureQueriesContext(connection) as queries:
        owner.get(address)
    assert len(queries) <= 40
