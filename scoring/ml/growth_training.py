"""Training and evaluating the growth model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from scoring.ml import artifacts
from scoring.ml.growth_data import NamedSeries, read_series
from scoring.ml.growth_features import FEATURE_SET, FEATURES
from scoring.ml.growth_model import LIMITS, MODEL_FILE, SETTINGS_FILE, GrowthModel, GrowthSettings
from scoring.ml.growth_samples import Samples, draw_samples
from scoring.ml.growth_validation import (
    baseline_scores,
    declared_figures,
    figures,
    grouped_folds,
    slices,
    unseen_kinds,
)
from scoring.ml.tables import TableError
from scoring.ml.tasks import Answer, Evaluation, TaskSpec

LICENCE: Final = "none stated (yixlu/youtube_subscriptions, 8eef1ba)"
SIMULATED_ACCOUNTS: Final = 3_000
MINIMUM_CHANNELS: Final = 20
ROUNDS: Final = 300
FALSE_ALARMS_ALLOWED: Final = 0.02
MISSED_ALLOWED: Final = 0.10
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "binary",
    "learning_rate": 0.04,
    "num_leaves": 15,
    "min_data_in_leaf": 25,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure by cross-validation over channels, fit on everything and write the artefact.

    :raises TableError: unreadable files, or fewer than `MINIMUM_CHANNELS` organic series.
    """
    read = [read_series(path) for path in files]
    channels = [channel for series in read for channel in series if not channel.is_fake]
    if len(channels) < MINIMUM_CHANNELS:
        raise TableError(
            f"Training needs at least {MINIMUM_CHANNELS} organic series; found {len(channels)}."
        )
    samples = draw_samples(
        channels, simulated=SIMULATED_ACCOUNTS, rng=np.random.default_rng(random_state)
    )
    raw = _cross_validated(samples, random_state)
    settings = _settings(samples, raw)
    probability = np.clip(expit(settings.slope * raw + settings.intercept), *LIMITS)
    booster = fit(samples.features, samples.labels, samples.weight, random_state)
    model = GrowthModel(booster=booster, settings=settings, version=out_dir.name)
    overall = figures(samples.labels, probability, settings, samples.weight, abstained=0)
    by_slice = slices(samples, probability, settings)
    by_slice |= baseline_scores(samples, random_state)
    by_slice |= unseen_kinds(samples, random_state, fit)
    by_slice |= declared_figures(model, np.random.default_rng(random_state + 1))
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={
            MODEL_FILE: booster.model_to_string().encode(),
            SETTINGS_FILE: artifacts.document_to_bytes(settings.to_json()),
        },
        metadata=artifacts.Metadata(
            algorithm="LightGBM on features of unexplained growth, Platt-scaled",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(
                    path, rows=sum(len(channel.series) for channel in series), licence=LICENCE
                )
                for path, series in zip(files, read, strict=True)
            ],
            metrics=overall,
            metrics_by_slice=by_slice,
            feature_importance=_importance(booster),
            holdout=TASK.holdout(
                "5-fold cross-validation grouped by channel, half real weekly series and half "
                "simulated accounts, attacks injected",
                files=files,
                metrics=overall,
            ),
            extra={"samples": len(samples), "simulated_accounts": SIMULATED_ACCOUNTS},
        ),
    )


def evaluate(model: GrowthModel, file: Path) -> Evaluation:
    """Figures on a file's series; one row is one series, judged by its last 365 days.

    Without labels only `false_alarm_rate` and `abstained` are known, and the former is the
    share judged high as if every series were organic.

    :raises TableError: see `read_series`.
    """
    named = read_series(file)
    answers = model.assess([one.series for one in named])
    judged = [
        (one, answer.probability)
        for one, answer in zip(named, answers, strict=True)
        if answer.probability is not None
    ]
    labels = np.array([bool(one.is_fake) for one, _ in judged], dtype=int)
    probability = np.array([value for _, value in judged], dtype=float)
    return Evaluation(
        rows=len(named),
        metrics=figures(
            labels, probability, model.settings, None, abstained=len(named) - len(judged)
        ),
    )


