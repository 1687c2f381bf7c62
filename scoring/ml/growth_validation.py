"""How the growth model is judged, beside simpler scores and under harder conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import lightgbm as lgb
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import RobustScaler

from scoring.ml import metrics
from scoring.ml.growth_attacks import KINDS, inject
from scoring.ml.growth_features import FEATURES
from scoring.ml.growth_model import GrowthModel, GrowthSettings
from scoring.ml.growth_samples import SMALLEST_ATTACK, Samples
from scoring.ml.growth_series import DeclaredEvent, GrowthSeries
from scoring.ml.growth_simulation import CAUSES, START, observe, simulate_organic

Figures = dict[str, float | None]
Fit = Callable[[np.ndarray, np.ndarray, np.ndarray, int], lgb.Booster]
FOLDS: Final = 5
SIZES: Final = ((0.02, 0.05), (0.05, 0.1), (0.1, 0.3), (0.3, 1.0), (1.0, np.inf))
DECLARED_ACCOUNTS: Final = 400


def figures(
    labels: np.ndarray,
    probability: np.ndarray,
    settings: GrowthSettings,
    weight: np.ndarray | None,
    *,
    abstained: int,
) -> dict[str, float | int | None]:
    """The task's metrics of (n,) rows; `false_alarm_rate` is the share of organic ones high."""
    organic = labels == 0
    weight = np.ones(len(labels)) if weight is None else weight
    alarms = None
    if organic.any():
        high = probability[organic] >= settings.high_from
        alarms = float(np.average(high, weights=weight[organic]))
    return {
        "auc": metrics.auc(labels, probability, weight),
        "precision_at_recall_85": metrics.precision_at_recall(labels, probability, 0.85, weight),
        "false_alarm_rate": alarms,
        "calibration_error": metrics.calibration_error(labels, probability, weight),
        "abstained": abstained,
    }


def grouped_folds(group: np.ndarray, random_state: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows to learn from and to judge; no group is in both."""
    folds = GroupKFold(FOLDS, shuffle=True, random_state=random_state)
    yield from folds.split(np.zeros(len(group)), groups=group)


def slices(
    samples: Samples, probability: np.ndarray, settings: GrowthSettings
) -> dict[str, Figures]:
    """Figures by origin, by attack and its size (against all organic rows), by honest cause."""
    organic = samples.labels == 0
    masks = {"real_weekly": samples.is_real, "simulated": ~samples.is_real}
    for kind in KINDS:
        masks[f"attack_{kind}"] = organic | (samples.kind == kind)
    for low, high in SIZES:
        name = f"attack_from_{low:.0%}".replace("%", "_percent")
        masks[name] = organic | ((samples.size >= low) & (samples.size < high))
    for cause in ("", *CAUSES):
        masks[f"organic_{cause or 'without_cause'}"] = (
            organic & ~samples.is_real & (samples.cause == cause)
        )
    return {name: _figures(samples, probability, settings, mask) for name, mask in masks.items()}


def baseline_scores(samples: Samples, random_state: int) -> dict[str, Figures]:
    """AUC of simpler scores on the same rows and folds."""
    scores = {
        "baseline_monthly_growth": samples.features[:, FEATURES.index("monthly_growth")],
        "baseline_spike_share": samples.features[:, FEATURES.index("spike_share")],
        "baseline_logistic_regression": np.zeros(len(samples)),
    }
    for known, unseen in grouped_folds(samples.group, random_state):
        pipeline = make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True),
            RobustScaler(),
            LogisticRegression(C=0.1, max_iter=2000),
        )
        # RobustScaler leaves heavy tails, which one row must not decide by.
        features = np.clip(samples.features, -20, 20)
        pipeline.fit(
            features[known],
            samples.labels[known],
            logisticregression__sample_weight=samples.weight[known],
        )
        scores["baseline_logistic_regression"][unseen] = pipeline.decision_function(
            features[unseen]
        )
    return {
        name: {"auc": metrics.auc(samples.labels, values, samples.weight)}
        for name, values in scores.items()
    }


def unseen_kinds(samples: Samples, random_state: int, fit: Fit) -> dict[str, Figures]:
    """AUC on each kind of attack for a model that saw neither the kind nor the group."""
    known, unseen = next(grouped_folds(samples.group, random_state))
    answers: dict[str, Figures] = {}
    for kind in KINDS:
        rows = known[samples.kind[known] != kind]
        booster = fit(
            samples.features[rows], samples.labels[rows], samples.weight[rows], random_state
        )
        judged = unseen[(samples.labels[unseen] == 0) | (samples.kind[unseen] == kind)]
        raw = np.asarray(booster.predict(samples.features[judged], raw_score=True, num_threads=1))
        auc = metrics.auc(samples.labels[judged], raw, samples.weight[judged])
        answers[f"unseen_{kind}"] = {"auc": auc}
    return answers


def declared_figures(model: GrowthModel, rng: np.random.Generator) -> dict[str, Figures]:
    """What declaring a cause changes, on simulated accounts the model never saw.

    Shares judged high and low without and with a declaration nobody has looked at: of honest
    accounts that declare their real cause, and of attacked ones that declare a viral post for
    the very days bots came.
    """
    honest: list[tuple[GrowthSeries, DeclaredEvent]] = []
    bought: list[tuple[GrowthSeries, DeclaredEvent]] = []
    for _ in range(DECLARED_ACCOUNTS):
        history = simulate_organic(rng)
        if history.cause and history.cause_days:
            series = observe(rng, history.followers, history.interactions)
            honest.append((series, _declared(history.cause, *history.cause_days)))
            continue
        days = np.arange(len(history.followers), dtype=float)
        attack = inject(rng, days, history.followers, history.interactions, "step")
        if attack.size >= SMALLEST_ATTACK:
            day = int(np.argmax(np.diff(attack.followers - history.followers)))
            series = observe(rng, attack.followers, attack.interactions)
            bought.append((series, _declared("viral_post", day, day + 2)))
    return {
        f"declared_by_{name}": {
            "high_without": _share(model, pairs, "high", with_events=False),
            "high_with": _share(model, pairs, "high", with_events=True),
            "low_without": _share(model, pairs, "low", with_events=False),
            "low_with": _share(model, pairs, "low", with_events=True),
        }
        for name, pairs in (("honest", honest), ("bought", bought))
    }


def _declared(kind: str, first: int, last: int) -> DeclaredEvent:
    day = START.item()
    return DeclaredEvent(
        id=1,
        kind=kind,  # type: ignore[arg-type]
        state="declared",
        starts_on=day + timedelta(days=first),
        ends_on=day + timedelta(days=last),
    )


def _share(
    model: GrowthModel,
    pairs: list[tuple[GrowthSeries, DeclaredEvent]],
    level: str,
    *,
    with_events: bool,
) -> float:
    answers = model.assess(
        [series for series, _ in pairs], [[event] if with_events else [] for _, event in pairs]
    )
    return float(np.mean([answer.level == level for answer in answers if not answer.abstained]))


def _figures(
    samples: Samples, probability: np.ndarray, settings: GrowthSettings, mask: np.ndarray
) -> Figures:
    found = figures(
        samples.labels[mask], probability[mask], settings, samples.weight[mask], abstained=0
    )
    attacked = mask & (samples.labels == 1)
    found["found_high"] = (
        float(np.mean(probability[attacked] >= settings.high_from)) if attacked.any() else None
    )
    return {name: value for name, value in found.items() if name != "abstained"}
