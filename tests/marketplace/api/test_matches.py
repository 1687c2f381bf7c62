"""A campaign's matches by API: stable pages, impressions, and why somebody is not shown."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SocialAccount, User
from campaigns.briefs import get_latest_brief, revise_brief
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from scoring.catalogue import Quiet, refresh_catalogue
from scoring.interactions.hiding import hide_creator
from scoring.models import InteractionEvent, SearchEntry
from tests.cast import NOW, Cast
from tests.marketplace.api.conftest import BRIEF, As, Program, refusal
from tests.scoring.catalogue import make_account

pytestmark = pytest.mark.django_db


def follow(asker: Program, address: str, **query: Any) -> list[dict[str, Any]]:
    """Every page of a list."""
    pages = []
    _, page = asker.get(address, **query)
    pages.append(page)
    while page["next"]:
        _, page = asker.read(asker.client.get(page["next"]))
        pages.append(page)
    return pages


def creators(pages: list[dict[str, Any]]) -> list[int]:
    return [row["creator_id"] for page in pages for row in page["results"]]


@pytest.fixture
def address(campaign: Campaign, catalogue: dict[str, SocialAccount]) -> str:
    return f"campaigns/{campaign.pk}/matches"


def revise(campaign: Campaign, actor: User, **changes: Any) -> None:
    terms = BriefTerms.of(get_latest_brief(campaign))
    changed = BriefTerms(**{**vars(terms), **changes})
    revise_brief(campaign=campaign, terms=changed, actor=actor, now=NOW)


def test_pages_hold_everybody_once_and_in_order(
    program: As, brand_owner: User, address: str
) -> None:
    asker = program(brand_owner)
    [whole] = follow(asker, address, page_size=100)
    pages = follow(asker, address, page_size=3)
    assert creators(pages) == creators([whole])
    assert [row["rank"] for page in pages for row in page["results"]] == list(
        range(1, whole["ranked"] + 1)
    )
    assert len({page["list_id"] for page in pages}) == 1
    assert asker.get(f"{address}/", page_size=100)[0] == 200  # with a slash too


def test_pages_neither_repeat_nor_lose_whoever_comes_or_changes(
    program: As, brand_owner: User, campaign: Campaign, address: str,
    catalogue: dict[str, SocialAccount],
) -> None:  # fmt: skip
    asker = program(brand_owner)
    before = creators(follow(asker, address, page_size=100))
    _, first = asker.get(address, page_size=3)
    # A better one arrives, one is rescored and the brief is rewritten.
    make_account("twin", bio=BRIEF)
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    SearchEntry.objects.filter(creator_id=before[-1]).update(risk=1.0, engagement_percentile=1.0)
    revise(campaign, brand_owner, text="Street photographers for a camera")
    _, second = asker.read(asker.client.get(first["next"]))
    _, third = asker.read(asker.client.get(second["next"]))
    assert creators([first, second, third]) == before
    assert second["brief_version"] == 1
    assert asker.get(address)[1]["brief_version"] == 2


def test_who_may_no_longer_be_shown_is_left_out_of_later_pages(
    program: As, brand_owner: User, campaign: Campaign, address: str
) -> None:
    asker = program(brand_owner)
    everybody = creators(follow(asker, address, page_size=100))
    _, first = asker.get(address, page_size=3)
    SearchEntry.objects.filter(creator_id=everybody[3]).update(is_visible=False)
    _, second = asker.read(asker.client.get(first["next"]))
    assert creators([second]) == everybody[4:6]
    assert [row["rank"] for row in second["results"]] == [5, 6]


@pytest.mark.parametrize("cursor", ["x", "0" * 32 + "-20", "0" * 32 + "-٣", "-1"])
def test_a_cursor_nobody_gave_out_is_refused(
    program: As, brand_owner: User, address: str, cursor: str
) -> None:
    assert program(brand_owner).get(address, cursor=cursor)[0] == 404


def test_a_cursor_of_another_campaign_is_refused(
    program: As, brand_owner: User, other_owner: User, cast: Cast, address: str
) -> None:
    from campaigns.briefs import create_campaign

    other = create_campaign(
        brand=cast.other_brand, title="Other", terms=BriefTerms(text=BRIEF), actor=other_owner,
        now=NOW,
    )  # fmt: skip
    _, first = program(brand_owner).get(address, page_size=3)
    cursor = first["next"].split("cursor=")[1].split("&")[0]
    assert program(other_owner).get(f"campaigns/{other.pk}/matches", cursor=cursor)[0] == 404


def test_every_match_says_why(program: As, brand_viewer: User, address: str) -> None:
    status, page = program(brand_viewer).get(address)
    assert status == 200
    for row in page["results"]:
        told = row["explanation"]
        total = told["base"] + sum(factor["contribution"] for factor in told["factors"])
        assert row["match_score"] == pytest.approx(min(max(total, 0), 1), abs=1e-3)
        assert all(factor["label"] and factor["text"] for factor in told["factors"])
        unknown = [f["text"] for f in told["factors"] if f["value"] is None]
        assert set(unknown) <= set(told["concerns"])
    assert sum(tier["exposure"] for tier in page["exposure"]) == pytest.approx(1)


def test_what_owners_are_given_counts_as_shown_and_what_viewers_read_does_not(
    program: As, brand_owner: User, brand_viewer: User, address: str
) -> None:
    _, page = program(brand_viewer).get(address)
    assert page["list_id"] is None
    assert not InteractionEvent.objects.exists()
    asker = program(brand_owner)
    pages = follow(asker, address, page_size=3)
    shown = InteractionEvent.objects.filter(list_id=pages[0]["list_id"]).order_by("position")
    assert [(row.position, row.creator_id) for row in shown] == list(
        enumerate(creators(pages), start=1)
    )


def test_asking_for_the_heads_alone_shows_nothing(
    program: As, brand_owner: User, address: str
) -> None:
    assert program(brand_owner).client.head(f"/api/v1/{address}").status_code == 200
    assert not InteractionEvent.objects.exists()


def test_hidden_creators_are_not_in_the_list(
    program: As, brand_owner: User, campaign: Campaign, address: str,
    catalogue: dict[str, SocialAccount],
) -> None:  # fmt: skip
    hide_creator(
        brand=campaign.brand, creator=catalogue["skin"].creator, actor=brand_owner, now=NOW
    )
    asker = program(brand_owner)
    assert catalogue["skin"].creator_id not in creators(follow(asker, address))
    _, told = asker.get(f"{address}/why-not", creator=catalogue["skin"].creator_id)
    assert told["accounts"][0]["refusals"][0]["limit"] == "hidden"


def test_limits_that_empty_the_page_are_named(
    program: As, brand_owner: User, campaign: Campaign, address: str
) -> None:
    revise(campaign, brand_owner, platform="tiktok", min_followers=1_000_000)
    _, page = program(brand_owner).get(address)
    assert (page["results"], page["eligible"]) == ([], 0)
    [first, *_] = page["emptying"]
    assert (first["limit"], first["alone"]) == ("min_followers", 3)
    assert "1,000,000" in first["label"]


def test_strangers_and_other_roles(
    program: As, other_owner: User, creator_user: User, address: str
) -> None:
    for user in (other_owner, creator_user):
        assert program(user).get(address)[0] == 404
        assert program(user).get(f"{address}/why-not", creator=1)[0] == 404
    assert program(None).get(address)[0] == 401


@pytest.mark.parametrize(
    ("query", "attr"),
    [({"page_size": 0}, "page_size"), ({"offset": 3}, "offset"), ({"page_size": "x"}, "page_size")],
)
def test_pages_that_cannot_be_are_refused_by_name(
    program: As, brand_owner: User, address: str, query: dict[str, Any], attr: str
) -> None:
    status, answer = program(brand_owner).get(address, **query)
    assert status == 400
    assert refusal(answer)[1] == attr


def test_pages_cost_the_same_queries_whatever_their_length(
    program: As, brand_owner: User, address: str
) -> None:
    asker = program(brand_owner)
    asker.get(address, page_size=1)
    with CaptureQueriesContext(connection) as few:
        asker.get(address, page_size=1)
    with CaptureQueriesContext(connection) as many:
        asker.get(address, page_size=7)
    assert len(many) == len(few)


def why_not(program: As, user: User, address: str, account: SocialAccount) -> dict[str, Any]:
    status, told = program(user).get(f"{address}/why-not", creator=account.creator_id)
    assert status == 200
    [placing] = told["accounts"]
    return dict(placing)


def test_why_not_names_each_limit_and_by_how_much(
    program: As, brand_owner: User, campaign: Campaign, address: str,
    catalogue: dict[str, SocialAccount],
) -> None:  # fmt: skip
    revise(campaign, brand_owner, platform="instagram", min_followers=60_000)
    placing = why_not(program, brand_owner, address, catalogue["skin"])
    told = {one["limit"]: one for one in placing["refusals"]}
    assert set(told) == {"platform", "min_followers"}
    assert told["min_followers"]["by"] == pytest.approx(0.5)
    assert "30,000 or 50% too few" in told["min_followers"]["text"]
    assert (placing["eligible"], placing["rank"]) == (False, None)
    assert placing["match_score"] is not None


def test_why_not_tells_the_place_of_who_is_in_the_list(
    program: As, brand_viewer: User, address: str, catalogue: dict[str, SocialAccount]
) -> None:
    listed = creators(follow(program(brand_viewer), address))
    placing = why_not(program, brand_viewer, address, catalogue["guitarist"])
    assert placing["rank"] == listed.index(catalogue["guitarist"].creator_id) + 1
    assert len(placing["weakest"]) == 3
    parts = [factor["contribution"] for factor in placing["weakest"]]
    assert parts == sorted(parts)


def test_why_not_counts_who_is_nearer_beyond_the_depth(
    program: As, brand_owner: User, address: str, catalogue: dict[str, SocialAccount],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("scoring.matching.listing.DEPTH", 3)
    far = why_not(program, brand_owner, address, catalogue["streets"])
    assert (far["eligible"], far["rank"]) == (True, None)
    assert far["nearer"] >= 3
    silent = why_not(program, brand_owner, address, catalogue["silent"])
    assert (silent["eligible"], silent["rank"], silent["nearer"]) == (True, None, None)


@pytest.mark.parametrize("creator", ["", "x", "1\x00", "9" * 30, "-1"])
def test_why_not_of_what_is_no_id_is_refused(
    program: As, brand_owner: User, address: str, creator: str
) -> None:
    status, answer = program(brand_owner).get(f"{address}/why-not", creator=creator)
    assert status == 400
    assert refusal(answer)[1] == "creator"


def test_why_not_of_nobody_is_not_found(program: As, brand_owner: User, address: str) -> None:
    assert program(brand_owner).get(f"{address}/why-not", creator=10**15)[0] == 404
    assert program(brand_owner).get(f"{address}/why-not")[0] == 400