def answers(model: GrowthModel, file: Path) -> Iterator[Answer]:
    """One answer per series. :raises TableError: see `read_series`."""
    named: list[NamedSeries] = read_series(file)
    for one, answer in zip(named, model.assess([one.series for one in named]), strict=True):
        reasons = tuple(reason.text for reason in answer.reasons)
        yield Answer(
            id=one.id,
            score=answer.probability,
            level=answer.level,
            abstained=answer.abstained,
            reasons=(answer.abstain_reason,) if answer.abstain_reason else reasons,
            windows=tuple(
                {
                    "starts_at": spike.starts_on.isoformat(),
                    "ends_at": spike.ends_on.isoformat(),
                    "metrics": ["followers"],
                    "pattern": "spike",
                    "sentence": spike.sentence,
                }
                for spike in answer.unexplained_spikes
                if spike.by_robust_rule
            ),
        )


def fit(
    features: np.ndarray, labels: np.ndarray, weight: np.ndarray, random_state: int
) -> lgb.Booster:
    """:param features: (n, len(FEATURES)). :param labels: (n,) of 0 and 1. :param weight: (n,)."""
    data = lgb.Dataset(features, labels, weight=weight, feature_name=list(FEATURES))
    return lgb.train({**PARAMETERS, "seed": random_state}, data, ROUNDS)


def _cross_validated(samples: Samples, random_state: int) -> np.ndarray:
    """Raw scores of rows by models that never saw their channel or account, (n,)."""
    raw = np.zeros(len(samples))
    for known, unseen in grouped_folds(samples.group, random_state):
        booster = fit(
            samples.features[known], samples.labels[known], samples.weight[known], random_state
        )
        raw[unseen] = np.asarray(
            booster.predict(samples.features[unseen], raw_score=True, num_threads=1)
        )
    return raw


def _settings(samples: Samples, raw: np.ndarray) -> GrowthSettings:
    """Calibration and thresholds from scores of unseen rows, both classes of equal weight."""
    weight = samples.weight.copy()
    for label in (0, 1):
        of_label = samples.labels == label
        weight[of_label] /= weight[of_label].sum()
    # A penalty near none: two parameters and thousands of rows.
    platt = LogisticRegression(C=1e6).fit(
        raw[:, None], samples.labels, sample_weight=weight * len(samples)
    )
    slope, intercept = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    probability = np.asarray(expit(slope * raw + intercept))
    organic = samples.labels == 0
    high = _quantile(probability[organic], weight[organic], 1 - FALSE_ALARMS_ALLOWED)
    low = _quantile(probability[~organic], weight[~organic], MISSED_ALLOWED)
    return GrowthSettings(
        slope=slope,
        intercept=intercept,
        high_from=round(high, 4),
        low_below=round(min(low, high), 4),
    )


def _quantile(values: np.ndarray, weight: np.ndarray, share: float) -> float:
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order]) / weight.sum()
    place = min(int(np.searchsorted(cumulated, share)), len(values) - 1)
    return float(values[order][place])


def _importance(booster: lgb.Booster) -> dict[str, float]:
    gains = booster.feature_importance("gain")
    return {
        FEATURES[i]: round(float(gains[i] / max(gains.sum(), 1e-12)), 4) for i in np.argsort(-gains)
    }


TASK: Final = TaskSpec(
    name="growth",
    metric_names=(
        "auc",
        "precision_at_recall_85",
        "false_alarm_rate",
        "calibration_error",
        "abstained",
    ),
    primary_metric="auc",
    higher_is_better=True,
    train=train,
    load=GrowthModel.from_artifact,
    evaluate=evaluate,
    answers=answers,
)
