"""Training and evaluating the share of fake followers, on collections left out one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from scoring.ml import artifacts
from scoring.ml.authenticity_data import (
    LabelledAccounts,
    labelled_accounts,
    read_accounts,
    read_training_accounts,
)
from scoring.ml.authenticity_fitting import Scorer, fit_scorer
from scoring.ml.authenticity_training import LICENCE
from scoring.ml.authenticity_validation import (
    HeldOut,
    honest_probabilities,
    leave_one_collection_out,
)
from scoring.ml.follower_sample import (
    BINS,
    DENSITIES_FILE,
    NOMINAL,
    RICHNESS,
    FollowerSampleModel,
    count_scores,
)
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

FEATURE_SET: Final = "follower-scores-1"
KNOWN_FACTS: Final = 3
SIZES: Final = (50, 200, 1000)
KNOWN_SHARES: Final = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
REPEATS: Final = 30
RANDOM_STATE: Final = 42
PROTOCOL: Final = "samples of known shares from a collection left out, mean over collections"


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Score every collection by a model that has not seen it, and keep how each class scores.

    :raises TableError: unreadable files, or fewer than three collections with both labels:
        one is left out to measure, and two must remain to disagree.
    """
    accounts, rows = _labelled(files)
    scored = _score_unseen(accounts, random_state)
    slices = measure_by_collection(scored, random_state)
    overall = _mean(slices)
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={
            DENSITIES_FILE: artifacts.arrays_to_bytes(
                {"fake": _counts(scored, 1), "genuine": _counts(scored, 0)}
            )
        },
        metadata=artifacts.Metadata(
            algorithm="mixture of score densities, one pair per collection, posterior on a grid",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(path, rows=count, licence=LICENCE)
                for path, count in zip(files, rows, strict=True)
            ],
            metrics=overall,
            metrics_by_slice={f"unseen/{name}": figures for name, figures in slices.items()},
            feature_importance={},
            holdout=TASK.holdout(PROTOCOL, files=files, metrics=overall),
            extra={
                "collections": _names(scored),
                "known_shares": list(KNOWN_SHARES),
                "repeats": REPEATS,
                "naive": _mean(measure_by_collection(scored, random_state, naive=True)),
            },
        ),
    )


def evaluate(model: FollowerSampleModel, file: Path) -> Evaluation:
    """Figures of the method on a file of labelled accounts, each collection left out in turn.

    The densities are those of the other collections of the file, not the model's own, which
    may come from the same accounts. All metrics are None with fewer than three collections.
    """
    table, _ = read_accounts([file])
    accounts = labelled_accounts(table)
    if len(_complete(accounts)) < 3:
        return Evaluation(rows=table.rows, metrics=dict.fromkeys(TASK.metric_names))
    scored = _score_unseen(accounts, RANDOM_STATE)
    return Evaluation(rows=table.rows, metrics=_mean(measure_by_collection(scored, RANDOM_STATE)))


def measure_by_collection(
    scored: HeldOut, random_state: int, *, naive: bool = False
) -> dict[str, dict[str, float | None]]:
    """Per collection: mean absolute error and interval coverage of samples of known shares.

    The densities are those of the other collections. `naive` measures the mean probability
    with a binomial interval instead, which is what one would do without thinking.
    """
    generator = np.random.default_rng(random_state)
    figures = {}
    for name in _names(scored):
        own = scored.collections == name
        others = scored.where(~own)
        model = FollowerSampleModel(
            fake=_counts(others, 1), genuine=_counts(others, 0), version="unseen"
        )
        part = scored.where(own)
        figures[name] = {
            key: value
            for size in SIZES
            for key, value in _measure(part, model, size, generator, naive).items()
        }
    return figures


def _measure(
    part: HeldOut,
    model: FollowerSampleModel,
    size: int,
    generator: np.random.Generator,
    naive: bool,
) -> dict[str, float | None]:
    fakes, genuine = (np.flatnonzero(part.labels == label) for label in (1, 0))
    errors, covered = [], []
    for share in KNOWN_SHARES:
        for _ in range(REPEATS):
            bots = generator.binomial(size, share)
            rows = np.r_[generator.choice(fakes, bots), generator.choice(genuine, size - bots)]
            low, middle, high = (_naive if naive else _modelled)(part.where(rows), model)
            errors.append(abs(middle - share))
            covered.append(low <= share <= high)
    return {f"error_{size}": float(np.mean(errors)), f"coverage_{size}": float(np.mean(covered))}


def _modelled(sample: HeldOut, model: FollowerSampleModel) -> tuple[float, float, float]:
    answer = model.estimate(
        count_scores(sample.scores, sample.evidence), sampled=len(sample.scores)
    )
    assert answer.low is not None
    assert answer.share is not None
    assert answer.high is not None
    return answer.low, answer.share, answer.high


def _naive(sample: HeldOut, model: FollowerSampleModel) -> tuple[float, float, float]:
    share = float(sample.scores.mean())
    half = 1.96 * np.sqrt(share * (1 - share) / len(sample.scores))
    return share - half, share, share + half


def _score_unseen(accounts: LabelledAccounts, random_state: int) -> HeldOut:
    """Calibrated probabilities by a model and a calibration that saw neither row nor kind."""

    def fit(part: LabelledAccounts) -> Scorer:
        return fit_scorer(part, random_state)

    held_out = leave_one_collection_out(accounts, fit, random_state)
    scored = HeldOut(**{**vars(held_out), "scores": honest_probabilities(held_out)})
    judged = (scored.evidence >= KNOWN_FACTS) & scored.followers_known
    return scored.where(judged & np.isin(scored.view, ("full", "hidden")))


def _counts(scored: HeldOut, label: int) -> np.ndarray:
    """Shape (collections, RICHNESS, BINS)."""
    counts = np.zeros((len(_names(scored)), RICHNESS, BINS))
    for place, name in enumerate(_names(scored)):
        part = scored.where((scored.collections == name) & (scored.labels == label))
        counts[place] = count_scores(part.scores, part.evidence)
    return counts


def _names(scored: HeldOut) -> list[str]:
    return [str(name) for name in np.unique(scored.collections)]


def _labelled(files: Sequence[Path]) -> tuple[LabelledAccounts, list[int]]:
    table, rows = read_training_accounts(files)
    accounts = labelled_accounts(table)
    complete = _complete(accounts)
    if len(complete) < 3:
        raise TableError(
            "Training needs labelled rows of at least three collections (column source), each "
            f"with fake and genuine accounts; found {len(complete)}."
        )
    return accounts.take(np.flatnonzero(np.isin(accounts.collections, complete))), rows


def _complete(accounts: LabelledAccounts) -> list[str]:
    return [
        str(name)
        for name in np.unique(accounts.collections)
        if len(np.unique(accounts.labels[accounts.collections == name])) == 2
    ]


def _mean(slices: dict[str, dict[str, float | None]]) -> dict[str, float | None]:
    """The mean over collections; `nominal_coverage` is what the interval claims."""
    figures: dict[str, float | None] = {"nominal_coverage": NOMINAL}
    for key in (name for name in TASK.metric_names if name != "nominal_coverage"):
        figures[key] = float(np.mean([own[key] for own in slices.values()]))
    return figures


TASK: Final = TaskSpec(
    name="followers",
    metric_names=(
        "error_50", "error_200", "error_1000", "coverage_50", "coverage_200", "coverage_1000",
        "nominal_coverage",
    ),
    primary_metric="error_200",
    higher_is_better=False,
    train=train,
    load=FollowerSampleModel.from_artifact,
    evaluate=evaluate,
)  # fmt: skip
