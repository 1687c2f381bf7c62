"""How the authenticity model is measured: on collections it never saw.

Everything that is chosen after training (level thresholds, how much evidence is enough) is
chosen on out-of-collection predictions, never on rows a model was fitted to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from sklearn.model_selection import GroupKFold

from scoring.ml import metrics
from scoring.ml.authenticity import (
    AuthenticitySettings,
    calibrated_probabilities,
    count_evidence,
    has_enough_evidence,
)
from scoring.ml.authenticity_data import (
    LabelledAccounts,
    balanced_weights,
    catalogue_view,
    hide_facts,
)
from scoring.ml.authenticity_fitting import Scorer

UNCALIBRATED: Final = AuthenticitySettings(
    evidence_from=(0,),
    slopes=(1.0,),
    intercepts=(0.0,),
    high_from=1.0,
    low_below=0.0,
    min_facts=None,
    min_facts_without_followers=None,
)
"""The log-odds as the members give them.

Scaling them to the collections at hand (Platt, a temperature, one curve per collection,
each by number of known facts or for all) made the error on a further collection larger:
five collections are too few to learn from how the next one will be off.
"""
HIGH_PRECISION: Final = 0.95
LOW_PRECISION: Final = 0.90
ENOUGH_AUC: Final = 0.85
_VIEW_ROWS: Final = 4000
_CLASS_ROWS: Final = 25

Fit = Callable[[LabelledAccounts], Scorer]


@dataclass(frozen=True)
class HeldOut:
    """Scores of rows by a model that saw neither them nor, for "collection", their kind.

    `view` names what was known: "full", "catalogue" or "hidden" (facts hidden at random).
    All arrays are of shape (n,).
    """

    scores: np.ndarray
    labels: np.ndarray
    collections: np.ndarray
    evidence: np.ndarray
    followers_known: np.ndarray
    view: np.ndarray

    def where(self, mask: np.ndarray) -> HeldOut:
        return HeldOut(**{name: values[mask] for name, values in vars(self).items()})


def leave_one_collection_out(
    accounts: LabelledAccounts, fit: Fit, random_state: int, *, views: bool = True
) -> HeldOut:
    """Fit on all collections but one, score that one, for each in turn.

    With `views` a sample of each collection is scored again with facts hidden.
    """
    generator = np.random.default_rng(random_state)
    parts = []
    for collection in np.unique(accounts.collections):
        held_out = accounts.collections == collection
        score = fit(accounts.take(np.flatnonzero(~held_out)))
        rows = accounts.take(np.flatnonzero(held_out))
        parts.append(_score_view(rows, score, "full", rows.columns))
        if views:
            size = min(_VIEW_ROWS, len(rows))
            sample = rows.take(np.sort(generator.choice(len(rows), size, replace=False)))
            parts.append(_score_view(sample, score, "catalogue", catalogue_view(sample.columns)))
            for _ in range(3):
                hidden = hide_facts(sample.columns, generator)
                parts.append(_score_view(sample, score, "hidden", hidden))
    return _join(parts)


def grouped_folds(
    accounts: LabelledAccounts, fit: Fit, random_state: int, folds: int = 5
) -> HeldOut:
    """Grouped k-fold over the pool: the model has seen the collection but not the account."""
    parts = []
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=random_state)
    for train, test in splitter.split(accounts.labels, groups=accounts.groups):
        score = fit(accounts.take(train))
        rows = accounts.take(test)
        parts.append(_score_view(rows, score, "full", rows.columns))
    return _join(parts)


def folds_inside_collections(accounts: LabelledAccounts, fit: Fit, random_state: int) -> HeldOut:
    """Grouped folds within each collection alone: trained and tested on one source."""
    return _join(
        [
            grouped_folds(
                accounts.take(np.flatnonzero(accounts.collections == collection)),
                fit,
                random_state,
            )
            for collection in np.unique(accounts.collections)
        ]
    )


def choose_settings(held_out: HeldOut, tree_weight: float = 1.0) -> AuthenticitySettings:
    """Levels and the abstention rule from out-of-collection scores.

    `high_from` is the lowest probability from which on
    95 % were fake, `low_below` the highest below which 90 % were genuine, on the full and
    the catalogue view with equal weight per collection, class and view. The evidence
    needed is the smallest number of facts from which on, with facts hidden at random, the
    mean AUC over collections is still 0.85, found apart for known and unknown followers.
    """
    settings = replace(
        UNCALIBRATED,
        min_facts=_enough_facts(held_out.where(held_out.followers_known)),
        min_facts_without_followers=_enough_facts(held_out.where(~held_out.followers_known)),
        tree_weight=tree_weight,
    )
    levelled = held_out.where(np.isin(held_out.view, ("full", "catalogue")))
    probability = calibrated_probabilities(settings, levelled.scores, levelled.evidence)
    weights = _weights(levelled)
    grid = np.arange(0.50, 0.981, 0.01)
    high = [
        t for t in grid if _share(levelled.labels == 1, probability >= t, weights) >= HIGH_PRECISION
    ]
    low = [
        t
        for t in 1 - grid
        if _share(levelled.labels == 0, probability < t, weights) >= LOW_PRECISION
    ]
    return replace(
        settings,
        high_from=round(float(min(high, default=0.98)), 2),
        low_below=round(float(max(low, default=0.02)), 2),
    )


def honest_probabilities(held_out: HeldOut) -> np.ndarray:
    """The probabilities a model would have given: nothing is fitted to the held-out rows."""
    return calibrated_probabilities(UNCALIBRATED, held_out.scores, held_out.evidence)


def figures_by_collection(
    held_out: HeldOut, probabilities: np.ndarray, settings: AuthenticitySettings, view: str
) -> dict[str, dict[str, float | None]]:
    """The task's metrics for each collection of one view."""
    enough = has_enough_evidence(settings, held_out.evidence, held_out.followers_known)
    result = {}
    for collection in np.unique(held_out.collections):
        rows = (held_out.collections == collection) & (held_out.view == view)
        result[str(collection)] = classification_figures(
            held_out.labels[rows], probabilities[rows], enough[rows], held_out.scores[rows]
        )
    return result


