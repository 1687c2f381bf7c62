"""Kept tests to read: what came of them, and how often their ranges were right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Creator, Post
from scoring.models import PostPlan
from scoring.planning_posts.history import engagement_of

SETTLED_AFTER: Final = timedelta(days=7)
"""Counts younger than this still grow, and are not judged by."""

POSTS_OFFERED: Final = 50

LATEST_COUNTS: Final = """
SELECT DISTINCT ON (post_id) post_id, observed_at, likes, comments, shares
FROM accounts_postmetric
WHERE post_id = ANY(%(posts)s) AND observed_at <= %(as_of)s AND recorded_at <= %(as_of)s
  AND likes IS NOT NULL AND comments IS NOT NULL
ORDER BY post_id, observed_at DESC, recorded_at DESC
"""


@dataclass(frozen=True)
class Outcome:
    """What a linked post came to by its latest counts; None where nothing is known yet.

    ``inside`` says whether the count lies in the range that was given, None before
    `SETTLED_AFTER`.
    """

    engagement: float | None
    observed_at: datetime | None
    age: timedelta | None
    inside: bool | None


@dataclass(frozen=True)
class KeptRecord:
    """How many settled posts lay inside the range of their test."""

    inside: int
    settled: int
    nominal: float

    @property
    def share(self) -> float | None:
        return self.inside / self.settled if self.settled else None


def list_kept(creator: Creator) -> QuerySet[PostPlan]:
    """The creator's kept tests, the newest first."""
    found = PostPlan.objects.filter(account__creator=creator)
    return found.select_related("account", "published__post").order_by("-kept_at", "-pk")


def read_outcomes(plans: Iterable[PostPlan], *, now: datetime) -> dict[int, Outcome]:
    """Plan id → outcome of those that are linked to a post. One query."""
    linked = {plan.pk: plan for plan in plans if hasattr(plan, "published")}
    if not linked:
        return {}
    posts = [plan.published.post_id for plan in linked.values()]
    with connection.cursor() as cursor:
        cursor.execute(LATEST_COUNTS, {"posts": posts, "as_of": now})
        rows = {post_id: rest for post_id, *rest in cursor.fetchall()}
    return {pk: _outcome(plan, rows.get(plan.published.post_id)) for pk, plan in linked.items()}


def kept_record(outcomes: Iterable[Outcome], *, nominal: float) -> KeptRecord:
    judged = [one.inside for one in outcomes if one.inside is not None]
    return KeptRecord(inside=sum(judged), settled=len(judged), nominal=nominal)


def posts_to_link(plan: PostPlan) -> list[Post]:
    """Posts the test may have become: of its account, out since, with no test yet."""
    found = Post.objects.filter(
        account=plan.account_id, published_at__gte=plan.kept_at, plan__isnull=True
    )
    return list(found.order_by("published_at", "pk")[:POSTS_OFFERED])


def picture_hashes(creator: Creator) -> list[int]:
    """Hashes of pictures in the creator's kept tests, the only ones known. One query."""
    found = PostPlan.objects.filter(
        account__creator=creator, inputs__draft__picture__perceptual_hash__isnull=False
    ).values_list("inputs__draft__picture__perceptual_hash", flat=True)
    return [int(text, 16) for text in found]


def _outcome(plan: PostPlan, row: Sequence[object] | None) -> Outcome:
    if row is None:
        return Outcome(None, None, None, None)
    observed_at, likes, comments, shares = row
    assert isinstance(observed_at, datetime)
    counts = {"likes": likes, "comments": comments, "shares": shares}
    engagement = engagement_of(counts, plan.account.platform)  # type: ignore[arg-type]
    published_at = plan.published.post.published_at
    age = observed_at - published_at if published_at else None
    expected = plan.answer["engagement"]
    settled = engagement is not None and age is not None and age >= SETTLED_AFTER
    return Outcome(
        engagement=engagement,
        observed_at=observed_at,
        age=age,
        inside=expected["low"] <= engagement <= expected["high"]
        if settled and engagement is not None
        else None,
    )
