"""State the match formula, place its cosines on real text, and measure the order it gives.

There are no public outcomes of real campaigns, so the weights are stated, not learned.
What can be learned and measured is how text orders creators: a niche's name makes a
brief, and the creators who declare that niche are the ones it should find. Half of the
niches place the two ends of the topic factor, the other half measure it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.ml import niche_data
from scoring.ml.artifacts import Artifact, DataSource, Metadata, save_artifact
from scoring.ml.encoding import get_encoder
from scoring.ml.matching import SETTINGS_FILE, MatchModel
from scoring.ml.metrics import ndcg_at, recall_at
from scoring.ml.niches import niche_terms
from scoring.ml.tables import Layout, TableError, concatenate, read_table
from scoring.ml.tasks import Evaluation, TaskSpec

Floats = NDArray[np.float64]

STATED_WEIGHTS: Final = {
    "topic": 0.50,
    "niche": 0.15,
    "authenticity": 0.15,
    "engagement": 0.10,
    "audience_country": 0.05,
    "price": 0.05,
}
STATED_DISCOUNT: Final = 0.25
SMALLEST_NICHE: Final = 5
LICENCE: Final = "none stated for the data (inBeat/inbeat-website, 8f53c63)"
NUMBERS: Final = Layout(numbers=("followers", "engagement_rate"), texts=("platform",))


@dataclass(frozen=True)
class Trial:
    """Briefs against creators: cosines and relevance (briefs, n), facts and texts (n,)."""

    niches: list[str]
    cosines: Floats
    relevant: NDArray[np.bool_]
    engagement: Floats
    followers: Floats
    rows: int
    texts: list[str] = field(default_factory=list)
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def only(self, briefs: Sequence[int]) -> Trial:
        chosen = list(briefs)
        return Trial(
            niches=[self.niches[place] for place in chosen],
            cosines=self.cosines[chosen],
            relevant=self.relevant[chosen],
            engagement=self.engagement,
            followers=self.followers,
            rows=self.rows,
            texts=self.texts,
            vectors=self.vectors,
        )

    def seen_as(self, cosines: Floats) -> Trial:
        """The same briefs and creators under another measure of nearness, (briefs, n)."""
        return replace(self, cosines=cosines)


def make_brief(niche: str) -> str:
    """The brief a niche's name stands for."""
    return f"We are looking for creators in the field of {niche_terms(niche)}."


def read_trial(files: Sequence[Path]) -> Trial:
    """Creators with text, and a brief for each niche that five or more of them declare.

    :raises TableError: unreadable file, or neither bio nor hashtags.
    """
    creators, rows = niche_data.read_creators(files)
    table = concatenate([read_table(path, NUMBERS) for path in files], NUMBERS)
    readable = niche_data.has_text(creators)
    creators = creators.take(readable)
    counts: dict[str, int] = {}
    for own in creators.labels:
        for label in own:
            counts[label] = counts.get(label, 0) + 1
    niches = sorted(label for label, count in counts.items() if count >= SMALLEST_NICHE)
    relevant = np.array([[niche in own for own in creators.labels] for niche in niches], dtype=bool)
    if not niches:
        return Trial(
            [], np.zeros((0, 0)), np.zeros((0, 0), bool), np.zeros(0), np.zeros(0), sum(rows)
        )
    encoder = get_encoder()
    texts = encoder.encode(creators.texts)
    briefs = encoder.encode([make_brief(niche) for niche in niches])
    followers = table.number("followers")[readable]
    return Trial(
        niches=niches,
        cosines=(briefs @ texts.T).astype(float),
        relevant=relevant,
        engagement=peer_percentiles(
            creators.platforms, followers, table.number("engagement_rate")[readable]
        ),
        followers=followers,
        rows=sum(rows),
        texts=creators.texts,
        vectors=texts,
    )


def peer_percentiles(platforms: Sequence[str], followers: Floats, rates: Floats) -> Floats:
    """Rank of each engagement rate among accounts of its platform and size, (n,) in [0, 1].

    Peers share a platform and a half decade of followers, as in the catalogue's own rule.
    """
    size = np.floor(2 * np.log10(np.maximum(followers, 1.0)))
    frame = pd.DataFrame({"platform": platforms, "size": size, "rate": rates})
    groups = frame[frame["rate"].notna()].groupby(["platform", "size"])["rate"]
    below = groups.rank(method="min") - 1.0
    others = groups.transform("count") - 1.0
    share = (below / others.where(others > 0)).fillna(0.0)
    return share.reindex(frame.index).to_numpy(dtype=float)