def classification_figures(
    labels: np.ndarray, probabilities: np.ndarray, answered: np.ndarray, scores: np.ndarray
) -> dict[str, float | None]:
    """The task's metrics over answered rows; `abstained` is the share of rows that were not.

    Rows are ranked by `scores`, the log-odds: probabilities stop at 1 and 99 %. Labels may
    be NaN; without two classes all but `abstained` are None.
    """
    judged = answered & ~np.isnan(np.asarray(labels, dtype=float))
    y, p, s = labels[judged], probabilities[judged], scores[judged]
    return {
        "auc": metrics.auc(y, s),
        "precision_at_recall_85": metrics.precision_at_recall(y, s, 0.85),
        "recall_at_precision_95": metrics.recall_at_precision(y, s, 0.95),
        "calibration_error": metrics.calibration_error(y, p),
        "abstained": float(1 - answered.mean()),
    }


SIZES: Final = (
    ("below 100", 0, 100),
    ("100 to 999", 100, 1000),
    ("1,000 to 9,999", 1000, 10_000),
    ("10,000 and more", 10_000, np.inf),
)


def figures_by_slice(
    accounts: LabelledAccounts, held_out: HeldOut, probabilities: np.ndarray
) -> dict[str, dict[str, float | None]]:
    """Figures by platform, number of followers and privacy on full rows of unseen collections.

    The mean over the collections with at least 25 fakes and 25 genuine accounts in the
    slice, so that a slice is not judged by which collection it came from; `collections`
    and `rows` say how much that is.
    """
    followers, private = accounts.columns["followers"], accounts.columns["is_private"]
    masks = {
        f"platform/{name}": accounts.platforms == name for name in np.unique(accounts.platforms)
    }
    masks |= {
        f"followers/{name}": (followers >= low) & (followers < high) for name, low, high in SIZES
    }
    masks |= {"privacy/public": private == 0, "privacy/private": private == 1}
    result: dict[str, dict[str, float | None]] = {}
    for name, mask in masks.items():
        parts, rows = {}, 0
        for collection in np.unique(accounts.collections):
            own = accounts.collections == collection
            labels = accounts.labels[own & mask]
            if min(np.bincount(labels, minlength=2)) < _CLASS_ROWS:
                continue
            full = (held_out.collections == collection) & (held_out.view == "full")
            parts[str(collection)] = classification_figures(
                labels,
                probabilities[full][mask[own]],
                np.ones(len(labels), dtype=bool),
                held_out.scores[full][mask[own]],
            )
            rows += len(labels)
        if parts:
            means = mean_figures(parts)
            del means["abstained"]
            result[f"unseen_slice/{name}"] = {**means, "collections": len(parts), "rows": rows}
    return result


