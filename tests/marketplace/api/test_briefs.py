"""Briefs by API: written, revised, matched; for whom, and what is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Brand, Membership, SocialAccount, User
from campaigns.briefs import create_campaign
from campaigns.models import Brief, Campaign
from campaigns.terms import BriefTerms
from tests.cast import NOW, Cast
from tests.marketplace.api.conftest import BRIEF, As, refusal

pytestmark = pytest.mark.django_db

WHOLE = {
    "title": "Sunscreen",
    "text": BRIEF,
    "platform": "tiktok",
    "country": "Germany",
    "niches": ["skincare"],
    "min_followers": 1_000,
    "max_followers": 500_000,
    "max_risk": 60,
    "budget_minor": 120_000,
    "budget_currency": "EUR",
    "values": ["cruelty-free"],
    "audience": {"age": {"18-24": 0.6, "25-34": 0.4}, "countries": {"Germany": 1}},
}


def test_an_owner_writes_a_brief_and_reads_it_back(
    program: As, brand_owner: User, cast: Cast
) -> None:
    asker = program(brand_owner)
    status, made = asker.post("briefs/", WHOLE)
    assert status == 201
    assert {name: made[name] for name in WHOLE} == WHOLE
    assert (made["version"], made["status"], made["brand"]["id"]) == (1, "draft", cast.brand.pk)
    assert asker.get(f"briefs/{made['id']}/") == (200, made)
    assert AuditEntry.objects.filter(verb="campaign.created", actor=brand_owner).count() == 1


def test_a_change_adds_a_version_and_keeps_the_rest(
    program: As, brand_owner: User, campaign: Campaign
) -> None:
    asker = program(brand_owner)
    address = f"briefs/{campaign.pk}/"
    status, answer = asker.patch(address, {"max_risk": 40, "country": "Italy"})
    assert (status, answer["version"], answer["max_risk"]) == (200, 2, 40)
    assert answer["text"] == BRIEF
    status, answer = asker.patch(address, {"max_risk": None, "country": None})
    assert (answer["version"], answer["max_risk"], answer["country"]) == (3, None, "")
    assert asker.patch(address, {})[1]["version"] == 3
    assert Brief.objects.filter(campaign=campaign).count() == 3


def test_a_viewer_reads_and_does_not_write(
    program: As, brand_viewer: User, campaign: Campaign
) -> None:
    asker = program(brand_viewer)
    address = f"briefs/{campaign.pk}/"
    assert asker.get(address)[0] == 200
    assert asker.get("briefs/")[1]["results"][0]["id"] == campaign.pk
    for status, answer in (
        asker.patch(address, {"max_risk": 1}),
        asker.post("briefs/", WHOLE),
        asker.post("briefs/", {**WHOLE, "brand_id": campaign.brand_id}),
    ):
        assert (status, refusal(answer)[0]) == (403, "forbidden")


def test_another_brand_and_a_creator_find_nothing(
    program: As, other_owner: User, creator_user: User, campaign: Campaign
) -> None:
    for stranger in (other_owner, creator_user):
        asker = program(stranger)
        assert asker.get("briefs/")[1]["results"] == []
        for status, answer in (
            asker.get(f"briefs/{campaign.pk}/"),
            asker.get(f"briefs/{campaign.pk}/matches/"),
            asker.patch(f"briefs/{campaign.pk}/", {"max_risk": 1}),
            asker.post("briefs/", {**WHOLE, "brand_id": campaign.brand_id}),
        ):
            assert (status, refusal(answer)[0]) == (404, "not_found")


def test_a_creator_has_no_brand_to_write_for(program: As, creator_user: User) -> None:
    status, answer = program(creator_user).post("briefs/", WHOLE)
    assert (status, refusal(answer)[0]) == (403, "forbidden")


def test_who_writes_for_two_brands_names_one(
    program: As, brand_owner: User, other_owner: User
) -> None:
    other = other_owner.brands.get()
    Membership.objects.create(brand=other, user=brand_owner, role=Membership.Role.MANAGER)
    asker = program(brand_owner)
    status, answer = asker.post("briefs/", WHOLE)
    assert (status, refusal(answer)) == (400, ("several_brands", "brand_id"))
    status, answer = asker.post("briefs/", {**WHOLE, "brand_id": other.pk})
    assert (status, answer["brand"]["id"]) == (201, other.pk)


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"text": ""}, "text"),
        ({"text": "🙂🙂🙂"}, "text"),
        ({"text": "word " * 100_000}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"title": " "}, "title"),
        ({"title": "x" * 141}, "title"),
        ({"platform": "myspace"}, "platform"),
        ({"min_followers": -1}, "min_followers"),
        ({"min_followers": True}, "min_followers"),
        ({"min_followers": "5"}, "min_followers"),
        ({"min_followers": 1.5}, "min_followers"),
        ({"min_followers": 10**30}, "min_followers"),
        ({"min_followers": 1e999}, None),
        ({"min_followers": 600_000}, "max_followers"),
        ({"max_risk": 101}, "max_risk"),
        ({"budget_currency": "euro"}, "budget_currency"),
        ({"budget_currency": ""}, "budget_currency"),
        ({"budget_minor": -5}, "budget_minor"),
        ({"niches": ["x" * 61]}, "niches.0"),
        ({"niches": "skincare"}, "niches"),
        ({"values": ["v"] * 21}, "values"),
        ({"audience": {"ages": {}}}, "audience.ages"),
        ({"audience": {"age": {"18-24": 2}}}, "audience.age.18-24"),
        ({"audience": {"age": {"18-24": "nan"}}}, "audience.age.18-24"),
        ({"audience": {"age": {"": 0.5}}}, "audience.age"),
        ({"audience": []}, "audience.non_field_errors"),
        ({"budget": 5}, "budget"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(
    program: As, brand_owner: User, change: dict[str, Any], attr: str | None
) -> None:
    status, answer = program(brand_owner).post("briefs/", {**WHOLE, **change})
    assert status == 400
    assert refusal(answer)[1] == attr
    assert not Campaign.objects.exists()


def test_the_title_is_not_changed_by_a_revision(
    program: As, brand_owner: User, campaign: Campaign
) -> None:
    status, answer = program(brand_owner).patch(f"briefs/{campaign.pk}/", {"title": "New"})
    assert (status, refusal(answer)) == (400, ("unknown_field", "title"))


def test_matches_come_ranked_explained_and_in_pages(
    program: As, brand_owner: User, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    asker = program(brand_owner)
    status, first = asker.get(f"briefs/{campaign.pk}/matches/", limit=3)
    assert status == 200
    assert [row["rank"] for row in first["results"]] == [1, 2, 3]
    assert first["results"][0]["handle"] == "skin"
    assert first["previous"] is None
    for row in first["results"]:
        assert row["explanation"]["factors"]
        assert row["fake_follower_risk"]["model_version"].startswith("authenticity/")
    status, second = asker.read(asker.client.get(first["next"]))
    assert [row["rank"] for row in second["results"]] == [4, 5, 6]
    assert not {r["creator_id"] for r in first["results"]} & {
        r["creator_id"] for r in second["results"]
    }
    _, last = asker.get(f"briefs/{campaign.pk}/matches/", limit=100)
    assert last["next"] is None


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 10**9}, "offset"),
        ({"limit": "all"}, "limit"),
        ({"page": 2}, "page"),
    ],
)
def test_pages_that_cannot_be_are_refused_by_name(
    program: As, brand_owner: User, campaign: Campaign, query: dict[str, Any], attr: str
) -> None:
    status, answer = program(brand_owner).get(f"briefs/{campaign.pk}/matches/", **query)
    assert status == 400
    assert refusal(answer)[1] == attr


def test_an_empty_catalogue_matches_nobody(
    program: As, brand_viewer: User, campaign: Campaign
) -> None:
    status, answer = program(brand_viewer).get(f"briefs/{campaign.pk}/matches/")
    assert (status, answer["results"], answer["next"]) == (200, [], None)


def test_strangers_are_asked_to_log_in(program: As, campaign: Campaign) -> None:
    for address in ("briefs/", f"briefs/{campaign.pk}/", f"briefs/{campaign.pk}/matches/"):
        assert program(None).get(address)[0] == 401
    assert program(None).post("briefs/", WHOLE)[0] == 401


def _write_briefs(brand: Brand, user: User, count: int) -> None:
    for number in range(count):
        create_campaign(
            brand=brand,
            title=f"Campaign {number}",
            terms=BriefTerms(text=BRIEF),
            actor=user,
            now=NOW,
        )


def test_the_list_costs_the_same_queries_whatever_its_length(
    program: As, brand_owner: User, cast: Cast
) -> None:
    asker = program(brand_owner)
    _write_briefs(cast.brand, brand_owner, 2)
    asker.get("briefs/")
    with CaptureQueriesContext(connection) as few:
        asker.get("briefs/")
    _write_briefs(cast.brand, brand_owner, 12)
    with CaptureQueriesContext(connection) as many:
        _, answer = asker.get("briefs/")
    assert len(answer["results"]) == 14
    assert len(many) == len(few)


def test_matches_cost_the_same_queries_whatever_the_page(
    program: As, brand_owner: User, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    asker = program(brand_owner)
    address = f"briefs/{campaign.pk}/matches/"
    asker.get(address, limit=1)
    with CaptureQueriesContext(connection) as few:
        asker.get(address, limit=1)
    with CaptureQueriesContext(connection) as many:
        asker.get(address, limit=7)
    assert len(many) == len(few)
