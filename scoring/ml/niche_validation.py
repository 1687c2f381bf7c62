"""Figures of the niche model on creators that no part of it has seen.

Nested: for every fold left out, head, ranker, calibration curve and threshold come from the
other folds alone, the last three through heads that left out a further one. The baselines
are calibrated on one half of their held-out answers and judged on the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml import niche_data
from scoring.ml.languages import guess_language_group
from scoring.ml.metrics import calibration_error
from scoring.ml.niche_candidates import LabelRates
from scoring.ml.niche_data import Creators
from scoring.ml.niche_fitting import (
    ABSTAIN_BELOW,
    Corpus,
    Described,
    Stage,
    Tuned,
    choose_threshold,
    describe_pairs,
    describe_rows,
    fit_ranker,
    fit_stage,
)
from scoring.ml.niche_head import fit_calibration
from scoring.ml.niche_words import remove_own_words

N_FOLDS: Final = 4
FEWEST_CREATORS: Final = 200
ECHO_SAMPLE: Final = 2_000
RESAMPLES: Final = 300

Figures = dict[str, float | None]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class HeldOut:
    """Answers on unseen creators: scores to rank by, probabilities, chosen labels.

    Shape (n, labels) each. `sure` (n,): the model names a label rather than abstain.
    """

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    chosen: NDArray[np.bool_]
    sure: NDArray[np.bool_]

    @classmethod
    def empty(cls, shape: tuple[int, int]) -> HeldOut:
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape, bool), np.ones(shape[0], bool))

    def fill(
        self,
        rows: NDArray[np.intp],
        scores: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        choose_from: float,
        abstain_below: float,
    ) -> None:
        """Answer for those rows."""
        best = scores.argmax(axis=1)
        self.scores[rows], self.probabilities[rows] = scores, probabilities
        self.sure[rows] = probabilities[np.arange(len(rows)), best] >= abstain_below
        self.chosen[rows] = niche_data.choose_labels(
            probabilities, best, choose_from, abstain_below
        )

    def hits(self, targets: NDArray[np.bool_], depth: int) -> NDArray[np.bool_]:
        """Per creator: a listed label among the first `depth`, and not abstained."""
        ranking = np.argsort(-self.scores, axis=1, kind="stable")[:, :depth]
        return np.asarray(
            np.take_along_axis(targets, ranking, axis=1).any(axis=1) & self.sure, dtype=bool
        )

    def figures(self, targets: NDArray[np.bool_], rows: NDArray[np.intp] | None = None) -> Figures:
        """Abstained creators count as misses. `targets` of the rows' length or of all."""
        rows = np.arange(len(targets)) if rows is None else rows
        own = HeldOut(self.scores[rows], self.probabilities[rows], self.chosen[rows],
                      self.sure[rows])  # fmt: skip
        wanted = targets[rows]
        return {
            "hit_at_1": float(own.hits(wanted, 1).mean()) if len(rows) else None,
            "hit_at_3": float(own.hits(wanted, 3).mean()) if len(rows) else None,
            "macro_f1": niche_data.macro_f1(wanted, own.chosen),
            "abstained": float(1 - own.sure.mean()) if len(rows) else None,
            "creators": float(len(rows)),
        }


@dataclass(frozen=True)
class Validation:
    """Held-out figures, and the ranker fitted on all creators, each described unseen."""

    metrics: Figures
    slices: dict[str, Figures]
    final: Tuned


def validate(
    creators: Creators,
    corpus: Corpus,
    names: Sequence[str],
    *,
    random_state: int,
    encode: Encode,
) -> Validation:
    """Measure fold by fold; see the module's first lines."""
    targets = corpus.targets
    folds = niche_data.folds_of(creators.ids, n_folds=N_FOLDS, random_state=random_state)
    pairs = describe_pairs(corpus, folds)
    model = HeldOut.empty(targets.shape)
    rivals = {name: np.zeros(targets.shape) for name in ("baseline", "head", "majority")}
    parts: list[Described] = []
    echo: dict[str, Figures] = {}
    for fold in range(N_FOLDS):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        stage, blocks = fit_stage(corpus, inside, with_baseline=True)
        part = describe_rows(corpus, stage, blocks, outside)
        parts.append(part)
        inner = [pairs[fold, other] for other in range(N_FOLDS) if other != fold]
        tuned = fit_ranker(inner, targets, stage.rates, random_state=random_state)
        scores = tuned.ranker.log_probabilities(part.candidates, part.scores)
        model.fill(
            outside, scores, tuned.calibration.apply(scores), tuned.choose_from, ABSTAIN_BELOW
        )
        assert stage.baseline is not None
        rivals["head"][outside] = part.scores
        rivals["baseline"][outside] = stage.baseline.log_probabilities(
            {name: block[outside] for name, block in blocks.items()}
        )
        shares = targets[inside].sum(axis=0) + 1e-9
        rivals["majority"][outside] = np.log(shares / shares.sum())
        if fold == 0:
            echo = _without_own_words(creators, corpus, names, outside, stage, tuned, encode)
    half = niche_data.folds_of(creators.ids, n_folds=2, random_state=N_FOLDS + 1) == 0
    answers = {"model": model} | {
        name: _calibrated(scores, targets, half) for name, scores in rivals.items()
    }
    metrics, slices = _figures(creators, answers, targets, random_state)
    of_folds = {
        f"fold/{fold}": model.figures(targets, np.flatnonzero(folds == fold))
        for fold in range(N_FOLDS)
    }
    return Validation(
        metrics=metrics,
        slices=slices | of_folds | echo,
        final=fit_ranker(
            parts, targets, LabelRates.of(corpus.own, targets), random_state=random_state
        ),
    )


