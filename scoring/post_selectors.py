"""Reads over the scores of posts, and over the posts that are due for one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from scoring import registry
from scoring.models import PostScore
from scoring.post_series import FEWEST_OBSERVATIONS

TASK = "engagement"

# Due is a post with enough moments whose newest recording no score of this version has seen.
DUE_POSTS = """
SELECT post_id FROM (
    SELECT metric.post_id, max(metric.recorded_at) AS newest
    FROM accounts_postmetric metric
    WHERE metric.observed_at <= %(as_of)s AND metric.recorded_at <= %(as_of)s
      AND (%(accounts)s::bigint[] IS NULL OR EXISTS (
          SELECT 1 FROM accounts_post post
          WHERE post.id = metric.post_id AND post.account_id = ANY(%(accounts)s::bigint[])))
    GROUP BY metric.post_id
    HAVING count(DISTINCT metric.observed_at) >= %(fewest)s
) seen
WHERE NOT EXISTS (
    SELECT 1 FROM scoring_postscore score
    WHERE score.post_id = seen.post_id AND score.model_version = %(version)s
      AND score.as_of >= seen.newest)
ORDER BY post_id
"""


def list_due_posts(*, as_of: datetime, account_ids: Sequence[int] | None = None) -> list[int]:
    """Ids of posts that the active model has not judged as they stand, rising. One query.

    Without an active model none is: the accounts' scores do not wait for it.
    """
    try:
        version = registry.active_version(TASK)
    except registry.NoActiveVersion:
        return []
    arguments: dict[str, Any] = {
        "version": f"{TASK}/{version}",
        "as_of": as_of,
        "accounts": None if account_ids is None else list(account_ids),
        "fewest": FEWEST_OBSERVATIONS,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUE_POSTS, arguments)
        return [post_id for (post_id,) in cursor.fetchall()]


def current_post_scores(post_ids: Sequence[int]) -> dict[int, PostScore]:
    """Post id → its newest score, its inputs deferred. One query."""
    newest = _newest().filter(post_id__in=post_ids).defer("inputs")
    return {score.post_id: score for score in newest}


def list_account_post_scores(
    account_ids: Sequence[int], *, as_of: datetime
) -> list[tuple[int, PostScore]]:
    """(account id, newest score as of then) of every judged post, without inputs. One query."""
    scores = (
        _newest()
        .filter(post__account_id__in=account_ids, as_of__lte=as_of)
        .select_related("post")
        .only(
            "post__account_id", "value", "level", "probability", "confidence", "flagged",
            "abstained", "abstain_reason", "model_version",
        )
    )  # fmt: skip
    return [(score.post.account_id, score) for score in scores]


def list_post_score_history(post_id: int) -> QuerySet[PostScore]:
    """All scores of a post, the newest first, their inputs deferred."""
    scores = PostScore.objects.filter(post_id=post_id).order_by("-created_at", "-pk")
    return scores.defer("inputs")


def _newest() -> QuerySet[PostScore]:
    return PostScore.objects.order_by("post_id", "-created_at", "-pk").distinct("post_id")
