"""The three endpoints of document 000: its fields, known ids, clear refusals."""

from typing import Any

import pytest

from accounts.models import Creator, SocialAccount, User
from campaigns.models import Campaign
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.catalogue import make_account

pytestmark = pytest.mark.django_db

RISK, MATCH, PRICE = "ml/fake-follower-risk", "ml/match-score", "ml/price-suggestion"
STATS = {"followers": 12_000, "following": 900, "engagement_rate": 3.5, "bio_length": 80}


def test_stats_alone_are_enough_for_a_risk(program: As, brand_owner: User) -> None:
    status, answer = program(brand_owner).post(
        RISK, {"user_id": "influencer_123", "platform": "instagram", "stats": STATS}
    )
    assert status == 200
    assert 0 <= answer["risk_score"] <= 100
    assert answer["risk_level"] in {"low", "medium", "high"}
    assert 0 <= answer["confidence"] <= 1
    assert all(isinstance(signal, str) for signal in answer["top_signals"])
    assert answer["user_id"] == "influencer_123"
    assert answer["account_id"] is None
    assert answer["model_version"].startswith("authenticity/")


def test_too_few_stats_make_the_model_abstain_with_a_reason(program: As, brand_owner: User) -> None:
    status, answer = program(brand_owner).post(RISK, {"platform": "tiktok", "stats": {"posts": 3}})
    assert status == 200
    assert answer["abstained"]
    assert answer["risk_score"] is None
    assert answer["reason"]


def test_the_example_of_document_000_is_understood(program: As, brand_owner: User) -> None:
    stats = {"follower_growth_rate": 5.2, "engagement_rate": 3.5, "follower_following_ratio": 2.1}
    status, answer = program(brand_owner).post(RISK, {"platform": "instagram", "stats": stats})
    assert status == 200
    assert answer["unused"] == []
    assert answer["abstained"]  # without a follower count nothing can be said
    status, answer = program(brand_owner).post(
        RISK, {"platform": "instagram", "stats": {**stats, "followers": 20_000}}
    )
    assert 0 <= answer["risk_score"] <= 100


@pytest.mark.parametrize("written", ["{}", "infl_{}", "influencer_{}", "user_{}"])
def test_a_known_creator_needs_no_stats(
    program: As, brand_owner: User, catalogue: dict[str, SocialAccount], written: str
) -> None:
    account = catalogue["vegan_cook"]
    status, answer = program(brand_owner).post(
        RISK, {"user_id": written.format(account.creator_id), "platform": "instagram"}
    )
    assert status == 200
    assert answer["account_id"] == account.pk


def test_an_account_id_and_a_bare_number_are_understood(
    program: As, brand_owner: User, catalogue: dict[str, SocialAccount]
) -> None:
    account = catalogue["skin"]
    for user_id in (f"acct_{account.pk}", account.creator_id):
        status, answer = program(brand_owner).post(
            RISK, {"user_id": user_id, "platform": "tiktok", "stats": {}}
        )
        assert (status, answer["account_id"]) == (200, account.pk)


def test_an_account_that_is_not_scored_yet_says_so(program: As, brand_owner: User) -> None:
    account = make_account("fresh", bio="Just arrived")
    status, answer = program(brand_owner).post(
        RISK, {"user_id": account.creator_id, "platform": "instagram"}
    )
    assert (status, refusal(answer)) == (409, ("not_scored_yet", None))


@pytest.mark.parametrize(
    ("stats", "attr"),
    [
        ({"folowers": 5}, "stats.folowers"),
        ({"followers": -1}, "stats.followers"),
        ({"followers": 1e12}, "stats.followers"),
        ({"followers": 10**400}, "stats.followers"),
        ({"followers": "many"}, "stats.followers"),
        ({"followers": [1]}, "stats.followers"),
        ({"followers": {"a": 1}}, "stats.followers"),
        ({"engagement_rate": -0.1}, "stats.engagement_rate"),
        ({"is_verified": 2}, "stats.is_verified"),
        ({"caption_similarity": 1.5}, "stats.caption_similarity"),
        ([1, 2], "stats"),
    ],
)
def test_stats_that_cannot_be_are_refused_by_name(
    program: As, brand_owner: User, stats: Any, attr: str
) -> None:
    status, answer = program(brand_owner).post(RISK, {"platform": "instagram", "stats": stats})
    assert status == 400
    assert refusal(answer)[1] == attr


