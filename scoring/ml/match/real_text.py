"""Version 2 beside version 1, cosine and letters on briefs of five kinds (`field_briefs`).

Creators who declare a field are relevant to its briefs. Whole catalogue, no retrieval first.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.encoding import get_encoder
from scoring.ml.match.field_briefs import FieldBrief, make_briefs
from scoring.ml.match.scorer import MatchScorer
from scoring.ml.match.text_evidence import count_letters, text_evidence
from scoring.ml.match_training import Trial
from scoring.ml.matching import MatchModel
from scoring.ml.metrics import ndcg_at, recall_at

Floats = NDArray[np.float64]
Figures = dict[str, float | None]
METHODS: Final = ("version 2", "version 1", "cosine only", "letters only")
NAMES: Final = ("ndcg_at_10", "recall_at_10", "recall_at_50")
RESAMPLES: Final = 2_000


def compare_on_briefs(
    scorer: MatchScorer, first: MatchModel, trial: Trial, *, random_state: int
) -> dict[str, Figures]:
    """Slice name → figures with 95 % bootstrap intervals over the briefs of a kind.

    `ndcg_at_10_gain` is version 2 minus version 1 on the same briefs.
    """
    briefs = make_briefs(trial.niches, measuring=True)
    results = _measured(scorer, first, trial, briefs)
    kinds = list(dict.fromkeys(brief.kind for brief in briefs))
    slices: dict[str, Figures] = {}
    for kind in kinds:
        rows = results[[place for place, brief in enumerate(briefs) if brief.kind == kind]]
        draws = np.random.default_rng(random_state).integers(len(rows), size=(RESAMPLES, len(rows)))
        for place, method in enumerate(METHODS):
            figures: Figures = {"briefs": float(len(rows))}
            for column, name in enumerate(NAMES):
                figures |= _interval(name, rows[:, place, column], draws)
            if place == 0:
                figures |= _interval("ndcg_at_10_gain", rows[:, 0, 0] - rows[:, 1, 0], draws)
            slices[f"real text, {kind}: {method}"] = figures
    return slices


def _measured(
    scorer: MatchScorer, first: MatchModel, trial: Trial, briefs: list[FieldBrief]
) -> Floats:
    """Figures of each brief, (briefs, methods, names)."""
    encode = get_encoder().encode
    fields = [scorer.read_brief(brief.text, encode).field for brief in briefs]
    whole = encode([brief.text for brief in briefs])
    parts = encode(fields)
    counts = count_letters(trial.texts)
    relevant = dict(zip(trial.niches, trial.relevant, strict=True))
    rows = []
    for place, brief in enumerate(briefs):
        cosines = (whole[place] @ trial.vectors.T).astype(float)
        letters = scorer.texts.compare_counted(fields[place], counts)
        evidence = text_evidence((parts[place] @ trial.vectors.T).astype(float), letters)
        orders = (
            _with_engagement(scorer, evidence, trial),
            _with_engagement(first, cosines, trial),
            cosines,
            letters.cosine + letters.coverage,
        )
        good = relevant[brief.niche]
        rows.append(
            [[ndcg_at(10, s, good), recall_at(10, s, good), recall_at(50, s, good)] for s in orders]
        )
    return np.array(rows)


def _with_engagement(model: MatchScorer | MatchModel, evidence: Floats, trial: Trial) -> Floats:
    return model.weighted_scores(
        {"topic": model.topic_factor(evidence), "engagement": trial.engagement}
    )


def _interval(name: str, values: Floats, draws: NDArray[np.intp]) -> Figures:
    low, high = np.quantile(values[draws].mean(axis=1), [0.025, 0.975])
    return {name: float(values.mean()), f"{name}_low": float(low), f"{name}_high": float(high)}
