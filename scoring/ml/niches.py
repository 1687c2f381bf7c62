"""Which niches a creator is in, with probabilities, the words that say so, and a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from scoring.ml.artifacts import Artifact, load_artifact
from scoring.ml.niche_candidates import LabelRates, describe_candidates
from scoring.ml.niche_clusters import NicheClusters
from scoring.ml.niche_features import TextFeatures, readable_text
from scoring.ml.niche_head import Calibration, LinearHead
from scoring.ml.niche_ranker import NicheRanker
from scoring.ml.niche_words import find_own_words

MODEL_FILE = "model.npz"
RANKER_FILE = "ranker.txt"
VOCABULARY_FILE = "vocabulary.json"
SETTINGS_FILE = "settings.json"

LABELS_SHOWN = 8
EXPLAINED_LABELS = 3
WORDS_PER_LABEL = 2
ROWS_AT_ONCE = 4_096

NO_TEXT = "There is no text to read a niche from."
NO_VECTOR = "The text has not been embedded yet."
UNSURE = "No niche is likely enough to name one."


@dataclass(frozen=True)
class NicheAssignment:
    """The answer for one creator.

    `labels` are the likeliest niches with the calibrated probability that the niche is
    right, likeliest first (also when abstaining for lack of certainty, to show why).
    `evidence` are (label, word, effect) with effect in logits, `chosen` the labels to act
    on. `keywords` and `cluster` describe the unsupervised cluster.
    """

    labels: tuple[tuple[str, float], ...] = ()
    chosen: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str, float], ...] = ()
    keywords: tuple[str, ...] = ()
    cluster_id: int | None = None
    cluster: str | None = None
    abstained: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class NicheModel:
    """Supervised head, ranker and unsupervised clusters over the same text vectors. Read-only.

    The first version has no ranker: there the head's own answer counts.

    `choose_from` is the probability from which further labels are chosen besides the
    likeliest; `abstain_below` the one under which even that is not named.
    """

    version: str
    names: tuple[str, ...]
    features: TextFeatures
    head: LinearHead
    calibration: Calibration
    clusters: NicheClusters
    choose_from: float
    abstain_below: float
    ranker: NicheRanker | None = None

    @classmethod
    def load(cls, directory: Path) -> NicheModel:
        """Read `<root>/niche/<version>`.

        :raises ArtifactError: missing, damaged or not a niche model.
        """
        root, task, version = directory.parent.parent, directory.parent.name, directory.name
        return cls.from_artifact(load_artifact(root, task, version))

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> NicheModel:
        """A checked artefact as a model."""
        arrays = artifact.arrays(MODEL_FILE)
        settings = artifact.document(SETTINGS_FILE)
        blocks = (*TextFeatures.BLOCKS, "meaning")
        return cls(
            version=artifact.version,
            names=tuple(settings["labels"]),
            features=TextFeatures.from_state(
                artifact.document(VOCABULARY_FILE),
                {name: arrays[f"idf_{name}"] for name in TextFeatures.BLOCKS},
                artifact.metadata["feature_set"],
            ),
            head=LinearHead(
                weights={name: arrays[f"weights_{name}"].astype(np.float32) for name in blocks},
                intercept=arrays["intercept"].astype(np.float64),
            ),
            calibration=Calibration(
                logits=tuple(settings["calibration"]["logits"]),
                rates=tuple(settings["calibration"]["rates"]),
            ),
            clusters=NicheClusters(
                centres=arrays["centres"].astype(np.float32),
                names=tuple(settings["cluster_names"]),
                keywords=tuple(tuple(words) for words in settings["cluster_keywords"]),
            ),
            choose_from=settings["choose_from"],
            abstain_below=settings["abstain_below"],
            ranker=_read_ranker(artifact, arrays),
        )

    def predict(
        self, texts: Sequence[str], embeddings: NDArray[np.float32]
    ) -> list[NicheAssignment]:
        """One answer per text; a batch answers as its rows do one by one.

        :param embeddings: vectors of the same texts, shape (n, 384); NaN where a text has none.
        :raises ValueError: as many vectors as texts are needed.
        """
        vectors = np.asarray(embeddings, dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise ValueError(f"{len(texts)} texts need as many vectors, not {vectors.shape}.")
        answers: list[NicheAssignment] = []
        for start in range(0, len(texts), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            answers.extend(self._predict_part(texts[part], vectors[part]))
        return answers

    def _predict_part(
        self, texts: Sequence[str], vectors: NDArray[np.float32]
    ) -> list[NicheAssignment]:
        answers = [NicheAssignment(abstained=True, reason=NO_TEXT) for _ in texts]
        usable = []
        for row, text in enumerate(texts):
            if not readable_text(text):
                continue
            if np.isfinite(vectors[row]).all():
                usable.append(row)
            else:
                answers[row] = NicheAssignment(abstained=True, reason=NO_VECTOR)
        if not usable:
            return answers
        blocks: dict[str, Any] = dict(self.features.transform([texts[row] for row in usable]))
        words = blocks["words"]
        blocks["meaning"] = vectors[usable]
        scores = self._score([texts[row] for row in usable], blocks)
        probabilities = self.calibration.apply(scores).round(6)
        clusters = self.clusters.assign(vectors[usable])
        # By the raw score: the calibrated one has level stretches.
        order = np.argsort(-scores, axis=1, kind="stable")[:, :LABELS_SHOWN]
        for place, row in enumerate(usable):
            answers[row] = self._answer(
                words[place], probabilities[place], order[place], int(clusters[place])
            )
        return answers

    def _score(self, texts: Sequence[str], blocks: dict[str, Any]) -> NDArray[np.float64]:
        """Log-probabilities before calibration, shape (n, labels)."""
        if self.ranker is None:
            return self.head.log_probabilities(blocks)
        own = find_own_words(texts, self.names)
        candidates, scores = describe_candidates(self.head, blocks, own, self.ranker.rates)
        return self.ranker.log_probabilities(candidates, scores)

    def _answer(
        self,
        words: sp.csr_matrix,
        probabilities: NDArray[np.float64],
        order: NDArray[np.intp],
        cluster: int,
    ) -> NicheAssignment:
        labels = tuple((self.names[i], float(probabilities[i])) for i in order)
        unsure = labels[0][1] < self.abstain_below
        chosen = tuple(
            name
            for place, (name, probability) in enumerate(labels)
            if place == 0 or probability >= self.choose_from
        )
        return NicheAssignment(
            labels=labels,
            chosen=() if unsure else chosen,
            evidence=self._evidence(words, order[:EXPLAINED_LABELS]),
            keywords=self.clusters.keywords[cluster],
            cluster_id=cluster,
            cluster=self.clusters.names[cluster],
            abstained=unsure,
            reason=UNSURE if unsure else None,
        )

    def _evidence(
        self, words: sp.csr_matrix, labels: NDArray[np.intp]
    ) -> tuple[tuple[str, str, float], ...]:
        """The words that raise a label most above its average over all labels."""
        weights = self.head.weights["words"][words.indices]
        contributions = words.data[:, None] * (weights - weights.mean(axis=1, keepdims=True))
        vocabulary = self.features.vocabularies_["words"]
        found = []
        for label in labels:
            effects = contributions[:, label]
            for place in np.argsort(-effects, kind="stable")[:WORDS_PER_LABEL]:
                if effects[place] > 0.01:
                    word = str(vocabulary[words.indices[place]])
                    found.append((self.names[label], word, round(float(effects[place]), 4)))
        return tuple(found)


def _read_ranker(artifact: Artifact, arrays: dict[str, np.ndarray]) -> NicheRanker | None:
    if RANKER_FILE not in artifact.contents:
        return None
    names = [field.name for field in fields(LabelRates)]
    return NicheRanker(
        booster=artifact.booster(RANKER_FILE),
        rates=LabelRates(**{name: arrays[f"rates_{name}"] for name in names}),
    )


def niche_terms(label: str) -> str:
    """A label in readable words: "tattoo-artists" → "tattoo artists"."""
    return " ".join(label.replace("-", " ").replace("_", " ").split())
