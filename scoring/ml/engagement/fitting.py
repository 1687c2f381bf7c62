"""Fitting the ensemble: steps first, then whole series on scores of steps held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from scipy.special import expit
from sklearn.model_selection import GroupKFold

from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.ensemble import Ensemble, SeriesView, series_vector, view_series

FOLDS: Final = 3
STEPS_PER_SERIES: Final = 60
"""Organic steps of one series that are learned from; all fake ones are, up to as many."""
STEP_ROUNDS: Final = 250
SERIES_ROUNDS: Final = 200

STEP_PARAMETERS: Final[Mapping[str, Any]] = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 31,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
SERIES_PARAMETERS: Final[Mapping[str, Any]] = {
    **STEP_PARAMETERS,
    "learning_rate": 0.05,
    "num_leaves": 15,
    "feature_fraction": 0.3,
    "min_data_in_leaf": 20,
}


@dataclass(frozen=True)
class Example:
    """A labelled series, as the ensemble sees it, and the domain whose weight it shares."""

    labelled: LabelledSeries
    view: SeriesView
    domain: str

    @property
    def is_fake(self) -> bool:
        return self.labelled.is_fake


def view_examples(labelled: Sequence[LabelledSeries], domain: str) -> list[Example]:
    return [Example(one, view_series(one.series), domain) for one in labelled]


def fit_ensemble(examples: Sequence[Example], *, random_state: int) -> Ensemble:
    """The series booster learns from step scores of boosters that had not seen the series.

    An organic series and its attacked copies have the same `series_id` and are held out
    together.
    """
    raw = held_out_step_scores(examples, random_state)
    vectors = [
        series_vector(example.view, expit(scores))
        for example, scores in zip(examples, raw, strict=True)
    ]
    labels = np.array([example.is_fake for example in examples], dtype=float)
    matrix = np.array([list(vector.values()) for vector in vectors], dtype=np.float32)
    series_booster = lgb.train(
        {**SERIES_PARAMETERS, "seed": random_state},
        lgb.Dataset(
            matrix, labels, weight=_series_weights(examples), feature_name=list(vectors[0])
        ),
        SERIES_ROUNDS,
    )
    return Ensemble(fit_steps(examples, random_state), series_booster)


def held_out_step_scores(examples: Sequence[Example], random_state: int) -> list[np.ndarray]:
    """Raw step scores by boosters fitted on other series."""
    groups = np.array([example.labelled.series.series_id for example in examples])
    folds = GroupKFold(
        n_splits=min(FOLDS, len(np.unique(groups))), shuffle=True, random_state=random_state
    )
    scores: list[np.ndarray] = [np.empty(0)] * len(examples)
    for kept, held_out in folds.split(groups, groups=groups):
        booster = fit_steps([examples[i] for i in kept], random_state)
        raw = Ensemble(booster, booster).step_scores([examples[i].view for i in held_out])
        for place, own in zip(held_out, raw, strict=True):
            scores[place] = own
    return scores


def fit_steps(examples: Sequence[Example], random_state: int) -> lgb.Booster:
    """The step booster; every domain weighs the same, fake and organic steps too within it."""
    rng = np.random.default_rng(random_state)
    rows, labels, domains, weights = [], [], [], []
    for example in examples:
        places = _chosen_steps(example.labelled.fake_steps, rng)
        rows.append(example.view.step_matrix()[places])
        labels.append(example.labelled.fake_steps[places])
        domains.append(np.full(len(places), example.domain))
        weights.append(np.full(len(places), 1.0 / np.sqrt(len(places))))
    target = np.concatenate(labels).astype(float)
    weight = _balanced(np.concatenate(weights), np.concatenate(domains), target)
    dataset = lgb.Dataset(
        np.vstack(rows), target, weight=weight, feature_name=list(examples[0].view.columns)
    )
    return lgb.train({**STEP_PARAMETERS, "seed": random_state}, dataset, STEP_ROUNDS)


def _chosen_steps(fake: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    chosen = []
    for places in (np.flatnonzero(fake), np.flatnonzero(~fake)):
        few = len(places) <= STEPS_PER_SERIES
        chosen.append(places if few else rng.choice(places, STEPS_PER_SERIES, replace=False))
    return np.sort(np.concatenate(chosen))


def _series_weights(examples: Sequence[Example]) -> np.ndarray:
    domains = np.array([example.domain for example in examples])
    labels = np.array([example.is_fake for example in examples], dtype=float)
    return _balanced(np.ones(len(examples)), domains, labels)


def _balanced(weights: np.ndarray, domains: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights whose sums are the same for every domain and, within it, for both labels."""
    balanced = weights.astype(float).copy()
    cells = [
        (domains == domain) & (labels == label)
        for domain in np.unique(domains)
        for label in (0.0, 1.0)
    ]
    filled = [cell for cell in cells if cell.any()]
    for cell in filled:
        balanced[cell] *= len(weights) / len(filled) / balanced[cell].sum()
    return balanced
