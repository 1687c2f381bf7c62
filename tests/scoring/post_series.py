"""Posts counted hour by hour, for tests of what is said about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from accounts.models import Post, PostMetric, Provenance, SocialAccount
from tests.scoring.catalogue import NOW

HOURS = 96
Counts = dict[str, list[int | None]]


def organic_counts(*, hours: int = HOURS, seed: int = 1, views: float = 40_000.0) -> Counts:
    """Cumulative counts at 0, 1, … hours: fading interest, a day's rhythm, Poisson noise."""
    rng = np.random.default_rng(seed)
    hour = np.arange(hours)
    interest = np.exp(-hour / 30.0) * (1.0 + 0.35 * np.cos(2 * np.pi * (hour - 19) / 24))
    seen = rng.poisson(views * interest / interest.sum())
    added = {
        "views": seen,
        "likes": rng.binomial(seen, 0.06),
        "comments": rng.binomial(seen, 0.004),
        "shares": rng.binomial(seen, 0.003),
    }
    return {name: [0, *np.cumsum(gain).tolist()] for name, gain in added.items()}


def with_bought_likes(
    counts: Counts, *, first: int = 50, hours: int = 3, share: float = 2.0
) -> Counts:
    """``share`` times the organic likes on top, evenly within a few hours."""
    likes = np.array(counts["likes"], dtype=float)
    bought = np.zeros(len(likes))
    bought[first + 1 : first + 1 + hours] = share * likes[-1] / hours
    return {**counts, "likes": [round(value) for value in likes + np.cumsum(bought)]}


def make_post(
    account: SocialAccount,
    counts: Mapping[str, Sequence[int | None]] | None = None,
    *,
    external_id: str = "post-1",
    ended_at: datetime = NOW,
    step: timedelta = timedelta(hours=1),
) -> Post:
    """A post with an observation every ``step``, the last at ``ended_at``."""
    counts = organic_counts() if counts is None else counts
    number = len(next(iter(counts.values())))
    started_at = ended_at - (number - 1) * step
    post = Post.objects.create(
        account=account,
        external_id=external_id,
        kind="video",
        caption="How I bake bread in the mountains",
        published_at=started_at,
        created_at=started_at,
    )
    PostMetric.objects.bulk_create(
        PostMetric(
            post=post,
            observed_at=started_at + place * step,
            recorded_at=started_at + place * step,
            provenance=Provenance.MEASURED,
            **{name: values[place] for name, values in counts.items()},
        )
        for place in range(number)
    )
    return post
