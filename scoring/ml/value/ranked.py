"""The value beside a published ranking, and what comes between the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.stats import rankdata, spearmanr

from scoring.ml.tables import Table
from scoring.ml.tasks import Answer
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.files import read_ranking
from scoring.ml.value.valuing import Valuations, ValueModel

PLATFORM: Final = "instagram"
RESAMPLES: Final = 2_000
RANKING_METRICS: Final = (
    "rank_correlation", "rank_correlation_low", "rank_correlation_high",
    "rank_correlation_followers", "rank_correlation_followers_low",
    "rank_correlation_followers_high", "rank_correlation_likes",
)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """n accounts: their names, published scores, values and the ranks of both, 1 is best."""

    names: np.ndarray
    published: np.ndarray
    table: Table
    valued: Valuations
    rank: np.ndarray
    published_rank: np.ndarray
    followers_rank: np.ndarray


def compare(model: ValueModel, path: Path) -> Compared:
    """Value every account of a published ranking, in engagements: there is no market for it.

    The whole history is in the file as two averages, of all posts and of the newest; their
    geometric mean is what a usual post is read from, one alone where the other is missing, and
    followers × engagement rate where both are. Risk, spread and gaps of posts are unknown.

    :raises scoring.ml.tables.TableError: see `read_table`.
    """
    table = read_ranking(path)
    n = table.rows
    averages = np.array([table.number("account_avg_likes"), table.number("new_post_avg_likes")])
    logs = np.log(np.where(averages > 0, averages, np.nan))
    known = np.isfinite(logs)
    mean = np.where(known, logs, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    names = table.text("username")
    evidence = Evidence(
        keys=np.arange(n, dtype=np.uint64),
        platforms=np.full(n, PLATFORM, dtype=object),
        markets=np.full(n, "", dtype=object),
        followers=table.number("followers"),
        engagement_rate=table.number("engagement_rate_60d"),
        average_engagement=np.where(known.any(axis=0), np.exp(mean), np.nan),
        risk=np.full(n, np.nan),
        starts=np.zeros(n + 1, dtype=int),
        engagement=np.zeros(0),
        ages=np.zeros(0),
    )
    valued = model.value(evidence)
    published = table.number("market_influence_score")
    return Compared(
        names=names,
        published=published,
        table=table,
        valued=valued,
        rank=_ranks(valued.value),
        published_rank=_ranks(published),
        followers_rank=_ranks(table.number("followers")),
    )


def ranking_figures(found: Compared) -> dict[str, float | int | None]:
    """Spearman correlations with 95 % intervals by bootstrap over accounts."""
    followers = found.table.number("followers")
    likes = found.table.number("new_post_avg_likes")
    value, value_range = _correlation(found.valued.value, found.published)
    size, size_range = _correlation(followers, found.published)
    return {
        "rank_correlation": value,
        "rank_correlation_low": value_range[0],
        "rank_correlation_high": value_range[1],
        "rank_correlation_followers": size,
        "rank_correlation_followers_low": size_range[0],
        "rank_correlation_followers_high": size_range[1],
        "rank_correlation_likes": _correlation(likes, found.published)[0],
    }


def explain(found: Compared) -> Iterator[Answer]:
    """One answer an account: its value, the ranks and the parts that make the difference."""
    engagement = found.valued.engagement
    size = np.log(engagement.expected)
    own = engagement.weight * (np.log(engagement.own) - size)
    shares = {"size": size - np.nanmedian(size), "engagement": own - np.nanmedian(own)}
    for row, name in enumerate(found.names):
        if found.valued.abstained[row]:
            yield Answer(str(name), None, None, True, ("no followers or engagement is known",))
            continue
        moved = int(found.published_rank[row] - found.rank[row])
        by_size, by_engagement = (
            float(np.exp(shares[name_of][row])) for name_of in ("size", "engagement")
        )
        yield Answer(
            id=str(name),
            score=float(found.valued.value[row]),
            level=None,
            abstained=False,
            reasons=(
                f"rank {int(found.rank[row])} by value, {int(found.published_rank[row])} as "
                f"published, {int(found.followers_rank[row])} by followers: {moved:+d} places",
                f"against the median of the file: size × {by_size:.2f}, engagement for that size "
                f"× {by_engagement:.2f}",
            ),
        )


def _ranks(values: np.ndarray) -> np.ndarray:
    """1 for the largest; equal values share the mean rank; unknown ones come last."""
    return np.asarray(rankdata(-np.where(np.isfinite(values), values, -np.inf)))


def _correlation(
    values: np.ndarray, published: np.ndarray
) -> tuple[float | None, tuple[float | None, float | None]]:
    known = np.isfinite(values) & np.isfinite(published)
    if known.sum() < 3 or np.ptp(values[known]) == 0 or np.ptp(published[known]) == 0:
        return None, (None, None)
    left, right = values[known], published[known]
    rng = np.random.default_rng(0)
    again = []
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(left), len(left))
        with np.errstate(invalid="ignore", divide="ignore"):
            again.append(float(_spearman(left[rows], right[rows])))
    low, high = np.nanquantile(again, [0.025, 0.975])
    return float(spearmanr(left, right).statistic), (float(low), float(high))


def _spearman(left: np.ndarray, right: np.ndarray) -> float:
    return float(np.corrcoef(rankdata(left), rankdata(right))[0, 1])