def level_figures(
    held_out: HeldOut, probabilities: np.ndarray, settings: AuthenticitySettings
) -> dict[str, dict[str, float | None]]:
    """Per collection, on full rows: what the levels were worth, None where one was not given.

    `high_is_fake` and `low_is_genuine` are shares of the rows given that level;
    `genuine_called_high` is the share of genuine accounts wrongly called high.
    """
    result: dict[str, dict[str, float | None]] = {}
    for collection in np.unique(held_out.collections):
        rows = (held_out.collections == collection) & (held_out.view == "full")
        fake, probability = held_out.labels[rows] == 1, probabilities[rows]
        high, low = probability >= settings.high_from, probability < settings.low_below
        result[str(collection)] = {
            "high": float(high.mean()),
            "low": float(low.mean()),
            "high_is_fake": float(fake[high].mean()) if high.any() else None,
            "low_is_genuine": float((~fake)[low].mean()) if low.any() else None,
            "genuine_called_high": float(high[~fake].mean()) if (~fake).any() else None,
        }
    return result


def mean_figures(
    by_collection: Mapping[str, Mapping[str, float | None]],
) -> dict[str, float | None]:
    """Plain mean over collections, each counting the same."""
    names = next(iter(by_collection.values()))
    means: dict[str, float | None] = {}
    for name in names:
        values = [value for f in by_collection.values() if (value := f[name]) is not None]
        means[name] = float(np.mean(values)) if values else None
    return means


def _enough_facts(held_out: HeldOut) -> int | None:
    """Fewest known facts from which on the mean AUC over collections is `ENOUGH_AUC`."""
    enough = None
    for facts in range(int(held_out.evidence.max(initial=0)), 0, -1):
        rows = held_out.where((held_out.evidence == facts) & (held_out.view == "hidden"))
        aucs = [
            metrics.auc(part.labels, part.scores)
            for collection in np.unique(rows.collections)
            if min(
                np.bincount(
                    (part := rows.where(rows.collections == collection)).labels, minlength=2
                )
            )
            >= _CLASS_ROWS
        ]
        if not aucs:  # too few rows with this many facts to say either way
            continue
        if np.mean([auc for auc in aucs if auc is not None]) < ENOUGH_AUC:
            break
        enough = facts
    return enough


def _weights(held_out: HeldOut) -> np.ndarray:
    cells = np.char.add(np.char.add(held_out.collections.astype(str), "/"), held_out.view)
    return balanced_weights(held_out.labels, cells, size_exponent=0.0)


def _share(hit: np.ndarray, chosen: np.ndarray, weights: np.ndarray) -> float:
    total = weights[chosen].sum()
    return float(weights[chosen & hit].sum() / total) if total > 0 else 0.0


def _score_view(
    rows: LabelledAccounts, score: Scorer, view: str, columns: Mapping[str, np.ndarray]
) -> HeldOut:
    return HeldOut(
        scores=score(columns),
        labels=rows.labels,
        collections=rows.collections,
        evidence=count_evidence(columns),
        followers_known=~np.isnan(columns["followers"]),
        view=np.full(len(rows), view),
    )


def _join(parts: list[HeldOut]) -> HeldOut:
    names = vars(parts[0])
    return HeldOut(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})
