"""Figures of match scores against outcomes, with bootstrap intervals over campaigns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from scoring.ml.match.pairs import Pairs, groups_of
from scoring.ml.metrics import ndcg_at, recall_at

Floats = NDArray[np.float64]
BEST: Final = 0.2
RESAMPLES: Final = 500


def outcome_figures(scores: Floats, pairs: Pairs) -> dict[str, float]:
    """RMSE over all pairs, and Spearman's correlation within campaigns, averaged over them.

    Within, because a list is made for one campaign: how campaigns differ helps nobody choose.
    """
    return {
        "rmse": float(np.sqrt(np.mean((scores - pairs.outcomes) ** 2))),
        "rank_correlation": float(np.mean(_correlations(scores, pairs))),
    }


def order_figures(order: Floats, pairs: Pairs) -> dict[str, float]:
    """NDCG@10 and recall@10, where the best fifth of a campaign's outcomes is relevant."""
    lists = [(order[rows], best_share(pairs.outcomes[rows])) for rows in groups_of(pairs.campaigns)]
    return {
        "ndcg_at_10": float(np.mean([ndcg_at(10, s, r) for s, r in lists])),
        "recall_at_10": float(np.mean([recall_at(10, s, r) for s, r in lists])),
    }


def best_share(outcomes: Floats, share: float = BEST) -> NDArray[np.bool_]:
    """Whether each outcome is among the best `share` of its campaign, (n,), at least one."""
    count = max(1, int(len(outcomes) * share))
    chosen = np.zeros(len(outcomes), dtype=bool)
    chosen[np.argsort(-outcomes, kind="stable")[:count]] = True
    return chosen


def intervals(
    figures: Callable[[Floats, Pairs], Mapping[str, float]],
    scores: Floats,
    pairs: Pairs,
    random_state: int,
    resamples: int = RESAMPLES,
) -> dict[str, float]:
    """Ends of 95 % bootstrap intervals (`rmse_low`, `rmse_high` …), campaigns drawn anew.

    Each figure is a mean over campaigns or, for RMSE, over their pairs.
    """
    groups = groups_of(pairs.campaigns)
    each = [figures(scores[rows], pairs.take(rows)) for rows in groups]
    sizes = np.array([len(rows) for rows in groups], dtype=float)
    draws = np.random.default_rng(random_state).integers(len(groups), size=(resamples, len(groups)))
    result: dict[str, float] = {}
    for name in each[0]:
        values = np.array([row[name] for row in each])
        if name == "rmse":
            means = np.sqrt(
                (values[draws] ** 2 * sizes[draws]).sum(axis=1) / sizes[draws].sum(axis=1)
            )
        else:
            means = values[draws].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        result |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return result


def _correlations(scores: Floats, pairs: Pairs) -> list[float]:
    """Spearman's per campaign; 0 where the scores are all equal and order nobody."""
    found = []
    for rows in groups_of(pairs.campaigns):
        one, two = rankdata(scores[rows]), rankdata(pairs.outcomes[rows])
        constant = np.ptp(one) == 0 or np.ptp(two) == 0
        found.append(0.0 if constant else float(np.corrcoef(one, two)[0, 1]))
    return found
