"""What is known of accounts, as columns: the only thing that values are worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Evidence:
    """n accounts and the m posts they have together. Unknown numbers are NaN.

    :ivar keys: uint64 (n,); all chance in an account's draws comes from its key.
    :ivar platforms: names, (n,). :ivar markets: names of going rates, (n,); "" has none.
    :ivar followers: counts, (n,). :ivar engagement_rate: fraction of followers, (n,).
    :ivar average_engagement: mean likes + comments of a post, as the profile says, (n,).
    :ivar risk: the probability that the account is not genuine, 0 to 1, (n,).
    :ivar starts: (n + 1,); the posts of account i are `starts[i]:starts[i + 1]`, oldest first,
        those without a date before all others.
    :ivar engagement: counts, (m,). :ivar ages: days before the moment of valuing, (m,).
    """

    keys: np.ndarray
    platforms: np.ndarray
    markets: np.ndarray
    followers: np.ndarray
    engagement_rate: np.ndarray
    average_engagement: np.ndarray
    risk: np.ndarray
    starts: np.ndarray
    engagement: np.ndarray
    ages: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, rows: Sequence[int] | np.ndarray) -> Evidence:
        """The same of some accounts, in the order given."""
        rows = np.asarray(rows, dtype=int)
        counts = np.diff(self.starts)[rows]
        posts = np.concatenate(
            [np.arange(self.starts[row], self.starts[row + 1]) for row in rows]
            or [np.zeros(0, dtype=int)]
        )
        return Evidence(
            keys=self.keys[rows],
            platforms=self.platforms[rows],
            markets=self.markets[rows],
            followers=self.followers[rows],
            engagement_rate=self.engagement_rate[rows],
            average_engagement=self.average_engagement[rows],
            risk=self.risk[rows],
            starts=np.concatenate([[0], np.cumsum(counts)]),
            engagement=self.engagement[posts],
            ages=self.ages[posts],
        )


def clean(evidence: Evidence, *, largest_count: float, largest_rate: float) -> Evidence:
    """Impossible numbers become unknown; posts of unknown engagement and of the future go.

    A count below zero or above `largest_count`, a rate below zero or above `largest_rate`, a
    risk outside 0 to 1.
    """
    engagement = _within(evidence.engagement, largest_count)
    kept = np.isfinite(engagement) & ~(evidence.ages < 0)
    owners = np.repeat(np.arange(len(evidence)), np.diff(evidence.starts))
    counts = np.bincount(owners[kept], minlength=len(evidence))
    return Evidence(
        keys=evidence.keys,
        platforms=evidence.platforms,
        markets=evidence.markets,
        followers=_within(evidence.followers, largest_count),
        engagement_rate=_within(evidence.engagement_rate, largest_rate),
        average_engagement=_within(evidence.average_engagement, largest_count),
        risk=_within(evidence.risk, 1.0),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(int),
        engagement=engagement[kept],
        ages=evidence.ages[kept],
    )


def _within(values: np.ndarray, largest: float) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.where((values >= 0) & (values <= largest), values, np.nan)
