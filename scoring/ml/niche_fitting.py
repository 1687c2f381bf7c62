"""Fitting the niche model's parts so that no part learns from what an earlier one has seen.

The ranker must be fitted on creators whom the head describing them has not seen, or it
would trust the head too much; and a figure is honest only if neither has seen the creator.
With folds that takes one head per fold left out and one per pair of folds left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.ml import niche_data
from scoring.ml.niche_candidates import Candidates, LabelRates, describe_candidates
from scoring.ml.niche_features import TermCounts, TextFeatures
from scoring.ml.niche_head import Calibration, LinearHead, fit_baseline, fit_calibration, fit_head
from scoring.ml.niche_ranker import NicheRanker, fit_booster
from scoring.ml.niche_words import OwnWords, find_own_words

# Below it a label is wrong nineteen times of twenty, and naming none says more.
ABSTAIN_BELOW = 0.05
THRESHOLDS = tuple(np.arange(0.10, 0.65, 0.05).round(2))


@dataclass(frozen=True)
class Corpus:
    """Labelled creators with everything about their texts that no label enters."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]
    targets: NDArray[np.bool_]
    counted: TermCounts
    own: OwnWords

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        vectors: NDArray[np.float32],
        targets: NDArray[np.bool_],
        names: Sequence[str],
    ) -> Corpus:
        """:raises ValueError: too few texts share a term."""
        return cls(
            texts, vectors, targets, TextFeatures().count(texts), find_own_words(texts, names)
        )

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Described:
    """Creators, described by a head that has not seen them; `scores` are that head's."""

    rows: NDArray[np.intp]
    candidates: Candidates
    scores: NDArray[np.float64]

    def take(self, places: NDArray[np.intp]) -> Described:
        """Those creators only; `places` count within this description."""
        return Described(self.rows[places], self.candidates.take(places), self.scores[places])


@dataclass(frozen=True)
class Stage:
    """A head with what it was fitted with: enough to describe further texts."""

    features: TextFeatures
    head: LinearHead
    rates: LabelRates
    baseline: LinearHead | None

    def describe(
        self, texts: Sequence[str], vectors: NDArray[np.float32], names: Sequence[str]
    ) -> tuple[Candidates, NDArray[np.float64]]:
        """Candidates and head scores of texts outside the corpus."""
        blocks: dict[str, Any] = {**self.features.transform(texts), "meaning": vectors}
        return describe_candidates(self.head, blocks, find_own_words(texts, names), self.rates)


@dataclass(frozen=True)
class Tuned:
    """A ranker with the curve and the threshold found on creators it has not seen."""

    ranker: NicheRanker
    calibration: Calibration
    choose_from: float


def fit_stage(
    corpus: Corpus, inside: NDArray[np.intp], *, with_baseline: bool = False
) -> tuple[Stage, dict[str, Any]]:
    """Head, vocabulary and rates from `inside`; the blocks of the whole corpus with them."""
    features = TextFeatures()
    blocks: dict[str, Any] = {
        **features.fit_counts(corpus.counted, inside), "meaning": corpus.vectors
    }  # fmt: skip
    seen = {name: block[inside] for name, block in blocks.items()}
    targets = corpus.targets[inside]
    stage = Stage(
        features=features,
        head=fit_head(seen, targets),
        rates=LabelRates.of(corpus.own.take(inside), targets),
        baseline=fit_baseline(seen["words"], targets) if with_baseline else None,
    )
    return stage, blocks


def describe_rows(
    corpus: Corpus, stage: Stage, blocks: dict[str, Any], rows: NDArray[np.intp]
) -> Described:
    """Creators of the corpus as the stage sees them."""
    candidates, scores = describe_candidates(
        stage.head,
        {name: block[rows] for name, block in blocks.items()},
        corpus.own.take(rows),
        stage.rates,
    )
    return Described(rows, candidates, scores)


def describe_pairs(corpus: Corpus, folds: NDArray[np.intp]) -> dict[tuple[int, int], Described]:
    """For folds (outer, inner): the inner fold, described by a head that saw neither."""
    described = {}
    for first, second in combinations(range(int(folds.max()) + 1), 2):
        inside = np.flatnonzero((folds != first) & (folds != second))
        stage, blocks = fit_stage(corpus, inside)
        for outer, inner in ((first, second), (second, first)):
            rows = np.flatnonzero(folds == inner)
            described[outer, inner] = describe_rows(corpus, stage, blocks, rows)
    return described


def fit_ranker(
    parts: Sequence[Described],
    targets: NDArray[np.bool_],
    rates: LabelRates,
    *,
    random_state: int,
) -> Tuned:
    """A ranker on all parts; its curve and threshold from rankers on all parts but one.

    :param parts: at least two, each described by a head that has not seen it.
    :param targets: of the whole corpus, shape (creators, labels).
    """
    held_out = []
    for place, part in enumerate(parts):
        others = [other for number, other in enumerate(parts) if number != place]
        ranker = _fit_on(others, targets, rates, random_state)
        held_out.append(ranker.log_probabilities(part.candidates, part.scores))
    rows = np.concatenate([part.rows for part in parts])
    scores, own_targets = np.concatenate(held_out), targets[rows]
    calibration = fit_calibration(scores, own_targets)
    return Tuned(
        ranker=_fit_on(parts, targets, rates, random_state),
        calibration=calibration,
        choose_from=choose_threshold(scores, calibration.apply(scores), own_targets),
    )


def choose_threshold(
    scores: NDArray[np.float64], probabilities: NDArray[np.float64], targets: NDArray[np.bool_]
) -> float:
    """The probability from which choosing further labels gives the best macro F1."""
    best = scores.argmax(axis=1)
    figures = [
        niche_data.macro_f1(
            targets, niche_data.choose_labels(probabilities, best, float(threshold), ABSTAIN_BELOW)
        )
        or 0.0
        for threshold in THRESHOLDS
    ]
    return float(THRESHOLDS[int(np.argmax(figures))])


def _fit_on(
    parts: Sequence[Described],
    targets: NDArray[np.bool_],
    rates: LabelRates,
    random_state: int,
) -> NicheRanker:
    joined = Candidates(
        np.concatenate([part.candidates.places for part in parts]),
        np.concatenate([part.candidates.features for part in parts]),
    )
    rows = np.concatenate([part.rows for part in parts])
    return NicheRanker(fit_booster(joined, targets[rows], random_state=random_state), rates)