def test_a_refused_name_comes_with_the_known_ones(program: As, brand_owner: User) -> None:
    _, answer = program(brand_owner).post(RISK, {"platform": "instagram", "stats": {"folowers": 5}})
    assert "folowers" in answer["errors"][0]["detail"]
    assert "followers" in answer["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"stats": STATS}, "platform"),
        ({"platform": "myspace", "stats": STATS}, "platform"),
        ({"platform": "instagram"}, "stats"),
        ({"platform": "instagram", "stats": {}}, "stats"),
        ({"platform": "instagram", "user_id": "x_9"}, "user_id"),
        ({"platform": "instagram", "user_id": True}, "user_id"),
        ({"platform": "instagram", "user_id": "9\n"}, "user_id"),
        ({"platform": "instagram", "user_id": "٣"}, "user_id"),
        ({"platform": "instagram", "user_id": "1" * 200, "stats": STATS}, "user_id"),
        ({"platform": "instagram", "stats": STATS, "extra": 1}, "extra"),
    ],
)
def test_requests_for_a_risk_that_cannot_be_read_are_refused(
    program: As, brand_owner: User, body: Any, attr: str
) -> None:
    status, answer = program(brand_owner).post(RISK, body)
    assert status == 400
    assert refusal(answer)[1] == attr


def test_a_match_has_the_fields_of_document_000(
    program: As, brand_owner: User, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    status, answer = program(brand_owner).post(
        MATCH,
        {
            "campaign_id": f"camp_{campaign.pk}",
            "influencer_id": f"infl_{catalogue['skin'].creator_id}",
        },
    )
    assert status == 200
    assert 0 <= answer["match_score"] <= 1
    assert 0 <= answer["percentile"] <= 100
    assert answer["explanation"]["positive_factors"]
    assert isinstance(answer["explanation"]["concerns"], list)
    assert answer["account_id"] == catalogue["skin"].pk


def test_a_viewer_may_ask_for_a_match_and_another_brand_may_not(
    program: As,
    brand_viewer: User,
    other_owner: User,
    creator_user: User,
    campaign: Campaign,
    catalogue: dict[str, SocialAccount],
) -> None:
    body = {"campaign_id": campaign.pk, "influencer_id": catalogue["skin"].creator_id}
    assert program(brand_viewer).post(MATCH, body)[0] == 200
    for stranger in (other_owner, creator_user):
        status, answer = program(stranger).post(MATCH, body)
        assert (status, refusal(answer)[0]) == (404, "not_found")


def test_a_match_takes_the_account_on_the_briefs_platform(
    program: As, brand_owner: User, catalogue: dict[str, SocialAccount]
) -> None:
    creator = catalogue["skin"].creator
    other = SocialAccount.objects.create(creator=creator, platform="youtube", handle="skin_tube")
    asker = program(brand_owner)
    _, brief = asker.post(
        "briefs/", {"title": "T", "text": "Skin care on video", "platform": "youtube"}
    )
    body = {"campaign_id": brief["id"], "influencer_id": creator.pk}
    assert refusal(asker.post(MATCH, body)[1])[0] == "not_scored_yet"
    asker.patch(f"briefs/{brief['id']}/", {"platform": "tiktok"})
    assert asker.post(MATCH, body)[1]["account_id"] != other.pk


def test_a_suspended_creator_is_not_matched(
    program: As, brand_owner: User, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    Creator.objects.filter(pk=catalogue["skin"].creator_id).update(status="suspended")
    status, _ = program(brand_owner).post(
        MATCH, {"campaign_id": campaign.pk, "influencer_id": catalogue["skin"].creator_id}
    )
    assert status == 404


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"influencer_id": 1}, "campaign_id"),
        ({"campaign_id": "infl_1", "influencer_id": 1}, "campaign_id"),
        ({"campaign_id": 1.5, "influencer_id": 1}, "campaign_id"),
        ({"campaign_id": -1, "influencer_id": 1}, "campaign_id"),
        ({"campaign_id": 10**30, "influencer_id": 1}, "campaign_id"),
        ({"campaign_id": 1, "influencer_id": None}, "influencer_id"),
    ],
)
def test_ids_that_are_none_are_refused(
    program: As, brand_owner: User, body: Any, attr: str
) -> None:
    status, answer = program(brand_owner).post(MATCH, body)
    assert status == 400
    assert refusal(answer)[1] == attr


