"""Training and evaluating the authenticity model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from scoring.ml import artifacts
from scoring.ml.authenticity import (
    MODEL_FILE,
    SETTINGS_FILE,
    AuthenticityModel,
    prediction_threads,
)
from scoring.ml.authenticity_data import (
    LabelledAccounts,
    balanced_weights,
    cap_collections,
    catalogue_view,
    hide_facts,
    labelled_accounts,
    read_accounts,
)
from scoring.ml.authenticity_features import FEATURE_SET, FEATURES, features_from_columns
from scoring.ml.authenticity_validation import (
    Scorer,
    choose_settings,
    classification_figures,
    figures_by_collection,
    grouped_folds,
    honest_probabilities,
    leave_one_collection_out,
    level_figures,
    mean_figures,
)
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

ROUNDS: Final = 250
COLLECTION_ROWS: Final = 12_000
HIDDEN_COPIES: Final = 2
RISING: Final = ("log_following", "log_following_ratio", "username_digit_ratio")
FALLING: Final = ("has_picture", "has_link", "is_verified", "bio_length")
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
LICENCE: Final = (
    "mixed: none stated (purba2020, kaggle696), CC BY-NC 4.0 (instafake2019), "
    "GPL-3.0 repository (pellegrini2020), research use (mib2015)"
)


def fit_booster(accounts: LabelledAccounts, random_state: int, rounds: int = ROUNDS) -> lgb.Booster:
    """Fit on balanced collections, each row also seen with facts hidden.

    Each row is learned as it is, as a catalogue would know it and with facts hidden at
    random, so that which facts are missing says little about where a row came from.
    """
    generator = np.random.default_rng(random_state)
    accounts = cap_collections(accounts, COLLECTION_ROWS, generator)
    views = [accounts.columns, catalogue_view(accounts.columns)]
    views += [hide_facts(accounts.columns, generator) for _ in range(HIDDEN_COPIES)]
    weights = balanced_weights(accounts.labels, accounts.collections)
    dataset = lgb.Dataset(
        np.vstack([features_from_columns(view) for view in views]),
        np.tile(accounts.labels, len(views)),
        weight=np.tile(weights, len(views)),
        feature_name=list(FEATURES),
    )
    # on small data a second thread waits more than it works
    threads = 2 if len(accounts) > 5000 else 1
    parameters = {**PARAMETERS, "seed": random_state, "num_threads": threads}
    return lgb.train(parameters, dataset, rounds or ROUNDS)


def fit_baseline(accounts: LabelledAccounts, random_state: int) -> Scorer:
    """Logistic regression on the same features, medians and indicators for the unknown."""
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


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure on unseen collections, then fit on everything and write the artefact.

    :raises TableError: unreadable files, or fewer than two collections with both labels.
    """
    table, rows = read_accounts(files)
    accounts = labelled_accounts(table)
    _check_trainable(accounts)

    def fit(part: LabelledAccounts) -> Scorer:
        return _scorer(fit_booster(part, random_state))

    def fit_simple(part: LabelledAccounts) -> Scorer:
        return fit_baseline(part, random_state)

    held_out = leave_one_collection_out(accounts, fit, random_state)
    settings = choose_settings(held_out)
    honest = honest_probabilities(held_out)
    unseen = figures_by_collection(held_out, honest, settings, "full")
    slices = {f"unseen/{name}": figures for name, figures in unseen.items()}
    for name, figures in figures_by_collection(held_out, honest, settings, "catalogue").items():
        slices[f"unseen_catalogue_facts/{name}"] = figures
    others = {
        "baseline_unseen": leave_one_collection_out(
            accounts, fit_simple, random_state, views=False
        ),
        "seen": grouped_folds(accounts, fit, random_state),
        "baseline_seen": grouped_folds(accounts, fit_simple, random_state),
    }
    for prefix, scored in others.items():
        by_collection = figures_by_collection(
            scored, honest_probabilities(scored), settings, "full"
        )
        slices |= {f"{prefix}/{name}": figures for name, figures in by_collection.items()}

    booster = fit_booster(accounts, random_state)
    overall = mean_figures(unseen)
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={
            MODEL_FILE: booster.model_to_string().encode(),
            SETTINGS_FILE: artifacts.document_to_bytes(settings.to_json()),
        },
        metadata=artifacts.Metadata(
            algorithm="LightGBM binary, monotone constraints, facts hidden at random",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(path, rows=count, licence=LICENCE)
                for path, count in zip(files, rows, strict=True)
            ],
            metrics=overall,
            metrics_by_slice=slices,
            feature_importance=_importance(booster),
            holdout=TASK.holdout(
                "leave one collection out, mean over collections", files=files, metrics=overall
            ),
            extra={
                "settings": settings.to_json(),
                "rows_without_duplicates": len(accounts),
                "levels_unseen": level_figures(held_out, honest, settings),
            },
        ),
    )


def evaluate(model: AuthenticityModel, file: Path) -> Evaluation:
    """Figures on a file; `abstained` is the share of rows without enough evidence.

    :raises TableError: see `read_accounts`.
    """
    table, _ = read_accounts([file])
    probabilities, abstained = model.probabilities(table.columns)
    return Evaluation(
        rows=table.rows,
        metrics=classification_figures(table.number("is_fake"), probabilities, ~abstained),
    )


def _scorer(booster: lgb.Booster) -> Scorer:
    return lambda columns: np.asarray(
        booster.predict(
            features_from_columns(columns), raw_score=True, num_threads=prediction_threads(columns)
        )
    )


def _check_trainable(accounts: LabelledAccounts) -> None:
    complete = [
        collection
        for collection in np.unique(accounts.collections)
        if len(np.unique(accounts.labels[accounts.collections == collection])) == 2
    ]
    if len(complete) < 2:
        raise TableError(
            "Training needs labelled rows (column is_fake) of at least two collections (column "
            f"source), each with fake and genuine accounts; found {len(complete)}."
        )


def _importance(booster: lgb.Booster) -> dict[str, float]:
    gains = booster.feature_importance("gain")
    order = np.argsort(-gains)
    return {FEATURES[i]: round(float(gains[i] / gains.sum()), 4) for i in order}


TASK: Final = TaskSpec(
    name="authenticity",
    metric_names=(
        "auc",
        "precision_at_recall_85",
        "recall_at_precision_95",
        "calibration_error",
        "abstained",
    ),
    primary_metric="auc",
    higher_is_better=True,
    train=train,
    load=AuthenticityModel.from_artifact,
    evaluate=evaluate,
)
