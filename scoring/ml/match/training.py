"""Training and evaluating the match scorer.

Two things are learned apart, because no data has both: what text says, on real creators
(half of the fields place the topic factor, the other half measure, as for version 1), and
what outcomes say, on a simulated market (no creator and no campaign in two of its parts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml import match_training
from scoring.ml.artifacts import (
    Artifact,
    DataSource,
    Metadata,
    arrays_to_bytes,
    save_artifact,
)
from scoring.ml.encoding import get_encoder
from scoring.ml.match import market_figures, outcome_tables
from scoring.ml.match.brief_reading import BriefReader, fit_reader
from scoring.ml.match.factors import FACTOR_SET, STATED_WEIGHTS
from scoring.ml.match.fitting import fit_scorer, order_pairs, score_pairs
from scoring.ml.match.measuring import order_figures, outcome_figures
from scoring.ml.match.pairs import Market, simulate_pairs
from scoring.ml.match.real_text import compare_on_briefs
from scoring.ml.match.scorer import (
    LETTERS_FILE,
    ORDER_FILE,
    SCORE_FILE,
    SETTINGS_FILE,
    MatchScorer,
)
from scoring.ml.match.simulation import Noise
from scoring.ml.match.text_evidence import (
    TextMatcher,
    count_letters,
    fit_weights,
    text_evidence,
)
from scoring.ml.match.tree_features import COLUMNS
from scoring.ml.match_training import LICENCE, Trial, make_brief, measure, read_trial
from scoring.ml.matching import MatchModel
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

Floats = NDArray[np.float64]
MARKET: Final = Market(
    campaigns={"training": 12_000, "validation": 300, "test": 1_500},
    creators={"training": 12_000, "validation": 1_200, "test": 4_500},
    candidates={"training": 16, "validation": 30, "test": 30},
)


def train(
    files: Sequence[Path],
    out_dir: Path,
    *,
    random_state: int,
    trained_at: datetime,
    market: Market = MARKET,
) -> Mapping[str, Any]:
    """Place the text evidence, fit the trees on a simulated market, measure both, write it all.

    :raises TableError: a file is not a creator file, or fewer than four niches are declared.
    """
    trial = read_trial(files)
    order = np.random.default_rng(random_state).permutation(len(trial.niches))
    placing, measuring = order[::2], order[1::2]
    if len(measuring) < 2:
        raise TableError(
            f"{files[0]}: only {len(trial.niches)} niches are declared by "
            f"{match_training.SMALLEST_NICHE} creators or more; at least 4 are needed."
        )
    encode = get_encoder().encode
    texts = TextMatcher(fit_weights(trial.texts, trial.vectors))
    reader = fit_reader(trial.vectors, encode, random_state)
    evidence = evidence_of(texts, reader, trial)
    floor, ceiling = match_training.place_topic(
        trial.only(placing.tolist()).seen_as(evidence[placing])
    )
    parts = simulate_pairs(random_state, market, Noise())
    scorer = fit_scorer(
        parts["training"],
        parts["validation"],
        topic_floor=floor,
        topic_ceiling=ceiling,
        texts=texts,
        reader=reader,
        random_state=random_state,
    )
    first = match_training.stated_model(trial.only(placing.tolist()))
    held_out = trial.only(measuring.tolist())
    metrics = measure(score_trial(scorer, held_out, evidence[measuring]), held_out.relevant)
    slices = {
        **compare_on_briefs(scorer, first, held_out, random_state=random_state),
        **market_figures.compare(scorer, parts, market=market, random_state=random_state),
    }
    importance = scorer.score_trees.feature_importance("gain")
    return save_artifact(
        out_dir,
        task=TASK.name,
        files={
            SETTINGS_FILE: json.dumps(scorer.settings.to_json(), indent=1, sort_keys=True).encode(),
            SCORE_FILE: scorer.score_trees.model_to_string().encode(),
            ORDER_FILE: scorer.order_trees.model_to_string().encode(),
            LETTERS_FILE: arrays_to_bytes(
                {
                    "weights": texts.weights.astype(np.float16),
                    "centres": reader.centres.astype(np.float16),
                    "talk": reader.talk.astype(np.float16),
                }
            ),
        },
        metadata=Metadata(
            algorithm="stated weights blended with LightGBM regression; LambdaMART for order",
            feature_set=FACTOR_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[DataSource.from_file(path, rows=trial.rows, licence=LICENCE) for path in files],
            metrics=metrics,
            metrics_by_slice=slices,
            feature_importance={
                name: round(float(gain), 2) for name, gain in zip(COLUMNS, importance, strict=True)
            },
            holdout=TASK.holdout(
                "half of the niches place the topic factor, the others measure",
                files=files,
                metrics=metrics,
            ),
            extra={
                "niches_measured": held_out.niches,
                "stated_weights": dict(STATED_WEIGHTS),
                "simulated": "score and order were taught on a simulated market",
            },
        ),
    )


def load(artifact: Artifact) -> MatchScorer | MatchModel:
    """A scorer, or the stated formula where the artefact is of version 1's kind."""
    if artifact.metadata["feature_set"] == FACTOR_SET:
        return MatchScorer.from_artifact(artifact)
    return MatchModel.from_artifact(artifact)


def evaluate(model: MatchScorer | MatchModel, file: Path) -> Evaluation:
    """On a file with an `outcome` column: RMSE and rank correlation; else, order on real text.

    :raises TableError: unreadable file, or neither outcomes nor bios nor hashtags.
    """
    if outcome_tables.has_outcomes(file):
        pairs = outcome_tables.read_outcomes(file)
        if isinstance(model, MatchScorer):
            scores, order = score_pairs(model, pairs), order_pairs(model, pairs)
        else:
            scores = order = outcome_tables.scores_of_first_version(model, pairs)
        figures: dict[str, float | None] = dict.fromkeys(TASK.metric_names)
        figures |= outcome_figures(scores, pairs)
        figures |= order_figures(order, pairs)
        return Evaluation(rows=len(pairs), metrics=figures)
    if not isinstance(model, MatchScorer):
        return match_training.evaluate_match(model, file)
    trial = read_trial([file])
    scores = score_trial(model, trial, evidence_of(model.texts, model.reader, trial))
    return Evaluation(rows=trial.rows, metrics=measure(scores, trial.relevant))


def evidence_of(texts: TextMatcher, reader: BriefReader, trial: Trial) -> Floats:
    """Text evidence of every brief and creator, (briefs, n)."""
    if not trial.niches:
        return np.zeros(trial.cosines.shape)
    encode = get_encoder().encode
    fields = [reader.read(make_brief(niche), encode).field for niche in trial.niches]
    counts = count_letters(trial.texts)
    cosines = (encode(fields) @ trial.vectors.T).astype(float)
    return np.array(
        [
            text_evidence(row, texts.compare_counted(field, counts))
            for field, row in zip(fields, cosines, strict=True)
        ]
    )


def score_trial(scorer: MatchScorer, trial: Trial, evidence: Floats) -> Floats:
    """Match scores (briefs, n) from the factors a creator file supports by itself."""
    return np.array(
        [
            scorer.weighted_scores(
                {"topic": scorer.topic_factor(row), "engagement": trial.engagement}
            )
            for row in evidence
        ]
    )


TASK = TaskSpec(
    name="match",
    metric_names=match_training.TASK.metric_names,
    primary_metric="ndcg_at_10",
    higher_is_better=True,
    train=train,
    load=load,
    evaluate=evaluate,
)
