"""Everything one creator's page shows, in a number of queries that no length changes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from accounts.models import (
    AccountMetric,
    AudienceSnapshot,
    Creator,
    Post,
    PostMetric,
)
from scoring.ml.engagement.answers import AccountEngagement
from scoring.models import Score
from scoring.niche_groups import NicheGroupFacts, get_groups_of_accounts
from scoring.post_scoring import get_account_engagement
from scoring.post_selectors import current_post_scores
from scoring.scored_accounts import ScoredAccount
from scoring.selectors import current_audiences, current_scores

POSTS_SHOWN = 12
DAYS_SHOWN = 2_000
EARLIER_SCORES_SHOWN = 30


@dataclass
class AccountFacts(ScoredAccount):
    """One account with its scores and facts; ``metrics`` has the latest recording per day."""

    earlier_scores: list[Score] = field(default_factory=list)
    metrics: list[AccountMetric] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    audience: AudienceSnapshot | None = None
    engagement: AccountEngagement | None = None
    niche_group: NicheGroupFacts | None = None

    @property
    def latest_metric(self) -> AccountMetric | None:
        return self.metrics[-1] if self.metrics else None

    @property
    def history_id(self) -> str:
        return f"history-{self.account.pk}"

    @property
    def history(self) -> list[dict[str, Any]]:
        """Rows for the chart and its table, the earliest first."""
        return [
            {
                "day": metric.day.isoformat(),
                "followers": metric.followers,
                "engagement": metric.engagement_rate,
            }
            for metric in self.metrics
        ]


def get_account_facts(creator: Creator, *, now: datetime) -> list[AccountFacts]:
    """The creator's accounts, each with what is known of it. Ten queries."""
    accounts = list(creator.accounts.order_by("platform", "pk"))
    facts = {account.pk: AccountFacts(account) for account in accounts}
    for account_id, scores in current_scores(list(facts)).items():
        facts[account_id].scores = scores
    for account_id, earlier in _earlier_scores(facts.values()).items():
        facts[account_id].earlier_scores = earlier
    for metric in _latest_per_day(list(facts)):
        facts[metric.account_id].metrics.append(metric)
    posts = _latest_posts(list(facts))
    checks = current_post_scores([post.pk for post in posts])
    for post in posts:
        post.check_score = checks.get(post.pk)  # type: ignore[attr-defined]
        facts[post.account_id].posts.append(post)
    for account_id, engagement in get_account_engagement(list(facts), now).items():
        facts[account_id].engagement = engagement
    for account_id, group in get_groups_of_accounts(list(facts)).items():
        facts[account_id].niche_group = group
    for account_id, audience in current_audiences(list(facts)).items():
        facts[account_id].audience = audience
    return list(facts.values())


def _earlier_scores(facts: Iterable[AccountFacts]) -> dict[int, list[Score]]:
    of_account: dict[int, list[Score]] = defaultdict(list)
    current = {score.pk for one in facts for score in one.scores.values()}
    earlier = (
        Score.objects.filter(account_id__in=[one.account.pk for one in facts])
        .exclude(pk__in=current)
        .defer("inputs", "reasons", "details")
        .order_by("-created_at", "-pk")[:EARLIER_SCORES_SHOWN]
    )
    for score in earlier:
        of_account[score.account_id].append(score)
    return of_account


def _latest_per_day(account_ids: list[int]) -> list[AccountMetric]:
    """The last recording of each day, days ascending, the latest `DAYS_SHOWN` of them."""
    newest_first = (
        AccountMetric.objects.filter(account_id__in=account_ids)
        .order_by("account_id", "-day", "-recorded_at")
        .distinct("account_id", "day")[:DAYS_SHOWN]
    )
    return list(reversed(newest_first))


def _latest_posts(account_ids: list[int]) -> list[Post]:
    """The latest posts of each account with their newest counts as ``views``, ``likes`` …"""
    newest = PostMetric.objects.filter(post=OuterRef("pk")).order_by("-observed_at", "-recorded_at")
    counts = {
        name: Subquery(newest.values(name)[:1]) for name in ("views", "likes", "comments", "shares")
    }
    place = Window(
        RowNumber(),
        partition_by="account_id",
        order_by=[F("published_at").desc(nulls_last=True), F("pk").desc()],
    )
    posts = Post.objects.filter(account_id__in=account_ids).annotate(place=place)
    return list(
        posts.filter(place__lte=POSTS_SHOWN).annotate(**counts).order_by("account_id", "place")
    )
