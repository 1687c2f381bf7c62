"""The share of fake accounts among an account's followers, from a sample of them.

Each follower is scored by the account model. The scores of fakes and of genuine accounts
overlap, and differently in every collection of accounts, so counting those above a threshold
is wrong in a way that no sample size mends (mean error and coverage: docs/creator-risk.md).
Instead the sample is read as a mixture, π fake + (1 - π) genuine, whose two parts are known from
collections the scoring model had not seen, one pair of parts per collection. For each pair
π has a posterior under a flat prior, on a grid; their plain mean is the answer. It stays as
wide as the collections disagree: which of them the followers resemble is not known.

Every likelihood counts at most `EFFECTIVE_SIZE` followers, because the parts themselves are
only roughly those of the account's followers. No correction is made for a finite population:
a sample that is a large part of all followers has an interval that is too wide, not too
narrow. A sample that is not drawn at random says nothing of the followers it left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.artifacts import Artifact

DENSITIES_FILE: Final = "densities.npz"
BINS: Final = 10
RICH_FROM: Final = 8
RICHNESS: Final = 2
MIN_JUDGED: Final = 30
EFFECTIVE_SIZE: Final = 100
SMOOTHING: Final = 0.5
NOMINAL: Final = 0.95
SUSPICIOUS_SHARE: Final = 0.25
SHARES: Final = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True)
class FollowerShare:
    """The answer for one sample; when `abstained` the three shares and the ratio are None.

    `low` and `high` bound 95 % of the posterior. `log_likelihood_ratio` weighs a share above
    `SUSPICIOUS_SHARE` against one below.
    """

    sampled: int
    judged: int
    share: float | None
    low: float | None
    high: float | None
    log_likelihood_ratio: float | None
    abstained: bool
    abstain_reason: str | None


class FollowerSampleModel:
    """How fakes and genuine accounts score in each of w collections."""

    def __init__(self, *, fake: np.ndarray, genuine: np.ndarray, version: str) -> None:
        """:param fake, genuine: counts of shape (w, RICHNESS, BINS), as of `count_scores`."""
        shares = SHARES[:, None, None, None]
        self._log_mixture = np.log(shares * _densities(fake) + (1 - shares) * _densities(genuine))
        self.version = version

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> FollowerSampleModel:
        arrays = artifact.arrays(DENSITIES_FILE)
        return cls(fake=arrays["fake"], genuine=arrays["genuine"], version=artifact.version)

    def estimate(self, counts: np.ndarray, *, sampled: int) -> FollowerShare:
        """The share of fakes in a sample of ``sampled`` followers.

        :param counts: judged followers by richness and probability, (RICHNESS, BINS); see
            `count_scores`.
        """
        judged = int(counts.sum())
        if judged < MIN_JUDGED:
            reason = (
                f"{judged} of {sampled} sampled followers could be judged; {MIN_JUDGED} are needed."
            )
            return FollowerShare(sampled, judged, None, None, None, None, True, reason)
        posterior = self.posterior(counts)
        cumulative = np.cumsum(posterior)
        tail = (1 - NOMINAL) / 2
        above = float(posterior[SHARES > SUSPICIOUS_SHARE].sum())
        above = min(max(above, 1e-6), 1 - 1e-6)
        flat = float(np.mean(SHARES > SUSPICIOUS_SHARE))
        return FollowerShare(
            sampled=sampled,
            judged=judged,
            share=round(float(posterior @ SHARES), 4),
            low=_quantile(cumulative, tail),
            high=_quantile(cumulative, 1 - tail),
            log_likelihood_ratio=_logit(above) - _logit(flat),
            abstained=False,
            abstain_reason=None,
        )

    def posterior(self, counts: np.ndarray) -> np.ndarray:
        """Probability of each of `SHARES`, (101,), the mean over the collections."""
        size = max(float(counts.sum()), 1.0)
        weight = min(1.0, EFFECTIVE_SIZE / size)
        likelihood = weight * np.einsum("swrb,rb->sw", self._log_mixture, counts)
        by_collection = np.exp(likelihood - likelihood.max(axis=0))
        return np.asarray((by_collection / by_collection.sum(axis=0)).mean(axis=1))


def count_scores(probabilities: np.ndarray, facts_known: np.ndarray) -> np.ndarray:
    """Judged accounts by richness (at least `RICH_FROM` known facts) and tenth of probability.

    :param probabilities: of being fake, (n,). :param facts_known: known facts, (n,).
    :returns: (RICHNESS, BINS) whole numbers; a sample is this, whatever its size.
    """
    counts = np.zeros((RICHNESS, BINS), dtype=int)
    bins = np.clip((probabilities * BINS).astype(int), 0, BINS - 1)
    np.add.at(counts, ((facts_known >= RICH_FROM).astype(int), bins), 1)
    return counts


def _densities(counts: np.ndarray) -> np.ndarray:
    smoothed = np.asarray(counts, dtype=float) + SMOOTHING
    return np.asarray(smoothed / smoothed.sum(axis=-1, keepdims=True))


def _quantile(cumulative: np.ndarray, level: float) -> float:
    return float(SHARES[min(int(np.searchsorted(cumulative, level)), len(SHARES) - 1)])


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