def score_trial(model: MatchModel, trial: Trial) -> Floats:
    """Match scores (briefs, n) from the factors a creator file supports by itself.

    Niche and authenticity come from other models and are left out.
    """
    return np.array(
        [
            model.weighted_scores(
                {"topic": model.topic_factor(cosines), "engagement": trial.engagement}
            )
            for cosines in trial.cosines
        ]
    )


def measure(scores: Floats, relevant: NDArray[np.bool_]) -> dict[str, float | None]:
    """Means over the briefs; None without briefs. There are no campaign outcomes to compare."""
    figures: dict[str, float | None] = {
        "ndcg_at_10": None,
        "recall_at_10": None,
        "recall_at_50": None,
        "rmse": None,
        "rank_correlation": None,
    }
    if len(scores):
        pairs = list(zip(scores, relevant, strict=True))
        figures["ndcg_at_10"] = float(np.mean([ndcg_at(10, s, r) for s, r in pairs]))
        figures["recall_at_10"] = float(np.mean([recall_at(10, s, r) for s, r in pairs]))
        figures["recall_at_50"] = float(np.mean([recall_at(50, s, r) for s, r in pairs]))
    return figures


def place_topic(trial: Trial) -> tuple[float, float]:
    """The cosines that count 0 and 1: of the median pair, and of the median brief's best ten."""
    floor = float(np.median(trial.cosines))
    best = np.sort(trial.cosines, axis=1)[:, -10:].mean(axis=1)
    return round(floor, 3), round(float(np.median(best)), 3)


def stated_model(placing: Trial, version: str = "v1") -> MatchModel:
    """The stated formula with its topic placed on these briefs."""
    floor, ceiling = place_topic(placing)
    return MatchModel(version, STATED_WEIGHTS, STATED_DISCOUNT, floor, ceiling)


def train_match(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> Mapping[str, Any]:
    """Place the topic factor on half of the niches, measure on the other half, write it all.

    :raises TableError: a file is not a creator file, or fewer than four niches are declared.
    """
    trial = read_trial(files)
    order = np.random.default_rng(random_state).permutation(len(trial.niches))
    placing, measuring = order[::2], order[1::2]
    if len(measuring) < 2:
        raise TableError(
            f"{files[0]}: only {len(trial.niches)} niches are declared by "
            f"{SMALLEST_NICHE} creators or more; at least 4 are needed."
        )
    model = stated_model(trial.only(placing.tolist()), out_dir.name)
    settings = {
        "weights": model.weights,
        "evidence_discount": model.evidence_discount,
        "topic_floor": model.topic_floor,
        "topic_ceiling": model.topic_ceiling,
    }
    held_out = trial.only(measuring.tolist())
    chance = np.random.default_rng(random_state).random(held_out.cosines.shape)
    popularity = np.tile(np.nan_to_num(held_out.followers), (len(held_out.niches), 1))
    metrics = measure(score_trial(model, held_out), held_out.relevant)
    return save_artifact(
        out_dir,
        task="match",
        files={SETTINGS_FILE: json.dumps(settings, indent=1, sort_keys=True).encode()},
        metadata=Metadata(
            algorithm="stated weights over known factors; topic placed on niches' names",
            feature_set="match-factors-1",
            trained_at=trained_at,
            random_state=random_state,
            data=[DataSource.from_file(path, rows=trial.rows, licence=LICENCE) for path in files],
            metrics=metrics,
            metrics_by_slice={
                "cosine only": measure(held_out.cosines, held_out.relevant),
                "most followers first": measure(popularity, held_out.relevant),
                "random order": measure(chance, held_out.relevant),
            },
            feature_importance=STATED_WEIGHTS,
            holdout=TASK.holdout(
                "half of the niches place the topic factor, the others measure",
                files=files,
                metrics=metrics,
            ),
            extra={"niches_measured": held_out.niches},
        ),
    )


def load_match(artifact: Artifact) -> MatchModel:
    return MatchModel.from_artifact(artifact)


def evaluate_match(model: MatchModel, file: Path) -> Evaluation:
    """Whether creators who declare a niche come first for a brief that names it.

    :raises TableError: unreadable file, or neither bio nor hashtags.
    """
    trial = read_trial([file])
    return Evaluation(rows=trial.rows, metrics=measure(score_trial(model, trial), trial.relevant))


TASK = TaskSpec(
    name="match",
    metric_names=("ndcg_at_10", "recall_at_10", "recall_at_50", "rmse", "rank_correlation"),
    primary_metric="ndcg_at_10",
    higher_is_better=True,
    train=train_match,
    load=load_match,
    evaluate=evaluate_match,
)
