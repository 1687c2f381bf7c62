"""Training and evaluating the authenticity model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np

from scoring.ml import artifacts
from scoring.ml.authenticity import LINEAR_FILE, MODEL_FILE, SETTINGS_FILE, AuthenticityModel
from scoring.ml.authenticity_answers import answers
from scoring.ml.authenticity_data import (
    LabelledAccounts,
    labelled_accounts,
    read_accounts,
    read_training_accounts,
)
from scoring.ml.authenticity_features import FEATURE_SET, FEATURES
from scoring.ml.authenticity_fitting import (
    TREE_WEIGHT,
    Scorer,
    fit_baseline,
    fit_booster,
    fit_members,
    fit_scorer,
)
from scoring.ml.authenticity_validation import (
    choose_settings,
    classification_figures,
    figures_by_collection,
    figures_by_slice,
    folds_inside_collections,
    grouped_folds,
    honest_probabilities,
    leave_one_collection_out,
    level_figures,
    mean_figures,
)
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

__all__ = ["LICENCE", "TASK", "evaluate", "fit_booster", "train"]

LICENCE: Final = (
    "mixed: none stated (purba2020, kaggle696), CC BY-NC 4.0 (instafake2019), "
    "GPL-3.0 repository (pellegrini2020), research use (mib2015)"
)


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure on unseen collections, then fit on everything and write the artefact.

    :raises TableError: unreadable files, or fewer than two collections with both labels.
    """
    table, rows = read_training_accounts(files)
    accounts = labelled_accounts(table)
    _check_trainable(accounts)

    def fit(part: LabelledAccounts) -> Scorer:
        return fit_scorer(part, random_state)

    def fit_simple(part: LabelledAccounts) -> Scorer:
        return fit_baseline(part, random_state)

    held_out = leave_one_collection_out(accounts, fit, random_state)
    settings = choose_settings(held_out, TREE_WEIGHT)
    honest = honest_probabilities(held_out)
    unseen = figures_by_collection(held_out, honest, settings, "full")
    slices = {f"unseen/{name}": figures for name, figures in unseen.items()}
    for name, figures in figures_by_collection(held_out, honest, settings, "catalogue").items():
        slices[f"unseen_catalogue_facts/{name}"] = figures
    slices |= figures_by_slice(accounts, held_out, honest)
    others = {
        "baseline_unseen": leave_one_collection_out(
            accounts, fit_simple, random_state, views=False
        ),
        "seen": grouped_folds(accounts, fit, random_state),
        "baseline_seen": grouped_folds(accounts, fit_simple, random_state),
        "inside": folds_inside_collections(accounts, fit, random_state),
        "baseline_inside": folds_inside_collections(accounts, fit_simple, random_state),
    }
    for prefix, scored in others.items():
        by_collection = figures_by_collection(
            scored, honest_probabilities(scored), settings, "full"
        )
        slices |= {f"{prefix}/{name}": figures for name, figures in by_collection.items()}

    booster, linear = fit_members(accounts, random_state)
    overall = mean_figures(unseen)
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={
            MODEL_FILE: booster.model_to_string().encode(),
            LINEAR_FILE: artifacts.document_to_bytes(linear.to_json()),
            SETTINGS_FILE: artifacts.document_to_bytes(settings.to_json()),
        },
        metadata=artifacts.Metadata(
            algorithm="monotone LightGBM and sign-constrained logistic regression, averaged",
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
                "linear_slopes": {
                    name: round(slope, 3)
                    for name, slope in zip(linear.names, linear.slopes, strict=True)
                },
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
        metrics=classification_figures(
            table.number("is_fake"), probabilities, ~abstained, model.log_odds(table.columns)
        ),
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
    answers=answers,
)
