"""A post's page: what was counted, what the model says of it, who may look."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Post, SocialAccount, User
from scoring.models import PostScore
from scoring.post_series import observations_snapshot, read_observations
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.scoring.catalogue import NOW, make_account
from tests.scoring.post_series import make_post, organic_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> SocialAccount:
    return make_account("baker")


def address(post: Post) -> str:
    return reverse("post", args=[post.account.creator_id, post.pk])


def stored_score(post: Post, **fields: object) -> PostScore:
    """An answer as the scoring run stores it, about what is known of the post."""
    starts_at = NOW - dt.timedelta(hours=20)
    window = {
        "first": 75,
        "last": 78,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + dt.timedelta(hours=3)).isoformat(),
        "metrics": ["likes"],
        "pattern": "disconnected",
        "score": 0.97,
        "sentence": "Likes rose ninefold while views did not.",
    }
    observed = read_observations([post.pk], as_of=NOW)[post.pk]
    return PostScore.objects.create(
        **{
            "post": post,
            "model_version": "engagement/v1",
            "detector": "ensemble",
            "value": 93.0,
            "level": "high",
            "probability": 0.93,
            "confidence": 0.86,
            "flagged": True,
            "windows": [window],
            "reasons": [{"feature": "likes", "text": "likes without views", "effect": 2.1}],
            "inputs": observations_snapshot(observed),
            "snapshot_hash": "0" * 64,
            "as_of": NOW,
            **fields,
        }
    )


def test_a_flagged_post_shows_its_hours_reasons_and_how_to_check(
    browse: Browse, brand_owner: User, account: SocialAccount
) -> None:
    post = make_post(account)
    score = stored_score(post)
    page = browse(brand_owner).get(address(post)).content.decode()
    assert "Likes rose ninefold while views did not." in page
    assert "Likes without views" in page
    assert "86\N{NO-BREAK SPACE}% sure" in page
    assert f"manage.py recompute_score --post {score.pk}" in page
    assert page.count("window 1<") == 3
    assert '"unit": "per hour"' in page


def test_an_abstention_says_why(browse: Browse, brand_owner: User, account: SocialAccount) -> None:
    post = make_post(account)
    stored_score(
        post, value=None, level="", confidence=None, flagged=False, abstained=True, windows=[],
        abstain_reason="All counts are zero.",
    )  # fmt: skip
    page = browse(brand_owner).get(address(post)).content.decode()
    assert "Not judged.</strong> All counts are zero." in page


def test_newer_counts_than_the_checked_ones_are_told(
    browse: Browse, brand_owner: User, account: SocialAccount
) -> None:
    post = make_post(account, ended_at=NOW)
    snapshot = observations_snapshot(
        read_observations([post.pk], as_of=NOW - dt.timedelta(hours=2))[post.pk]
    )
    stored_score(post, inputs=snapshot)
    page = browse(brand_owner).get(address(post)).content.decode()
    assert "2 newer counts of this post came after this check" in page


@pytest.mark.parametrize(
    ("points", "words"),
    [(0, "at 0 moments"), (1, "at 1 moment,"), (2, "at 2 moments"), (9, "Not checked yet")],
)
def test_a_post_that_is_not_checked_says_so(
    browse: Browse, brand_owner: User, account: SocialAccount, points: int, words: str
) -> None:
    counts = {name: values[:points] for name, values in organic_counts(hours=24).items()}
    post = make_post(account, counts)
    response = browse(brand_owner).get(address(post))
    assert response.status_code == 200
    assert words in response.content.decode()


def test_what_is_unknown_is_a_dash_and_never_a_zero(
    browse: Browse, brand_owner: User, account: SocialAccount
) -> None:
    post = make_post(account, {"views": [5, None, 9, 9], "likes": [1, 1, 1, 2]})
    page = browse(brand_owner).get(address(post)).content.decode()
    assert page.count('<td class="number">–</td>') == 2
    assert "Comments" not in page


def test_the_posts_of_a_suspended_creator_are_not_there_for_brands(
    browse: Browse, cast: Cast, account: SocialAccount
) -> None:
    post = make_post(account)
    set_creator_status(creator=account.creator, status="suspended", actor=cast.moderator, now=NOW)
    assert browse(cast.brand_owner).get(address(post)).status_code == 404
    assert browse(cast.moderator).get(address(post)).status_code == 200


def test_a_post_is_not_found_under_another_creator(
    browse: Browse, cast: Cast, account: SocialAccount
) -> None:
    post = make_post(account)
    wrong = reverse("post", args=[cast.creator.pk, post.pk])
    assert browse(cast.brand_owner).get(wrong).status_code == 404
    beyond = reverse("post", args=[account.creator_id, 10**30])
    assert browse(cast.brand_owner).get(beyond).status_code == 404


def test_the_creators_page_leads_to_posts_and_tells_their_state(
    browse: Browse, brand_owner: User, account: SocialAccount
) -> None:
    flagged, judged, unjudged, unchecked = (
        make_post(account, external_id=f"post-{number}") for number in range(4)
    )
    stored_score(flagged)
    stored_score(judged, flagged=False, level="low", value=4.0, windows=[])
    stored_score(unjudged, flagged=False, abstained=True, value=None, level="", windows=[])
    creator = reverse("creator", args=[account.creator_id])
    page = browse(brand_owner).get(creator).content.decode()
    for post in (flagged, judged, unjudged, unchecked):
        assert address(post) in page
    assert page.count("Engagement flagged") == 1
    assert page.count("Engagement checked") == 1
    assert page.count("Engagement not judged") == 1


def test_queries_do_not_grow_with_checked_posts(
    browse: Browse, brand_owner: User, account: SocialAccount
) -> None:
    client, creator = browse(brand_owner), reverse("creator", args=[account.creator_id])
    stored_score(make_post(account, external_id="first"))
    client.get(creator)
    with CaptureQueriesContext(connection) as few:
        client.get(creator)
    for number in range(5):
        stored_score(make_post(account, external_id=f"more-{number}"))
    with CaptureQueriesContext(connection) as many:
        client.get(creator)
    assert len(many) == len(few)
