"""Posts' engagement: due, scored once, reproduced, and summed up for an account."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import PostMetric, Provenance, SocialAccount
from scoring.catalogue import Quiet, refresh_catalogue
from scoring.models import PostScore
from scoring.post_scoring import get_account_engagement, rescore_post, score_posts
from scoring.post_selectors import current_post_scores, list_due_posts
from scoring.post_series import (
    FEWEST_OBSERVATIONS,
    observations_of,
    observations_snapshot,
    read_observations,
)
from scoring.reproducing import recompute_post_score
from tests.scoring.catalogue import NOW, make_account
from tests.scoring.post_series import make_post, organic_counts, with_bought_likes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def account(db: None) -> SocialAccount:
    return make_account("baker", bio="Bread")


def test_a_refresh_checks_what_has_enough_observations(account: SocialAccount) -> None:
    long = make_post(account, organic_counts(hours=48), external_id="long")
    few = {"views": [1, 2, 3, 4]}
    assert len(few["views"]) < FEWEST_OBSERVATIONS
    make_post(account, few, external_id="few")
    report = refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    assert report["posts_checked"] == 1
    score = PostScore.objects.get()
    assert (score.post, score.as_of, score.detector) == (long, NOW, "ensemble")
    assert score.model_version.startswith("engagement/")
    assert len(score.inputs["seconds"]) == 49


def test_a_second_refresh_checks_nothing_until_something_is_new(account: SocialAccount) -> None:
    post = make_post(account)
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    assert list_due_posts(as_of=LATER) == []
    PostMetric.objects.create(
        post=post, observed_at=LATER, recorded_at=LATER, views=10**6, provenance="measured"
    )
    assert list_due_posts(as_of=LATER) == [post.pk]
    assert list_due_posts(as_of=NOW) == []
    assert list_due_posts(as_of=LATER, account_ids=[account.pk + 1]) == []
    assert refresh_catalogue(params={}, progress=Quiet(), now=LATER)["posts_checked"] == 1
    assert PostScore.objects.filter(post=post).count() == 2
    assert current_post_scores([post.pk])[post.pk].as_of == LATER


def test_scoring_again_writes_nothing(account: SocialAccount) -> None:
    post = make_post(account)
    assert rescore_post(post=post, now=NOW).written == 1
    again = rescore_post(post=post, now=LATER)
    assert (again.posts, again.written, again.unchanged) == (1, 0, 1)


def test_as_of_reads_nothing_observed_or_recorded_later(account: SocialAccount) -> None:
    post = make_post(account, organic_counts(hours=40))
    moment = post.metrics.order_by("observed_at")[30]
    PostMetric.objects.create(
        post=post,
        observed_at=moment.observed_at,
        recorded_at=LATER,
        views=moment.views + 1,
        provenance=Provenance.MEASURED,
    )
    early = read_observations([post.pk], as_of=moment.observed_at)[post.pk]
    assert len(early) == 31
    assert early.counts["views"][30] == moment.views
    late = read_observations([post.pk], as_of=LATER)[post.pk]
    assert len(late) == 41
    assert late.counts["views"][30] == moment.views + 1


def test_a_snapshot_holds_the_observations_exactly(account: SocialAccount) -> None:
    post = make_post(account, {"views": [1, None, 7], "likes": [0, 0, 2]})
    observations = read_observations([post.pk], as_of=NOW)[post.pk]
    assert set(observations.counts) == {"views", "likes"}
    assert observations_of(observations_snapshot(observations)) == observations


def test_what_is_no_series_of_counts_is_an_abstention_with_its_reason(
    account: SocialAccount,
) -> None:
    falling = make_post(account, {"views": [9, 5, 8, 3, 7, 2]}, external_id="falling")
    negative = make_post(account, {"views": [1, 2, -3, 4, 5]}, external_id="negative")
    sound = make_post(account, external_id="sound")
    score_posts(post_ids=[falling.pk, negative.pk, sound.pk], now=NOW)
    scores = current_post_scores([falling.pk, negative.pk, sound.pk])
    assert [scores[post.pk].abstained for post in (falling, negative, sound)] == [True, True, False]
    assert "cumulative" in scores[falling.pk].abstain_reason
    assert "below zero" in scores[negative.pk].abstain_reason
    assert all(recompute_post_score(score.pk).is_exact for score in scores.values())


def test_a_bought_post_is_flagged_and_every_score_is_reproduced(account: SocialAccount) -> None:
    post = make_post(account, with_bought_likes(organic_counts()))
    rescore_post(post=post, now=NOW)
    score = PostScore.objects.get()
    assert score.flagged
    assert score.windows
    assert all(window["sentence"] for window in score.windows)
    assert all(reason["text"] and reason["effect"] for reason in score.reasons)
    assert recompute_post_score(score.pk).is_exact


def test_a_tampered_snapshot_is_noticed(account: SocialAccount) -> None:
    post = make_post(account)
    rescore_post(post=post, now=NOW)
    score = PostScore.objects.get()
    score.pk, score.inputs = None, {**score.inputs, "likes": score.inputs["views"]}
    score.save(force_insert=True)
    assert not recompute_post_score(score.pk).is_exact


def test_an_account_is_told_by_its_posts_as_of_a_moment(account: SocialAccount) -> None:
    other = make_account("potter")
    posts = [
        make_post(account, with_bought_likes(organic_counts(seed=seed)), external_id=f"post-{seed}")
        for seed in range(4)
    ]
    score_posts(post_ids=[post.pk for post in posts], now=NOW)
    with CaptureQueriesContext(connection) as queries:
        told = get_account_engagement([account.pk, other.pk], NOW)
    assert len(queries) == 1
    assert (told[account.pk].posts, told[account.pk].judged) == (4, 4)
    assert told[account.pk].flagged >= 3
    assert not told[account.pk].abstained
    assert told[other.pk].abstained
    before = get_account_engagement([account.pk], NOW - timedelta(hours=1))
    assert before[account.pk].abstained


def test_queries_do_not_grow_with_posts(account: SocialAccount) -> None:
    def queries(post_ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            score_posts(post_ids=post_ids, now=NOW)
        return len(captured)

    first = make_post(account, external_id="first")
    more = [make_post(account, external_id=f"more-{number}") for number in range(6)]
    assert queries([first.pk]) == queries([post.pk for post in more])
