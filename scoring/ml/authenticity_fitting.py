"""Fitting the members of the authenticity model, and the simple model they must beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from scoring.ml.authenticity_data import (
    LabelledAccounts,
    balanced_weights,
    cap_collections,
    catalogue_view,
    hide_facts,
)
from scoring.ml.authenticity_features import (
    FEATURES,
    all_features,
    clean_matrix,
    features_from_columns,
)
from scoring.ml.authenticity_linear import LinearMember, fit_linear
from scoring.ml.authenticity_trees import TreeMember

Scorer = Callable[[Mapping[str, np.ndarray]], np.ndarray]
"""Raw columns to scores of shape (n,), higher is more likely fake."""

ROUNDS: Final = 250
COLLECTION_ROWS: Final = 12_000
HIDDEN_COPIES: Final = 2
TREE_WEIGHT: Final = 0.65
RISING: Final = ("log_following_ratio", "username_digit_ratio")
FALLING: Final = (
    "has_picture",
    "has_link",
    "is_verified",
    "bio_length",
    "log_likes_per_following",
)
"""Directions nobody disputes: following crowds and digits raise the risk, a badge lowers it."""

PARAMETERS: Final[Mapping[str, Any]] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "monotone_constraints": [(f in RISING) - (f in FALLING) for f in FEATURES],
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def fit_members(
    accounts: LabelledAccounts, random_state: int, rounds: int | None = None
) -> tuple[lgb.Booster, LinearMember]:
    """Trees and linear member, on the same rows and weights.

    Each row is learned as it is, as a catalogue would know it and with facts hidden at
    random, so that which facts are missing says little about where a row came from. Every
    collection weighs the same, and so do fakes and genuine accounts within it.
    """
    generator = np.random.default_rng(random_state)
    accounts = cap_collections(accounts, COLLECTION_ROWS, generator)
    views = [accounts.columns, catalogue_view(accounts.columns)]
    views += [hide_facts(accounts.columns, generator) for _ in range(HIDDEN_COPIES)]
    weights = balanced_weights(accounts.labels, accounts.collections, size_exponent=0.0)
    labels, weights = np.tile(accounts.labels, len(views)), np.tile(weights, len(views))
    dataset = lgb.Dataset(
        np.vstack([features_from_columns(view) for view in views]),
        labels,
        weight=weights,
        feature_name=list(FEATURES),
    )
    # seconds alone; with two threads on a busy machine one waits for the other, for minutes
    parameters = {**PARAMETERS, "seed": random_state, "num_threads": 1}
    booster = lgb.train(parameters, dataset, rounds or ROUNDS)
    linear = fit_linear(
        np.hstack([all_features(clean_matrix(view)) for view in views]), labels, weights
    )
    return booster, linear


def fit_booster(
    accounts: LabelledAccounts, random_state: int, rounds: int | None = None
) -> lgb.Booster:
    """The trees alone, reading `FEATURES`."""
    return fit_members(accounts, random_state, rounds)[0]


def fit_scorer(accounts: LabelledAccounts, random_state: int) -> Scorer:
    """The log-odds of a model fitted on these accounts."""
    booster, linear = fit_members(accounts, random_state)
    trees = TreeMember(booster)

    def score(columns: Mapping[str, np.ndarray]) -> np.ndarray:
        features = all_features(clean_matrix(columns))
        threads = 0 if features.shape[1] > 5000 else 1
        return np.asarray(
            TREE_WEIGHT * trees.raw_scores(features, threads)
            + (1.0 - TREE_WEIGHT) * linear.raw_scores(features)
        )

    return score


def fit_baseline(accounts: LabelledAccounts, random_state: int) -> Scorer:
    """Logistic regression on the trees' features, medians and indicators for the unknown."""
    generator = np.random.default_rng(random_state)
    accounts = cap_collections(accounts, COLLECTION_ROWS, generator)
    pipeline = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=2000),
    )
    pipeline.fit(
        features_from_columns(accounts.columns),
        accounts.labels,
        logisticregression__sample_weight=balanced_weights(accounts.labels, accounts.collections),
    )
    return lambda columns: np.asarray(pipeline.decision_function(features_from_columns(columns)))
