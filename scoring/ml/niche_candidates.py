"""The labels worth a second look for a creator, and what is known of each of them.

The linear head scores all labels by adding up words. Its best labels, and every label whose
own word is in the text, become candidates; a candidate is described by the head's scores
and by where the label's word stands among those of its rivals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from scoring.ml.niche_head import Block, LinearHead
from scoring.ml.niche_words import OwnWords

N_CANDIDATES: Final = 14
# A label whose word is in the text counts as at least this likely (a log-probability).
MATCHED_FLOOR: Final = -4.0
PRIOR_CREATORS: Final = 5.0
ROWS_AT_ONCE: Final = 2_048

FEATURES: Final = (
    "log_probability", "behind_best", "rank", "behind_best_matched",
    "words", "chars", "meaning", "words_behind", "chars_behind", "meaning_behind", "top_word",
    "start", "order", "tokens_left", "count", "whole", "tagged", "last",
    "full", "phrase", "phrase_order", "behind_best_phrase",
    "length", "tokens", "labels_matched", "phrases_matched",
    "label", "label_share", "label_rate", "phrase_rate", "rate_behind",
)  # fmt: skip
CATEGORICAL: Final = ("label",)


@dataclass(frozen=True)
class LabelRates:
    """Per label, shape (labels,), from training creators.

    `log_share` of all creators; `rate` and `phrase_rate`: the share that is listed of those
    whose text holds the label's stem, and of those whose text spells it out.
    """

    log_share: NDArray[np.float64]
    rate: NDArray[np.float64]
    phrase_rate: NDArray[np.float64]

    @classmethod
    def of(cls, own: OwnWords, targets: NDArray[np.bool_]) -> LabelRates:
        """Learned from these creators. A creator of k labels counts 1/k for each."""
        share = (targets / targets.sum(axis=1, keepdims=True)).mean(axis=0)
        return cls(
            log_share=np.log(share + 1e-6),
            rate=_share_listed(targets, own.matched),
            phrase_rate=_share_listed(targets, np.isfinite(own.phrase)),
        )


@dataclass(frozen=True)
class Candidates:
    """Label places, shape (n, k), and their description, shape (n · k, features)."""

    places: NDArray[np.intp]
    features: NDArray[np.float32]

    def take(self, rows: NDArray[np.intp]) -> Candidates:
        """Those creators only."""
        width = self.places.shape[1]
        described = self.features.reshape(len(self.places), width, -1)[rows]
        return Candidates(self.places[rows], described.reshape(len(rows) * width, -1))


def describe_candidates(
    head: LinearHead,
    blocks: Mapping[str, Block],
    own: OwnWords,
    rates: LabelRates,
) -> tuple[Candidates, NDArray[np.float64]]:
    """The candidates of every creator and the head's log-probabilities, shape (n, labels)."""
    scores = head.log_probabilities(blocks)
    parts = head.block_scores(blocks)
    lifted = np.where(own.matched, np.maximum(scores, MATCHED_FLOOR), scores)
    places = np.argsort(-lifted, axis=1, kind="stable")[:, :N_CANDIDATES]
    best = scores.max(axis=1, keepdims=True)
    spelled = np.isfinite(own.phrase)
    chance = np.where(spelled, rates.phrase_rate, np.where(own.matched, rates.rate, 0.0))
    labels = scores.shape[1]
    whole = {
        "log_probability": scores,
        "behind_best": scores - best,
        "rank": (-scores).argsort(axis=1, kind="stable").argsort(axis=1),
        "behind_best_matched": scores - _row_max(np.where(own.matched, scores, np.nan)),
        "behind_best_phrase": scores - _row_max(np.where(spelled, scores, np.nan)),
        "top_word": _strongest_words(head.weights["words"], blocks["words"]),
        "start": own.start, "order": own.order, "tokens_left": own.tokens_left,
        "count": own.count, "whole": own.whole, "tagged": own.tagged,
        "last": own.last, "full": own.full,
        "phrase": own.phrase, "phrase_order": own.phrase_order,
        "rate_behind": chance - chance.max(axis=1, keepdims=True),
    }  # fmt: skip
    for name, part in parts.items():
        whole[name] = part
        whole[f"{name}_behind"] = part - part.max(axis=1, keepdims=True)
    stacked = np.stack([np.asarray(table, dtype=np.float32) for table in whole.values()])
    taken = np.take_along_axis(stacked, places[None], axis=2)
    columns = dict(zip(whole, taken, strict=True))
    for name, per_row in (
        ("length", own.length), ("tokens", own.tokens), ("labels_matched", own.labels),
        ("phrases_matched", own.phrases),
    ):  # fmt: skip
        columns[name] = np.repeat(per_row[:, None], places.shape[1], axis=1)
    per_label = {
        "label": np.arange(labels), "label_share": rates.log_share,
        "label_rate": rates.rate, "phrase_rate": rates.phrase_rate,
    }  # fmt: skip
    for name, of_label in per_label.items():
        columns[name] = of_label[places]
    features = np.column_stack([columns[name].ravel() for name in FEATURES]).astype(np.float32)
    return Candidates(places, features), scores


def _share_listed(targets: NDArray[np.bool_], among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Per label; drawn towards 0 by a few creators, so that one hit is no certainty."""
    listed = (targets & among).sum(axis=0)
    return np.asarray(listed / (among.sum(axis=0) + PRIOR_CREATORS))


def _row_max(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest of each row that is not NaN, shape (n, 1); NaN where all are."""
    largest = np.where(np.isnan(values), -np.inf, values).max(axis=1, keepdims=True)
    return np.where(np.isfinite(largest), largest, np.nan)


def _strongest_words(weights: NDArray[np.float32], words: sp.csr_matrix) -> NDArray[np.float32]:
    """The largest single word's contribution to each label, shape (n, labels); 0 without words."""
    strongest = np.zeros((words.shape[0], weights.shape[1]), dtype=np.float32)
    for begin in range(0, words.shape[0], ROWS_AT_ONCE):
        part = words[begin : begin + ROWS_AT_ONCE]
        filled = np.flatnonzero(np.diff(part.indptr))
        if filled.size:
            own = weights[part.indices]
            contributions = part.data[:, None] * (own - own.mean(axis=1, keepdims=True))
            largest = np.maximum.reduceat(contributions, part.indptr[filled], axis=0)
            strongest[begin + filled] = largest
    return strongest
