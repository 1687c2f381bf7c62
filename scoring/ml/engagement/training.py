"""Training and measuring the engagement model.

The real series are cut by time: the earliest 60 % of the videos train, the next 20 % set
calibration and thresholds, the last 20 % are only measured on. Fake series are made: attacks
planted in real series, and simulated posts. The kinds of measurement are never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from scoring.ml import artifacts
from scoring.ml.engagement import evaluation
from scoring.ml.engagement.calibrating import calibrate, scored_by_detector, scored_by_ensemble
from scoring.ml.engagement.deep_training import detector_slices, fit_detectors, with_detectors
from scoring.ml.engagement.ensemble import CHEAP_DETECTORS, Ensemble
from scoring.ml.engagement.examples import FEWEST_POINTS, gather
from scoring.ml.engagement.features import FEATURE_SET
from scoring.ml.engagement.fitting import Example, fit_ensemble
from scoring.ml.engagement.measuring import all_slices, leave_one_attack_out
from scoring.ml.engagement.model import (
    ENSEMBLE,
    SERIES_FILE,
    SETTINGS_FILE,
    STEP_FILE,
    EngagementModel,
)
from scoring.ml.engagement.settings import EngagementSettings
from scoring.ml.tasks import TaskSpec

PROTOCOL: Final = (
    "attacks injected into half of the real videos of the last 20 % by time; trained on the "
    "earliest 60 %, thresholds from the 20 % between"
)
LICENCE: Final = "none in mirror (original: CC0 as reported)"


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Fit, calibrate, measure and write the artefact.

    :raises scoring.ml.tables.TableError: unreadable files, or too few series in them.
    """
    material, rows = gather(files, random_state=random_state)
    model = fit_model(material.training, material.validation, random_state=random_state)
    detectors = fit_detectors(material.training, random_state=random_state)
    model = with_detectors(model, detectors, material.validation)
    slices = all_slices(model, material) | detector_slices(model, material)
    fit_alone = partial(fit_model, detectors=())
    slices |= leave_one_attack_out(material, fit_alone, random_state=random_state)
    figures = dict(slices["injected_real"])
    figures["false_alarm_rate"] = slices["real_organic"]["false_alarm_rate"]
    settings = replace(model.settings, false_alarm_rate=figures["false_alarm_rate"] or 0.0)
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={
            STEP_FILE: model.ensemble.step_booster.model_to_string().encode(),
            SERIES_FILE: model.ensemble.series_booster.model_to_string().encode(),
            SETTINGS_FILE: artifacts.document_to_bytes(settings.to_json()),
            **{name: file for own in detectors.values() for name, file in own.to_files().items()},
        },
        metadata=artifacts.Metadata(
            algorithm="LightGBM over steps, then LightGBM over series; Platt scaling",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(path, rows=count, licence=LICENCE)
                for path, count in zip(files, rows, strict=True)
            ],
            metrics=figures,
            metrics_by_slice=slices,
            feature_importance=_importance(model.ensemble),
            holdout=TASK.holdout(PROTOCOL, files=files, metrics=figures),
            extra={"examples": material.sizes(), "fewest_points": FEWEST_POINTS},
        ),
    )


def fit_model(
    training: Sequence[Example],
    validation: Sequence[Example],
    *,
    random_state: int,
    detectors: Sequence[str] = CHEAP_DETECTORS,
) -> EngagementModel:
    """A calibrated model, not yet an artefact; `detectors` can also be asked by themselves."""
    ensemble = fit_ensemble(training, random_state=random_state)
    calibrations = {ENSEMBLE: calibrate(scored_by_ensemble(validation, ensemble))}
    for name in detectors:
        scored = scored_by_detector(validation, name)
        if scored.is_telling:  # short posts alone cannot calibrate what needs long ones
            calibrations[name] = calibrate(scored)
    first = training[0].view
    settings = EngagementSettings(
        detectors=CHEAP_DETECTORS,
        step_features=tuple(first.columns),
        series_features=tuple(ensemble.series_booster.feature_name()),
        calibrations=calibrations,
        fewest_points=FEWEST_POINTS,
        false_alarm_rate=0.0,
    )
    return EngagementModel(
        ensemble=ensemble, settings=settings, version="unsaved", feature_set=FEATURE_SET
    )


def _importance(ensemble: Ensemble) -> dict[str, float]:
    booster = ensemble.series_booster
    gains = booster.feature_importance("gain")
    shares = dict(zip(booster.feature_name(), gains / max(gains.sum(), 1e-9), strict=True))
    return {
        name: round(float(shares[name]), 4) for name in sorted(shares, key=lambda n: -shares[n])
    }


TASK: Final = TaskSpec(
    name="engagement",
    metric_names=evaluation.METRIC_NAMES,
    primary_metric="auc",
    higher_is_better=True,
    train=train,
    load=EngagementModel.from_artifact,
    evaluate=evaluation.evaluate,
    answers=evaluation.answers,
)