def test_a_price_has_the_fields_of_document_000(
    program: As, brand_owner: User, catalogue: dict[str, SocialAccount]
) -> None:
    status, answer = program(brand_owner).post(
        PRICE,
        {
            "influencer_id": catalogue["video_shop"].creator_id,
            "deliverable_type": "video_21_60s",
            "platform": "douyin",
        },
    )
    assert status == 200
    assert answer["currency"] == "CNY"
    assert 0 < answer["min_price"] <= answer["suggested_price"] <= answer["max_price"]
    assert set(answer["factors"]) >= {
        "follower_count_premium",
        "engagement_premium",
        "authenticity_premium",
        "market_trend",
    }
    assert answer["model_version"].startswith("price/")


@pytest.mark.parametrize(
    ("handle", "platform", "deliverable", "status", "code"),
    [
        ("video_shop", "douyin", "static_post", 422, "no_comparable_market_data"),
        ("vegan_cook", "instagram", "static_post", 422, "no_comparable_market_data"),
        ("vegan_cook", "youtube", "video_21_60s", 404, "no_account_on_platform"),
    ],
)
def test_no_price_is_invented(
    program: As,
    brand_owner: User,
    catalogue: dict[str, SocialAccount],
    handle: str,
    platform: str,
    deliverable: str,
    status: int,
    code: str,
) -> None:
    answered, answer = program(brand_owner).post(
        PRICE,
        {
            "influencer_id": catalogue[handle].creator_id,
            "deliverable_type": deliverable,
            "platform": platform,
        },
    )
    assert (answered, refusal(answer)[0]) == (status, code)


@pytest.mark.parametrize("address", [RISK, MATCH, PRICE])
def test_strangers_are_asked_to_log_in(program: As, db: None, address: str) -> None:
    status, answer = program(None).post(address, {})
    assert (status, refusal(answer)[0]) == (401, "not_authenticated")


GROWTH = [20_000 + 15 * day for day in range(45)] + [44_000 + 3 * day for day in range(15)]


def test_daily_counts_and_comments_become_components(program: As, brand_owner: User) -> None:
    stats = {
        **STATS,
        "followers": GROWTH[-1],
        "follower_counts": GROWTH,
        "comments": ["Amazing content, check my page for more"] * 30,
        "bio": "Follow back! Recipes",
    }
    status, answer = program(brand_owner).post(RISK, {"platform": "instagram", "stats": stats})
    assert status == 200
    components = {one["name"]: one for one in answer["components"]}
    assert list(components) == [
        "profile", "growth", "engagement", "followers", "comments", "audience",
    ]  # fmt: skip
    assert components["growth"]["state"] == components["comments"]["state"] == "judged"
    assert components["growth"]["effect"] > 0
    assert components["followers"]["state"] == "unknown"
    assert answer["second_opinion"]["name"] == "points"
    assert answer["second_opinion"]["growth_points"] == 30
    assert bool(answer["disagreement"]) == (
        answer["second_opinion"]["level"] != answer["risk_level"]
    )
    assert "+evidence-" in answer["model_version"]


def test_a_known_account_shows_what_its_score_was_added_up_from(
    program: As, brand_owner: User, catalogue: dict[str, SocialAccount]
) -> None:
    account = catalogue["vegan_cook"]
    _, answer = program(brand_owner).post(
        RISK, {"user_id": account.creator_id, "platform": "instagram"}
    )
    assert len(answer["components"]) == 6
    assert answer["second_opinion"] is None
    assert answer["disagreement"] == ""


@pytest.mark.parametrize(
    ("stats", "attr"),
    [
        ({"follower_counts": [1, -1]}, "stats.follower_counts"),
        ({"follower_counts": {"a": 1}}, "stats.follower_counts"),
        ({"comments": [1]}, "stats.comments"),
        ({"declared_events": [{"kind": "tv"}]}, "stats.declared_events"),
        ({"declared_events": [
            {"kind": "tv", "starts_on": "2126-01-01", "ends_on": "2126-01-02"}
        ]}, "stats.declared_events"),
        ({"bio": 7}, "stats.bio"),
    ],
)  # fmt: skip
def test_lists_and_texts_that_cannot_be_are_refused_by_name(
    program: As, brand_owner: User, stats: Any, attr: str
) -> None:
    status, answer = program(brand_owner).post(RISK, {"platform": "instagram", "stats": stats})
    assert (status, refusal(answer)[1]) == (400, attr)
