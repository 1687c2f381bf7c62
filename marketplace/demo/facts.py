"""Write a generated market's creators and facts, in bulk. Called inside a transaction."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from accounts.models import (
    AccountMetric,
    AudienceSnapshot,
    Creator,
    Post,
    PostMetric,
    Provenance,
    SocialAccount,
)
from marketplace.demo.copying import copy_rows
from marketplace.demo.market import Market, SimulatedAccount, SimulatedPost, midnight

BATCH = 2000
METRIC_FIELDS = (
    "account", "day", "followers", "following", "posts", "avg_likes", "avg_comments",
    "engagement_rate", "comments_to_likes", "extra", "provenance", "recorded_at",
)  # fmt: skip
POST_METRIC_FIELDS = (
    "post", "observed_at", "views", "likes", "comments", "shares", "saves", "engagement_rate",
    "extra", "provenance", "recorded_at",
)  # fmt: skip
Rows = list[tuple[SocialAccount, SimulatedAccount]]


def write_facts(market: Market) -> list[SocialAccount]:
    """Creators, accounts, daily counts, posts and audiences; all marked as simulated.

    About 120 rows per account, inserted 2,000 at a time. Every fact is recorded at the
    moment it was counted, so that scores as of an earlier day find what was known then.
    """
    creators = Creator.objects.bulk_create(
        Creator(
            display_name=simulated.person.display_name,
            is_simulated=True,
            created_at=min(midnight(_first_day(a, market.today)) for a in simulated.accounts),
        )
        for simulated in market.creators
    )
    pairs = [
        (creator, account)
        for creator, simulated in zip(creators, market.creators, strict=True)
        for account in simulated.accounts
    ]
    accounts = SocialAccount.objects.bulk_create(
        _social_account(creator, account, market.today) for creator, account in pairs
    )
    rows = list(zip(accounts, market.accounts, strict=True))
    copy_rows(AccountMetric, METRIC_FIELDS, _metrics(rows, market.today))
    AudienceSnapshot.objects.bulk_create(_audiences(rows, market.today), batch_size=BATCH)
    drawn = [(account, post) for account, simulated in rows for post in simulated.posts]
    posts = Post.objects.bulk_create((_post(*pair) for pair in drawn), batch_size=BATCH)
    copy_rows(PostMetric, POST_METRIC_FIELDS, _post_metrics(posts, drawn))
    return accounts


def _first_day(simulated: SimulatedAccount, today: dt.date) -> dt.date:
    return today - dt.timedelta(days=len(simulated.followers) - 1)


def _social_account(creator: Creator, simulated: SimulatedAccount, today: dt.date) -> SocialAccount:
    traits = simulated.traits
    return SocialAccount(
        creator=creator,
        platform=simulated.platform,
        handle=simulated.handle,
        # A made-up handle is a stand-in like a masked one: its letters are no evidence.
        handle_is_hash=True,
        full_name=creator.display_name,
        bio=simulated.bio,
        hashtags=simulated.hashtags,
        declared_niches=simulated.declared_niches,
        country=simulated.country,
        is_verified=traits.is_verified,
        is_private=False,
        is_business=traits.is_business,
        has_picture=traits.has_picture,
        has_link=traits.has_link,
        opened_on=traits.opened_on,
        created_at=midnight(_first_day(simulated, today)),
        updated_at=midnight(today),
    )


def _metrics(rows: Rows, today: dt.date) -> Iterator[tuple[Any, ...]]:
    for account, simulated in rows:
        first = _first_day(simulated, today)
        following = simulated.traits.following
        likes = np.round(simulated.likes, 1)
        comments = np.round(simulated.comments, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = np.round((likes + comments) / simulated.followers, 6)
            ratios = np.round(comments / likes, 5)
        for index, followers in enumerate(simulated.followers):
            day = first + dt.timedelta(days=index)
            yield (
                account.pk,
                day,
                int(followers),
                following + index // 7,
                int(simulated.posts_count[index]),
                float(likes[index]),
                float(comments[index]),
                _known(rates[index]),
                _known(ratios[index]),
                json.dumps(simulated.marketplace_facts if day == today else {}),
                Provenance.SIMULATED.value,
                midnight(day),
            )


def _audiences(rows: Rows, today: dt.date) -> Iterator[AudienceSnapshot]:
    for account, simulated in rows:
        for day, shares in (
            (_first_day(simulated, today), simulated.audience_before),
            (today, simulated.audience_now),
        ):
            yield AudienceSnapshot(
                account=account,
                day=day,
                provenance=Provenance.SIMULATED,
                recorded_at=midnight(day),
                **shares,
            )


def _post(account: SocialAccount, post: SimulatedPost) -> Post:
    return Post(
        account=account,
        external_id=post.external_id,
        kind=post.kind,
        caption=post.caption,
        hashtags=post.hashtags,
        published_at=post.published_at,
        duration_s=post.duration_s,
        created_at=post.published_at,
    )


def _post_metrics(
    posts: list[Post], drawn: list[tuple[SocialAccount, SimulatedPost]]
) -> Iterator[tuple[Any, ...]]:
    for post, (_, simulated) in zip(posts, drawn, strict=True):
        for counts in simulated.counts:
            moment = simulated.published_at + counts.age
            reactions = counts.likes + counts.comments
            yield (
                post.pk,
                moment,
                counts.views,
                counts.likes,
                counts.comments,
                counts.shares,
                counts.saves,
                round(reactions / max(simulated.followers, 1), 6),
                "{}",
                Provenance.SIMULATED.value,
                moment,
            )


def _known(value: float) -> float | None:
    """Null where a ratio has no meaning: no followers, or no likes."""
    return float(value) if np.isfinite(value) else None
