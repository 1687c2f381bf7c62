"""Compute a stored score again from its own snapshot, to show that it is no accident."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from accounts.errors import NotFound
from scoring import creator_risk, registry
from scoring.answers import authenticity_fields, niche_fields, price_fields
from scoring.ml import encoding
from scoring.models import EMBEDDING_DIMENSIONS, PostScore, Score
from scoring.post_scoring import recompute_fields
from scoring.pricing.scored import price_again
from scoring.snapshots import columns_of, snapshot_hash

COMPARED = ("value", "low", "high", "level", "confidence", "currency", "abstained")
COMPARED_OF_POST = (
    "value", "level", "probability", "confidence", "flagged", "abstained", "windows",
)  # fmt: skip


@dataclass(frozen=True)
class Reproduction:
    """The stored and the recomputed fields, and those that differ."""

    score: Score | PostScore
    recomputed: dict[str, Any]
    hash_matches: bool
    differences: list[str]

    @property
    def is_exact(self) -> bool:
        return self.hash_matches and not self.differences


def recompute_score(score_id: int) -> Reproduction:
    """Run the score's own model version on the score's own inputs.

    :raises NotFound: if there is no such score.
    :raises ArtifactError: if the model version is no longer on disk.
    :raises UnknownRule: if evidence was added up by a rule this program no longer has.
    """
    score = Score.objects.select_related("account").filter(pk=score_id).first()
    if score is None:
        raise NotFound(f"There is no score {score_id}.")
    if creator_risk.is_combination(score.model_version):
        recomputed = _creator_risk(score)
    elif score.task == Score.Task.PRICE:
        recomputed = _price(score)
    else:
        task, version = score.model_version.split("/", 1)
        recomputed = RECOMPUTE[task](score, registry.load(task, version))
    return Reproduction(
        score=score,
        recomputed=recomputed,
        hash_matches=snapshot_hash(score.inputs, score.model_version) == score.snapshot_hash,
        differences=[name for name in COMPARED if _differs(getattr(score, name), recomputed[name])],
    )


def recompute_post_score(score_id: int) -> Reproduction:
    """The same for the score of a post's engagement. Raises as `recompute_score` does."""
    score = PostScore.objects.select_related("post__account").filter(pk=score_id).first()
    if score is None:
        raise NotFound(f"There is no post score {score_id}.")
    task, version = score.model_version.split("/", 1)
    fields = recompute_fields(score, registry.load(task, version))
    blank = PostScore()
    recomputed = {name: fields.get(name, getattr(blank, name)) for name in COMPARED_OF_POST}
    return Reproduction(
        score=score,
        recomputed=recomputed,
        hash_matches=snapshot_hash(score.inputs, score.model_version) == score.snapshot_hash,
        differences=[
            name for name in COMPARED_OF_POST if _differs(getattr(score, name), recomputed[name])
        ],
    )


def _creator_risk(score: Score) -> dict[str, Any]:
    """All evidence, by the models and the rule the score names."""
    models = creator_risk.load_models(score.model_version)
    row, facts = creator_risk.split_inputs(score.inputs)
    [risk] = creator_risk.assess_creators(columns_of(row), [facts], models)
    return _complete(authenticity_fields(risk))


def _authenticity(score: Score, model: Any) -> dict[str, Any]:
    """The account model alone: what scores were before other evidence entered."""
    [assessment] = model.assess(columns_of(score.inputs))
    return _complete(authenticity_fields(assessment))


def _niche(score: Score, model: Any) -> dict[str, Any]:
    text = score.inputs["text"]
    vector = (
        encoding.get_encoder().encode([text])
        if text
        else np.full((1, EMBEDDING_DIMENSIONS), np.nan, dtype=np.float32)
    )
    [assignment] = model.predict([text], vector)
    return _complete(niche_fields(assignment))


def _price(score: Score) -> dict[str, Any]:
    quotes = price_again(score.inputs, version=score.model_version, as_of=score.as_of)
    return _complete(price_fields(quotes))


RECOMPUTE = {"authenticity": _authenticity, "niche": _niche}


def _complete(fields: dict[str, Any]) -> dict[str, Any]:
    """Answer fields with the model's defaults for what the answer leaves out."""
    blank = Score()
    return {name: fields.get(name, getattr(blank, name)) for name in COMPARED}


def _differs(stored: Any, computed: Any) -> bool:
    if isinstance(stored, float) and isinstance(computed, int | float):
        return abs(stored - computed) > 1e-6 * max(1.0, abs(stored))
    return bool(stored != computed)
