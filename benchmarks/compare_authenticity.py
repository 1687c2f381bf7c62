"""The authenticity model beside simpler ways of using the same labelled accounts.

    python -m benchmarks.compare_authenticity --data accounts_labelled.csv.gz [--rows 6000]

Two tables. `unseen`: trained on all collections but one, tested on that one, for each in
turn. `inside`: five grouped folds within each collection alone. Everybody reads the same
features. `single_source` trains this model on one collection only and tests it on each
other; `best_single_source` is the collection that did best on average over the others.
XGBoost is optional: pip install -r benchmarks/requirements.txt. `--rows` caps the rows per
collection, for training and testing alike. The last line of stdout is one JSON object.
"""

import argparse
import json
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from scipy.special import expit, logit
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from scoring.ml.authenticity_data import (
    LabelledAccounts,
    balanced_weights,
    cap_collections,
    labelled_accounts,
    read_accounts,
)
from scoring.ml.authenticity_features import KNOWN_FEATURES, features_from_columns
from scoring.ml.authenticity_fitting import Scorer, fit_scorer
from scoring.ml.authenticity_validation import (
    HeldOut,
    classification_figures,
    folds_inside_collections,
    leave_one_collection_out,
    mean_figures,
)

SEED = 42
THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
Fit = Callable[[LabelledAccounts], Scorer]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=12_000, help="cap per collection")
    parser.add_argument("--skip-inside", action="store_true")
    options = parser.parse_args()
    table, _ = read_accounts([options.data])
    accounts = cap_collections(labelled_accounts(table), options.rows, np.random.default_rng(SEED))
    unseen, inside = {}, {}
    for name, fit in competitors().items():
        unseen[name] = summary(leave_one_collection_out(accounts, fit, SEED, views=False))
        print(name, "unseen", unseen[name]["mean"], flush=True)
        if not options.skip_inside:
            inside[name] = summary(folds_inside_collections(accounts, fit, SEED))
            print(name, "inside", inside[name]["mean"], flush=True)
    singles = single_sources(accounts)
    best = max(singles, key=lambda name: singles[name]["mean"]["auc"])
    print(
        json.dumps(
            {
                "benchmark": "compare_authenticity",
                "rows": {
                    str(name): int((accounts.collections == name).sum())
                    for name in np.unique(accounts.collections)
                },
                "unseen": unseen,
                "inside": inside,
                "single_source": singles,
                "best_single_source": {
                    "trained_on": best,
                    **singles[best]["mean"],
                    "ours_on_the_same": mean_of(unseen["ours"], leaving_out=best),
                },
            }
        )
    )


def competitors() -> dict[str, Fit]:
    """Ours, the pooled naive model, and the usual ones: plain, and with balanced weights."""
    fits: dict[str, Fit] = {"ours": lambda accounts: fit_scorer(accounts, SEED)}
    for name, make in estimators().items():
        fits[name] = plain(make, balanced=False)
        fits[f"{name}_balanced"] = plain(make, balanced=True)
    return fits


def estimators() -> dict[str, Callable[[], Any]]:
    def imputer() -> SimpleImputer:
        return SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)

    makers: dict[str, Callable[[], Any]] = {
        "lightgbm": lambda: lgb.LGBMClassifier(
            n_estimators=250,
            learning_rate=0.05,
            num_leaves=15,
            random_state=SEED,
            n_jobs=THREADS,
            verbose=-1,
        ),
        "logistic_regression": lambda: make_pipeline(
            imputer(), StandardScaler(), LogisticRegression(max_iter=2000)
        ),
        "random_forest": lambda: make_pipeline(
            imputer(),
            RandomForestClassifier(
                n_estimators=300, min_samples_leaf=3, random_state=SEED, n_jobs=THREADS
            ),
        ),
    }
    if find_spec("xgboost"):
        makers["xgboost"] = lambda: import_module("xgboost").XGBClassifier(
            n_estimators=250,
            learning_rate=0.05,
            max_depth=5,
            tree_method="hist",
            random_state=SEED,
            n_jobs=THREADS,
        )
    return makers


def plain(make: Callable[[], Any], *, balanced: bool) -> Fit:
    """Fit on the rows as they are; `balanced` weighs collections and classes the same."""

    def fit(accounts: LabelledAccounts) -> Scorer:
        model = make()
        features = features_from_columns(accounts.columns, KNOWN_FEATURES)
        weights = (
            balanced_weights(accounts.labels, accounts.collections, size_exponent=0.0)
            if balanced
            else np.ones(len(accounts))
        )
        step = f"{model.steps[-1][0]}__" if hasattr(model, "steps") else ""
        model.fit(features, accounts.labels, **{f"{step}sample_weight": weights})

        def score(columns: Mapping[str, np.ndarray]) -> np.ndarray:
            rows = features_from_columns(columns, KNOWN_FEATURES)
            shares = np.clip(model.predict_proba(rows)[:, 1], 1e-6, 1 - 1e-6)
            return np.asarray(logit(shares))

        return score

    return fit


def single_sources(accounts: LabelledAccounts) -> dict[str, Any]:
    """This model trained on one collection alone, tested on each of the others."""
    result = {}
    for source in np.unique(accounts.collections):
        own = accounts.collections == source
        score = fit_scorer(accounts.take(np.flatnonzero(own)), SEED)
        figures = {}
        for other in np.unique(accounts.collections[~own]):
            rows = accounts.take(np.flatnonzero(accounts.collections == other))
            figures[str(other)] = figures_of(rows.labels, score(rows.columns))
        result[str(source)] = {"mean": mean_figures(figures), "by_collection": figures}
        print("single", source, result[str(source)]["mean"], flush=True)
    return result


def summary(held_out: HeldOut) -> dict[str, Any]:
    figures = {
        str(name): figures_of(
            held_out.labels[held_out.collections == name],
            held_out.scores[held_out.collections == name],
        )
        for name in np.unique(held_out.collections)
    }
    return {"mean": mean_figures(figures), "by_collection": figures}


def mean_of(result: Mapping[str, Any], *, leaving_out: str) -> dict[str, float | None]:
    return mean_figures({k: v for k, v in result["by_collection"].items() if k != leaving_out})


def figures_of(labels: np.ndarray, log_odds: np.ndarray) -> dict[str, float | None]:
    probabilities = np.clip(expit(log_odds), 0.01, 0.99)
    answered = np.ones(len(labels), dtype=bool)
    figures = classification_figures(labels, probabilities, answered, log_odds)
    return {
        name: None if value is None else round(value, 4)
        for name, value in figures.items()
        if name != "abstained"
    }


if __name__ == "__main__":
    main()
