"""From a brief to ranked creators: the form, the list, and what a bad brief gets."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Creator, Membership, SocialAccount, User
from campaigns.briefs import create_campaign, get_latest_brief
from campaigns.models import Brief, Campaign
from campaigns.terms import MAX_BRIEF_CHARACTERS, BriefTerms
from marketplace.pages import ranking as page_of_ranking
from scoring import registry
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import BRIEF, Browse

pytestmark = pytest.mark.django_db

FORM = {"text": BRIEF, "max_risk": "100", "budget_currency": "EUR"}


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_new_brief_becomes_a_draft_campaign_with_ranked_creators(
    owner: Client, cast: Cast, catalogue: dict[str, SocialAccount]
) -> None:
    response = owner.post(reverse("brief_new"), FORM)
    campaign = Campaign.objects.get()
    assert response.url == reverse("campaign", args=[campaign.pk])
    assert (campaign.brand, campaign.status, campaign.created_by) == (
        cast.brand,
        "draft",
        cast.brand_owner,
    )
    assert campaign.title == "A gentle vegan skincare line for sensitive skin looks for…"
    page = owner.get(response.url)
    assert page.status_code == 200
    assert page.context["ranked"].cards[0].ranked.account == catalogue["skin"]
    words = text_of(page)
    for expected in (
        "Skin",
        "TikTok",
        "Germany",
        "30k followers",
        "of 100 match",
        "Why this place",
    ):
        assert expected in words
    assert "better than" in words
    assert "of the 8 eligible" in words
    assert "No comparable market data" in words


def test_every_field_reaches_the_terms(owner: Client, catalogue: dict[str, SocialAccount]) -> None:
    form = {
        "text": "Make-up\r\nfor everybody",
        "title": "  My title ",
        "platform": "douyin",
        "country": "China",
        "niches": ["beauty"],
        "min_followers": "10k",
        "max_followers": "1.5M",
        "max_risk": "60",
        "budget": "1250.50",
        "budget_currency": "CNY",
    }
    niches = {niche for niche, _ in page_niches(owner)}
    form["niches"] = sorted(niches)[:1]
    assert owner.post(reverse("brief_new"), form).status_code == 302
    campaign = Campaign.objects.get()
    assert campaign.title == "My title"
    assert BriefTerms.of(get_latest_brief(campaign)) == BriefTerms(
        text="Make-up\nfor everybody",
        platform="douyin",
        country="China",
        niches=form["niches"],  # type: ignore[arg-type]
        min_followers=10_000,
        max_followers=1_500_000,
        max_risk=60,
        budget_minor=125_050,
        budget_currency="CNY",
    )


def page_niches(client: Client) -> list[tuple[str, str]]:
    return list(client.get(reverse("brief_new")).context["form"].fields["niches"].choices)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"text": "   "}, "text", "The brief is empty"),
        ({"text": "🙂🎉 🚀"}, "text", "no words to search by"),
        ({"text": "word " * 210_000}, "text", "at most 20,000 are read"),
        ({"text": "a\x00word"}, "text", "Null characters"),
        ({"platform": "myspace"}, "platform", "not one of the available choices"),
        ({"country": "Atlantis"}, "country", "not one of the available choices"),
        ({"niches": ["alchemy"]}, "niches", "not one of the available choices"),
        ({"min_followers": "many"}, "min_followers", "Write a number such as"),
        ({"min_followers": "-5"}, "min_followers", "Write a number such as"),
        ({"min_followers": "99999999m"}, "min_followers", "must lie between"),
        ({"min_followers": "20k", "max_followers": "10k"}, "max_followers", "Swap the two limits"),
        ({"max_risk": "101"}, "max_risk", "less than or equal to 100"),
        ({"budget": "-1"}, "budget", "greater than or equal to 0"),
        ({"budget": "1e400"}, "budget", "digits"),
        ({"budget": "5", "budget_currency": ""}, "budget_currency", "needs a currency"),
        ({"title": "t" * 141}, "title", "at most 140 characters"),
    ],
)
def test_a_brief_that_cannot_be_used_comes_back_with_the_reason_at_its_field(
    owner: Client, changes: dict[str, object], field: str, message: str
) -> None:
    response = owner.post(reverse("brief_new"), {**FORM, **changes})
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert response.context["form"]["text"].value() == {**FORM, **changes}["text"]
    assert not Campaign.objects.exists()


def test_the_longest_allowed_brief_counts_what_was_typed(owner: Client) -> None:
    lines = "word\r\n" * (MAX_BRIEF_CHARACTERS // 5)
    assert owner.post(reverse("brief_new"), {**FORM, "text": lines}).status_code == 302


def test_a_request_of_many_megabytes_is_refused_in_words(owner: Client) -> None:
    response = owner.post(reverse("brief_new"), {"text": "word " * 1_200_000})
    assert response.status_code == 400
    assert "20,000 characters" in response.content.decode()


def test_a_writer_in_two_brands_chooses(owner: Client, cast: Cast) -> None:
    Membership.objects.create(brand=cast.other_brand, user=cast.brand_owner, role="manager")
    assert owner.post(reverse("brief_new"), FORM).status_code == 422
    owner.post(reverse("brief_new"), {**FORM, "brand": str(cast.other_brand.pk)})
    assert Campaign.objects.get().brand == cast.other_brand
    foreign = {**FORM, "brand": "999999"}
    assert owner.post(reverse("brief_new"), foreign).status_code == 422


def test_a_revised_brief_is_the_next_version_of_the_same_campaign(
    owner: Client, campaign: Campaign
) -> None:
    address = reverse("campaign", args=[campaign.pk])
    response = owner.post(address, {**FORM, "text": "Trail running shoes", "platform": "tiktok"})
    assert (response.status_code, response.url) == (302, address)
    latest = get_latest_brief(campaign)
    assert (latest.version, latest.text, latest.platform) == (2, "Trail running shoes", "tiktok")


def test_an_unchanged_brief_adds_no_version(owner: Client, campaign: Campaign) -> None:
    owner.post(reverse("campaign", args=[campaign.pk]), FORM)
    assert Brief.objects.count() == 1


def test_a_revision_keeps_what_the_form_does_not_show(
    owner: Client, cast: Cast, campaign: Campaign
) -> None:
    terms = BriefTerms(text=BRIEF, values=["vegan"], audience={"countries": ["Italy"]})
    other = create_campaign(
        brand=cast.brand, title="Values", terms=terms, actor=cast.brand_owner, now=NOW
    )
    owner.post(reverse("campaign", args=[other.pk]), {**FORM, "text": "Something else"})
    latest = get_latest_brief(other)
    assert (latest.values, latest.audience) == (["vegan"], {"countries": ["Italy"]})


def test_a_bad_revision_keeps_the_saved_brief_and_the_typed_text(
    owner: Client, campaign: Campaign
) -> None:
    bad = {**FORM, "text": "Typed with care", "min_followers": "lots"}
    response = owner.post(reverse("campaign", args=[campaign.pk]), bad)
    assert response.status_code == 422
    assert "Typed with care" in response.content.decode()
    assert Brief.objects.count() == 1


def test_a_viewer_reads_the_brief_and_gets_no_form(
    cast: Cast, browse: Browse, campaign: Campaign
) -> None:
    page = browse(cast.brand_viewer).get(reverse("campaign", args=[campaign.pk]))
    assert BRIEF in text_of(page)
    assert "<textarea" not in page.content.decode()


def test_an_empty_list_says_which_filter_is_in_the_way(
    owner: Client, cast: Cast, catalogue: dict[str, SocialAccount]
) -> None:
    terms = BriefTerms(text=BRIEF, platform="tiktok", country="Italy")
    campaign = create_campaign(
        brand=cast.brand, title="Nobody", terms=terms, actor=cast.brand_owner, now=NOW
    )
    page = owner.get(reverse("campaign", args=[campaign.pk]))
    assert "No creator passes these filters" in text_of(page)
    assert [(one.label, one.alone) for one in page.context["emptying"]] == [
        ("the country (Italy)", 3),
        ("the platform (TikTok)", 2),
    ]


def test_an_empty_catalogue_says_what_to_do(owner: Client, campaign: Campaign) -> None:
    page = owner.get(reverse("campaign", args=[campaign.pk]))
    assert "The catalogue has no creators yet" in text_of(page)


def test_a_brief_in_another_language_is_ranked_with_a_warning(
    owner: Client, cast: Cast, catalogue: dict[str, SocialAccount]
) -> None:
    terms = BriefTerms(text="我们正在寻找热爱护肤的创作者 请分享日常护理")
    campaign = create_campaign(
        brand=cast.brand, title="中文", terms=terms, actor=cast.brand_owner, now=NOW
    )
    page = owner.get(reverse("campaign", args=[campaign.pk]))
    assert page.context["ranked"].cards
    assert page.context["ranked"].ranking.notes[0] in text_of(page)


def test_a_saved_brief_stays_in_sight_when_it_cannot_be_ranked(
    owner: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise registry.NoActiveVersion("The task niche has no active model version.")

    monkeypatch.setattr(page_of_ranking, "rank_creators", refuse)
    page = owner.get(reverse("campaign", args=[campaign.pk]))
    assert page.status_code == 200
    assert "no active model version" in text_of(page)
    assert BRIEF in page.content.decode()


def test_pages_of_the_list_follow_each_other(
    owner: Client,
    campaign: Campaign,
    catalogue: dict[str, SocialAccount],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_of_ranking, "PAGE_SIZE", 3)
    address = reverse("campaign", args=[campaign.pk])
    ranks, number = [], 1
    while number:
        page = owner.get(address, {"page": number})
        ranks += [card.ranked.rank for card in page.context["ranked"].cards]
        number = page.context["ranked"].next
    # The account without a text is not comparable, so it is in no list.
    assert ranks == list(range(1, 8))
    assert "The list ends before this page" in text_of(owner.get(address, {"page": "9"}))


@pytest.mark.parametrize("page", ["0", "-1", "x", "١", "9" * 5000, ""])
def test_a_page_number_that_is_none_is_the_first_page(
    owner: Client, campaign: Campaign, page: str
) -> None:
    response = owner.get(reverse("campaign", args=[campaign.pk]), {"page": page})
    assert response.status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_list(
    owner: Client,
    campaign: Campaign,
    catalogue: dict[str, SocialAccount],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = reverse("campaign", args=[campaign.pk])
    owner.get(address)  # fills the caches of choices and of the brief's vector

    def queries_with(length: int) -> int:
        monkeypatch.setattr(page_of_ranking, "PAGE_SIZE", length)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(owner.get(address).context["ranked"].cards) == length
        return len(captured)

    assert queries_with(2) == queries_with(7)


def test_simulated_creators_are_marked_on_card_and_page(
    owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    address = reverse("campaign", args=[campaign.pk])
    assert "Simulated demo data" not in text_of(owner.get(address))
    Creator.objects.filter(accounts=catalogue["skin"]).update(is_simulated=True)
    page = owner.get(address)
    assert "Simulated demo data" in text_of(page)
    assert page.content.decode().count('class="chip simulated"') == 1


def test_what_creators_write_is_never_markup(
    owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    SocialAccount.objects.filter(pk=catalogue["skin"].pk).update(bio="<script>alert(1)</script>")
    Creator.objects.filter(accounts=catalogue["skin"]).update(display_name='"><img src=x>')
    html = owner.get(reverse("campaign", args=[campaign.pk])).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x>" not in html


def test_a_session_that_ended_hands_the_text_back(cast: Cast, browse: Browse) -> None:
    response = browse(None).post(reverse("brief_new"), {**FORM, "text": "Precious words"})
    assert response.status_code == 403
    assert "Precious words" in response.content.decode()
    assert not Campaign.objects.exists()
    assert User.objects.count() == 6