def bootstrap_intervals(
    answers: HeldOut, rival: HeldOut, targets: NDArray[np.bool_], *, random_state: int
) -> dict[str, Figures]:
    """Percentile intervals (95 %) over creators drawn with replacement.

    :returns: "low" and "high" of the answers' figures, "gain_low" and "gain_high" of their
        lead over the rival, on the same draws.
    """
    generator = np.random.default_rng(random_state)
    draws = generator.multinomial(len(targets), np.full(len(targets), 1 / len(targets)), RESAMPLES)
    own, other = (_resampled(each, targets, draws) for each in (answers, rival))
    result: dict[str, Figures] = {name: {} for name in ("low", "high", "gain_low", "gain_high")}
    for name, values in own.items():
        for prefix, series in (("", values), ("gain_", values - other[name])):
            low, high = np.quantile(series, (0.025, 0.975))
            result[f"{prefix}low"][name], result[f"{prefix}high"][name] = float(low), float(high)
    return result


def _resampled(
    answers: HeldOut, targets: NDArray[np.bool_], draws: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    right = draws @ (answers.chosen & targets).astype(np.float64)
    named = draws @ answers.chosen.astype(np.float64)
    listed = draws @ targets.astype(np.float64)
    f1 = np.divide(2 * right, named + listed, out=np.zeros_like(right), where=named + listed > 0)
    present = listed > 0
    return {
        "hit_at_1": draws @ answers.hits(targets, 1) / len(targets),
        "hit_at_3": draws @ answers.hits(targets, 3) / len(targets),
        "macro_f1": np.where(present, f1, 0.0).sum(axis=1) / present.sum(axis=1),
    }


def _calibrated(
    scores: NDArray[np.float64], targets: NDArray[np.bool_], half: NDArray[np.bool_]
) -> HeldOut:
    """A rival that always answers: to abstain is part of the model."""
    answers = HeldOut.empty(targets.shape)
    for part in (half, ~half):
        curve = fit_calibration(scores[~part], targets[~part])
        threshold = choose_threshold(scores[~part], curve.apply(scores[~part]), targets[~part])
        answers.fill(np.flatnonzero(part), scores[part], curve.apply(scores[part]), threshold, 0.0)
    return answers


def _figures(
    creators: Creators,
    answers: dict[str, HeldOut],
    targets: NDArray[np.bool_],
    random_state: int,
) -> tuple[Figures, dict[str, Figures]]:
    model, baseline = answers["model"], answers["baseline"]
    slices = {
        f"{name}/all": own.figures(targets) for name, own in answers.items() if name != "model"
    }
    for name, rows in _groups(creators):
        slices[name] = model.figures(targets, rows)
        slices[f"baseline/{name}"] = baseline.figures(targets, rows)
    common = targets.sum(axis=0) >= FEWEST_CREATORS
    for label, columns in (("common", common), ("rare", ~common)):
        rows = np.flatnonzero(targets[:, columns].any(axis=1))
        for prefix, own in (("", model), ("baseline/", baseline)):
            slices[f"{prefix}niches/{label}"] = own.figures(targets & columns, rows)
    intervals = bootstrap_intervals(model, baseline, targets, random_state=random_state)
    slices |= {f"interval/{name}": figures for name, figures in intervals.items()}
    metrics = model.figures(targets)
    everyone, top = np.arange(len(targets)), model.scores.argmax(axis=1)
    metrics["calibration_error"] = calibration_error(
        targets[everyone, top], model.probabilities[everyone, top]
    )
    return metrics, slices


def _groups(creators: Creators) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Creators by platform and by language, groups of 200 and more."""
    languages = [guess_language_group(bio) for bio in creators.bios]
    for kind, values in (("platform", creators.platforms), ("language", languages)):
        for value, count in Counter(values).most_common():
            if count >= FEWEST_CREATORS:
                yield f"{kind}/{value}", np.flatnonzero([own == value for own in values])


def _without_own_words(
    creators: Creators,
    corpus: Corpus,
    names: Sequence[str],
    outside: NDArray[np.intp],
    stage: Stage,
    tuned: Tuned,
    encode: Encode,
) -> dict[str, Figures]:
    """The same held-out creators as they are, and with their labels' own words removed."""
    generator = np.random.default_rng(0)
    size = min(ECHO_SAMPLE, len(outside))
    rows = np.sort(generator.choice(outside, size, replace=False))
    bare = [remove_own_words(creators.texts[row], creators.labels[row]) for row in rows]
    changed = [text or "-" for text in bare]
    result = {}
    for state, texts, vectors in (
        ("kept", [creators.texts[row] for row in rows], corpus.vectors[rows]),
        ("removed", changed, encode(changed)),
    ):
        candidates, head_scores = stage.describe(texts, vectors, names)
        words = stage.features.transform(texts)
        assert stage.baseline is not None
        for prefix, scores in (
            ("", tuned.ranker.log_probabilities(candidates, head_scores)),
            ("baseline/", stage.baseline.log_probabilities(words)),
        ):
            answers = HeldOut.empty(scores.shape)
            below = 0.0 if prefix else ABSTAIN_BELOW
            answers.fill(
                np.arange(size), scores, tuned.calibration.apply(scores), tuned.choose_from, below
            )
            figures = answers.figures(corpus.targets[rows])
            figures.pop("macro_f1")  # the sample is too small for rare labels
            result[f"{prefix}own_words/{state}"] = figures
    return result
