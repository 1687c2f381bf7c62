"""The creators list and the page with every score of one creator."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import (
    AccountMetric,
    AudienceSnapshot,
    Creator,
    Post,
    PostMetric,
    Provenance,
    SocialAccount,
)
from campaigns.models import Campaign
from marketplace.pages import creator_list
from scoring import entries
from scoring.catalogue import Quiet, refresh_catalogue
from scoring.models import Score
from scoring.rescoring import score_accounts
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse, make_creators
from tests.scoring.catalogue import DAY, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def names(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("creators"), query)
    assert page.status_code == 200
    return [creator.display_name for creator in page.context["listed"].creators]


def test_the_list_is_by_followers_and_its_pages_meet(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creator_list, "PAGE_SIZE", 3)
    make_creators(7)
    seen, cursor = [], ""
    while True:
        page = owner.get(reverse("creators"), {"cursor": cursor})
        seen += [creator.display_name for creator in page.context["listed"].creators]
        cursor = page.context["listed"].next_cursor
        if not cursor:
            break
    # The two creators of the cast have no account, so nothing is known of their size.
    assert seen == [f"Person {n}" for n in reversed(range(7))] + ["Cyril Creator", "Carla Creator"]


def test_the_next_page_is_stable_while_creators_are_added(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creator_list, "PAGE_SIZE", 3)
    make_creators(5)
    cursor = owner.get(reverse("creators")).context["listed"].next_cursor
    make_creators(4, first=100)
    assert names(owner, cursor=cursor)[:2] == ["Person 1", "Person 0"]


@pytest.mark.parametrize("cursor", ["x", "1", "1.2.3", "9" * 40 + ".1", "-1.-1", "%00"])
def test_a_cursor_that_is_none_is_the_first_page(owner: Client, cursor: str) -> None:
    make_creators(1)
    assert names(owner, cursor=cursor)[0] == "Person 0"


def test_filters_narrow_the_list(owner: Client) -> None:
    make_creators(3)
    make_account("tiktoker", platform="tiktok", country="Brazil", followers=90_000)
    entries.sync_entries()
    assert names(owner, platform="tiktok") == ["Tiktoker"]
    assert names(owner, country="Brazil") == ["Tiktoker"]
    assert names(owner, min_followers="50k") == ["Tiktoker"]
    assert names(owner, q="erson 1") == ["Person 1"]
    assert names(owner, q="@PERSON_2") == ["Person 2"]
    assert names(owner, platform="tiktok", country="Italy") == []
    assert names(owner, max_risk="50") == []
    assert names(owner, niche="unheard of") == []


def test_limits_hold_for_one_and_the_same_account(owner: Client) -> None:
    [creator] = make_creators(1)
    SocialAccount.objects.create(
        creator=creator, platform="tiktok", handle="second", country="Spain"
    )
    entries.sync_entries()
    assert names(owner, platform="tiktok", country="Spain") == ["Person 0"]
    assert names(owner, platform="tiktok", country="Italy") == []


def test_a_filter_that_cannot_be_used_is_named_and_left_out(owner: Client) -> None:
    make_creators(1)
    page = owner.get(reverse("creators"), {"min_followers": "many", "platform": "nowhere"})
    assert set(page.context["form"].errors) == {"min_followers", "platform"}
    assert "Person 0" in page.content.decode()
    assert owner.get(reverse("creators"), {"q": "a\x00b"}).status_code == 200


@pytest.mark.parametrize("name", ["niche", "country", "q", "platform", "cursor"])
def test_a_filter_with_a_nul_byte_breaks_nothing(owner: Client, name: str) -> None:
    assert owner.get(reverse("creators"), {name: "a\x00b"}).status_code == 200


def test_closed_and_suspended_creators_are_not_listed(owner: Client, cast: Cast) -> None:
    first, second, third = make_creators(3)
    for creator, status in ((first, "closed"), (second, "suspended"), (third, "flagged")):
        Creator.objects.filter(pk=creator.pk).update(status=status)
    assert names(owner)[0] == "Person 2"
    assert not {"Person 0", "Person 1"} & set(names(owner))


def test_the_lists_queries_do_not_grow(owner: Client) -> None:
    make_creators(2)
    owner.get(reverse("creators"))  # fills the cache of choices

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner.get(reverse("creators"))
        return len(captured)

    few = queries()
    make_creators(15, first=50)
    assert queries() == few


# --- One creator ------------------------------------------------------------------


@pytest.fixture
def scored(cast: Cast) -> SocialAccount:
    account = make_account(
        "video_shop",
        bio="Makeup reviews and beauty",
        platform="douyin",
        country="China",
        extra={"expected_views": 30_000},
    )
    give_facts(account, days=3, posts=2)
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    return account


def give_facts(account: SocialAccount, *, days: int, posts: int) -> None:
    for number in range(1, days + 1):
        AccountMetric.objects.create(
            account=account,
            day=DAY - timedelta(days=number),
            followers=19_000 - number,
            engagement_rate=0.03,
            provenance=Provenance.IMPORTED,
            recorded_at=NOW - timedelta(days=number),
        )
    for number in range(posts):
        post = Post.objects.create(
            account=account,
            external_id=f"{account.pk}-{number}",
            kind="video",
            caption=f"Caption {number}",
            published_at=NOW - timedelta(days=number + 1),
        )
        for observed in (2, 1):
            PostMetric.objects.create(
                post=post,
                observed_at=NOW - timedelta(hours=observed),
                likes=1_000 // observed,
                provenance=Provenance.IMPORTED,
            )


def page_of(client: Client, account: SocialAccount, **query: object) -> str:
    response = client.get(reverse("creator", args=[account.creator_id]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_score_is_shown_with_its_origin(owner: Client, scored: SocialAccount) -> None:
    html = page_of(owner, scored)
    scores = Score.objects.filter(account=scored)
    assert {score.task for score in scores} == {"authenticity", "niche", "price"}
    for score in scores:
        assert f"manage.py recompute_score {score.pk}" in html
        assert score.model_version in html
        assert score.snapshot_hash in html
        for reason in score.reasons[:3]:
            text = reason["text"]
            assert text[:1].upper() + text[1:] in html or "“" in text
    assert "CN¥" in html
    assert "A video of 21–60 s" in html
    assert "write to the moderators" in html


def test_facts_are_shown_with_the_latest_recording_of_each_day(
    owner: Client, scored: SocialAccount
) -> None:
    AccountMetric.objects.create(
        account=scored, day=DAY, followers=77_777, provenance=Provenance.IMPORTED
    )
    AudienceSnapshot.objects.create(
        account=scored, day=DAY, countries={"China": 0.8}, provenance=Provenance.CREATOR
    )
    response = owner.get(reverse("creator", args=[scored.creator_id]))
    [facts] = response.context["facts"]
    assert [row["day"] for row in facts.history] == sorted(row["day"] for row in facts.history)
    assert len(facts.history) == 4
    assert facts.history[-1]["followers"] == 77_777
    assert [(post.caption, post.likes) for post in facts.posts] == [
        ("Caption 0", 1000),
        ("Caption 1", 1000),
    ]
    html = response.content.decode()
    assert 'type="application/json"' in html
    assert "80" in html
    assert "given by the creator" in html


def test_the_pages_queries_do_not_grow_with_facts_or_scores(
    owner: Client, scored: SocialAccount
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(owner, scored)
        return len(captured)

    page_of(owner, scored)  # the first visit is recorded, which later ones are not
    few = queries()
    second = SocialAccount.objects.create(
        creator=scored.creator, platform="tiktok", handle="second"
    )
    give_facts(second, days=30, posts=9)
    score_accounts(accounts=[second], now=NOW)
    assert queries() == few


def test_a_creator_sees_the_same_scores_as_brands(
    cast: Cast, browse: Browse, owner: Client, scored: SocialAccount
) -> None:
    SocialAccount.objects.filter(pk=scored.pk).update(creator=cast.creator)
    scored.refresh_from_db()
    own, others = page_of(browse(cast.creator_user), scored), page_of(owner, scored)
    assert "This is your profile" in own
    assert "This is your profile" not in others
    for score in Score.objects.filter(account=scored):
        assert score.snapshot_hash in own
        assert score.snapshot_hash in others


def test_a_creator_without_accounts_is_told_how_to_get_one(cast: Cast, browse: Browse) -> None:
    client = browse(cast.creator_user)
    html = client.get(reverse("creator", args=[cast.creator.pk])).content.decode()
    assert "No social account yet" in html
    assert "a moderator connects them" in html


def test_a_creator_is_matched_with_the_readers_campaign_only(
    cast: Cast, browse: Browse, owner: Client, scored: SocialAccount, campaign: Campaign
) -> None:
    assert "Fit for “Spring”" in page_of(owner, scored, campaign=campaign.pk)
    address = reverse("creator", args=[scored.creator_id])
    asked = {"campaign": str(campaign.pk)}
    assert browse(cast.other_owner).get(address, asked).status_code == 404
    assert browse(cast.creator_user).get(address, asked).status_code == 404
    for nonsense in ("x", "", "9" * 30):
        assert owner.get(address, {"campaign": nonsense}).status_code == 200


def test_simulated_and_flagged_creators_say_so(owner: Client, scored: SocialAccount) -> None:
    Creator.objects.filter(pk=scored.creator_id).update(is_simulated=True, status="flagged")
    html = page_of(owner, scored)
    assert "Simulated demo data" in html
    assert "a moderator found signs" in html
