"""Measuring an engagement model on series with or without labels.

Series-level figures: a video is fake if any of its rows is. Precision, recall, F1 and the
false positive rate are taken at the flag threshold the version ships with. Series the model
abstains from, and series refused as no series of counts, are left out of these figures;
`abstained` is their share of all. `vus_pr` is over steps, on fake series in which not every
step is fake. `false_alarm_rate` is the share of all judged series labelled organic that are
flagged, so it works on a file that is organic alone, where the figures that need both labels
are None. Nothing is point-adjusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from scoring.ml import metrics, range_metrics
from scoring.ml.engagement.answers import EngagementAssessment, FlaggedWindow
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.model import ENSEMBLE, EngagementModel
from scoring.ml.engagement.reading import read_series
from scoring.ml.engagement.series import EngagementSeries
from scoring.ml.tasks import Answer, Evaluation

METRIC_NAMES: Final = (
    "auc",
    "precision",
    "recall",
    "f1",
    "fpr",
    "vus_pr",
    "false_alarm_rate",
    "localisation_hours",
    "abstained",
)
LONGEST_BUFFER: Final = 2
"""Steps by which the edges of true windows are blurred at most for VUS-PR."""
BATCH: Final = 500

Figures = dict[str, float | int | None]


@dataclass(frozen=True)
class Judged:
    """An answer beside the truth, as far as that is known; `fake_steps` of shape (n - 1,)."""

    series: EngagementSeries
    assessment: EngagementAssessment
    is_fake: bool | None
    fake_steps: np.ndarray | None


def judge(
    model: EngagementModel, examples: Sequence[LabelledSeries], *, detector: str = ENSEMBLE
) -> list[Judged]:
    """The model's answers to labelled series."""
    answers = model.assess([example.series for example in examples], detector=detector)
    return [
        Judged(example.series, answer, example.is_fake, example.fake_steps)
        for example, answer in zip(examples, answers, strict=True)
    ]


def figures_of(judged: Sequence[Judged], *, refused: int = 0) -> Figures:
    """All of `METRIC_NAMES`, None where the series cannot support one.

    :param refused: further series that could not even be read; they count as abstained.
    """
    total = len(judged) + refused
    answered = [one for one in judged if not one.assessment.abstained]
    labelled = [one for one in answered if one.is_fake is not None]
    fake = np.array([bool(one.is_fake) for one in labelled], dtype=bool)
    flagged = np.array([one.assessment.flagged for one in labelled], dtype=bool)
    figures: Figures = dict.fromkeys(METRIC_NAMES)
    figures["abstained"] = (total - len(answered)) / total if total else None
    if labelled and not fake.all():
        figures["false_alarm_rate"] = float(flagged[~fake].mean())
    if fake.any() and not fake.all():
        probabilities = np.array([one.assessment.probability for one in labelled], dtype=float)
        hits = int((fake & flagged).sum())
        precision = hits / int(flagged.sum()) if flagged.any() else None
        recall = hits / int(fake.sum())
        figures |= {
            "auc": metrics.auc(fake, probabilities),
            "precision": precision,
            "recall": recall,
            "f1": 2 * hits / int(fake.sum() + flagged.sum()),
            "fpr": figures["false_alarm_rate"],
        }
    return figures | _step_figures([one for one in labelled if one.is_fake])


def _step_figures(fake: Sequence[Judged]) -> Figures:
    """Figures of the steps of fake series in which some steps are fake and some are not."""
    telling = [
        (one, one.fake_steps)
        for one in fake
        if one.fake_steps is not None and one.fake_steps.any() and not one.fake_steps.all()
    ]
    if not telling:
        return {"vus_pr": None, "localisation_hours": None}
    truths = [truth for _, truth in telling]
    return {
        "vus_pr": range_metrics.mean_vus_pr(
            truths,
            [one.assessment.step_scores for one, _ in telling],
            longest_buffer=LONGEST_BUFFER,
        ),
        "localisation_hours": range_metrics.localisation_hours(
            [one.series.hours[:-1] for one, _ in telling],
            truths,
            [flagged_steps(one.assessment) for one, _ in telling],
        ),
    }


def flagged_steps(assessment: EngagementAssessment) -> np.ndarray:
    """Steps inside a window of a flagged series, shape (n - 1,)."""
    steps = np.zeros(len(assessment.step_scores), dtype=bool)
    if assessment.flagged:
        for window in assessment.windows:
            steps[window.first : window.last + 1] = True
    return steps


def evaluate(model: EngagementModel, file: Path) -> Evaluation:
    """Figures on a file, see above; without any label also `flagged`, the share flagged.

    :raises scoring.ml.tables.TableError: see `read_series`.
    """
    read = read_series(file)
    judged: list[Judged] = []
    for start in range(0, len(read.series), BATCH):
        batch = read.series[start : start + BATCH]
        answers = model.assess([one.series for one in batch])
        judged.extend(
            Judged(one.series, answer, one.is_fake, one.fake_steps)
            for one, answer in zip(batch, answers, strict=True)
        )
    figures = figures_of(judged, refused=len(read.refused))
    if all(one.is_fake is None for one in judged):
        answered = [one.assessment.flagged for one in judged if not one.assessment.abstained]
        figures["flagged"] = float(np.mean(answered)) if answered else None
    return Evaluation(rows=read.rows, metrics=figures)


def answers(model: EngagementModel, file: Path) -> Iterator[Answer]:
    """One answer per series of a file, the refused ones last, as abstentions.

    :raises scoring.ml.tables.TableError: see `read_series`.
    """
    read = read_series(file)
    for start in range(0, len(read.series), BATCH):
        batch = [one.series for one in read.series[start : start + BATCH]]
        yield from (_answer(assessment) for assessment in model.assess(batch))
    for refused in read.refused:
        yield Answer(
            id=refused.series_id,
            score=None,
            level=None,
            abstained=True,
            reasons=(refused.reason.message,),
        )


def _answer(assessment: EngagementAssessment) -> Answer:
    reasons: Iterable[str] = (reason.text for reason in assessment.reasons)
    if assessment.abstain_reason is not None:
        reasons = (assessment.abstain_reason,)
    return Answer(
        id=assessment.series_id,
        score=assessment.score,
        level=assessment.level,
        abstained=assessment.abstained,
        reasons=tuple(reasons),
        # of a series that is not flagged they are hours that stand out, not an alarm
        windows=tuple(map(_window_as_json, assessment.windows)) if assessment.flagged else (),
    )


def _window_as_json(window: FlaggedWindow) -> dict[str, Any]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return {
        "starts_at": (epoch + timedelta(hours=window.starts)).isoformat(),
        "ends_at": (epoch + timedelta(hours=window.ends)).isoformat(),
        "metrics": list(window.metrics),
        "pattern": window.pattern,
        "sentence": window.sentence,
    }
