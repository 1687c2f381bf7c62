"""Deep detectors beside a trained ensemble: learned, calibrated and measured like the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from scoring.ml.engagement.calibrating import Scored, calibrate
from scoring.ml.engagement.deep import DEEP_MODULES, untrained
from scoring.ml.engagement.detecting import Detector, TrainedDetector
from scoring.ml.engagement.ensemble import pooled
from scoring.ml.engagement.evaluation import Figures, figures_of, judge
from scoring.ml.engagement.examples import Material
from scoring.ml.engagement.fitting import Example
from scoring.ml.engagement.model import EngagementModel

MOST_EXAMPLES: Final = 12_500
"""That a network learns from; 6,000 and twelve epochs find fewer attacks in hourly posts."""


def fit_detectors(training: Sequence[Example], *, random_state: int) -> dict[str, TrainedDetector]:
    """All of `DEEP_MODULES`, on the same examples.

    :raises ValueError: too few examples to learn from.
    """
    rng = np.random.default_rng(random_state)
    chosen = np.sort(rng.permutation(len(training))[:MOST_EXAMPLES])
    learned = [training[place].labelled for place in chosen]
    return {name: untrained(name).fit(learned, random_state=random_state) for name in DEEP_MODULES}


def with_detectors(
    model: EngagementModel, detectors: dict[str, TrainedDetector], validation: Sequence[Example]
) -> EngagementModel:
    """The model, to be asked for these detectors too, each calibrated on validation examples."""
    calibrations = dict(model.settings.calibrations)
    for name, detector in detectors.items():
        scored = scored_by(detector, validation)
        if scored.is_telling:
            calibrations[name] = calibrate(scored)
    return EngagementModel(
        ensemble=model.ensemble,
        settings=replace(model.settings, calibrations=calibrations),
        version=model.version,
        feature_set=model.feature_set,
        trained=detectors,
    )


def scored_by(detector: Detector, examples: Sequence[Example]) -> Scored:
    """Logarithms of the detector's scores and the highest of each series."""
    steps = [np.log1p(detector.score(example.labelled.series)) for example in examples]
    return Scored(examples, np.array([pooled(own) for own in steps]), steps)


def detector_slices(model: EngagementModel, material: Material) -> dict[str, Figures]:
    """Each trained detector by itself, on sets that the ensemble is measured on."""
    parts = {
        "injected_real": material.injected_real,
        "real_organic": material.real_test,
        "unseen_attacks/injected_real": material.injected_real_unseen,
        "unseen_attacks/simulated": material.simulated_unseen,
    }
    return {
        f"detector_{name}/{part}": figures_of(judge(model, examples, detector=name))
        for name in model.detectors
        if name in model.trained
        for part, examples in parts.items()
    }
