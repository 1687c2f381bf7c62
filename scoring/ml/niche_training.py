"""Training and evaluating the niche model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml import artifacts, niche_data
from scoring.ml.encoding import DIMENSIONS, ENCODER_VERSION, get_encoder
from scoring.ml.niche_candidates import FEATURES
from scoring.ml.niche_clusters import N_CLUSTERS, NicheClusters, fit_clusters
from scoring.ml.niche_data import Creators
from scoring.ml.niche_features import FEATURE_SET
from scoring.ml.niche_fitting import ABSTAIN_BELOW, Corpus, Stage, Tuned, fit_stage
from scoring.ml.niche_validation import FEWEST_CREATORS, N_FOLDS, validate
from scoring.ml.niches import (
    MODEL_FILE,
    RANKER_FILE,
    SETTINGS_FILE,
    VOCABULARY_FILE,
    NicheModel,
)
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

LICENCE: Final = "none stated for the data (inBeat/inbeat-website)"


def train_niche(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure on held-out creators, then fit on everything and write the artefact.

    :raises TableError: unreadable files, or fewer than 200 labelled creators with text.
    """
    everyone, rows = niche_data.read_creators(files)
    readable = everyone.take(niche_data.has_text(everyone))
    vectors = get_encoder().encode(readable.texts)
    labelled = np.flatnonzero([bool(own) for own in readable.labels])
    if len(labelled) < FEWEST_CREATORS:
        raise TableError(
            f"{', '.join(str(path) for path in files)}: {len(labelled)} creators have text and "
            f"niches; training needs at least {FEWEST_CREATORS}."
        )
    kept = labelled[niche_data.distinct_rows(readable.take(labelled), vectors[labelled])]
    creators, own_vectors = readable.take(kept), vectors[kept]
    names = sorted({label for own in creators.labels for label in own})
    targets = niche_data.targets_for(creators, names)

    corpus = Corpus.of(creators.texts, own_vectors, targets, names)
    validation = validate(
        creators, corpus, names, random_state=random_state, encode=get_encoder().encode
    )
    stage, _ = fit_stage(corpus, np.arange(len(creators)))
    clusters = fit_clusters(
        readable.texts,
        vectors,
        random_state=random_state,
        n_clusters=min(N_CLUSTERS, len(readable) // 20),
        previous=_previous_clusters(out_dir),
    )
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files=_files(names, stage, validation.final, clusters),
        metadata=artifacts.Metadata(
            algorithm="logistic regressions, LightGBM over their candidates, isotonic; K-Means",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(path, rows=count, licence=LICENCE)
                for path, count in zip(files, rows, strict=True)
            ],
            metrics=validation.metrics,
            metrics_by_slice=validation.slices,
            feature_importance={
                name: round(float(gain), 1)
                for name, gain in zip(
                    FEATURES,
                    validation.final.ranker.booster.feature_importance("gain"),
                    strict=True,
                )
            },
            holdout=TASK.holdout(
                f"{N_FOLDS} folds by creator, near-duplicates removed",
                files=files,
                metrics=validation.metrics,
            ),
            extra={
                "encoder_version": ENCODER_VERSION,
                "labelled_creators_with_text": len(labelled),
                "without_near_duplicates": len(creators),
                "labels": len(names),
                "clustered_creators": len(readable),
            },
        ),
    )


def evaluate_niche(model: NicheModel, file: Path) -> Evaluation:
    """Figures on the labelled creators of a file.

    Labels are compared as `label_key` has them. A labelled creator without text, and one for
    whom the model abstains, counts as a miss everywhere; `abstained` is their share. A label
    the model does not know cannot be hit; `known_labels` is the share of those it knows, and
    where it knows none the file says nothing about the model: its figures are None. On the
    file a model was trained on the figures flatter it: the honest ones are in its metadata.

    :raises TableError: unreadable file, or neither bio nor hashtags.
    """
    everyone, [rows] = niche_data.read_creators([file])
    creators = everyone.take(np.flatnonzero([bool(own) for own in everyone.labels]))
    labels = [_known_spelling(own, model.names) for own in creators.labels]
    listed = [label for own in labels for label in own]
    known = set(model.names)
    known_labels = sum(label in known for label in listed) / len(listed) if listed else None
    if not known_labels:
        metrics = dict.fromkeys(TASK.metric_names)
        return Evaluation(rows=rows, metrics={**metrics, "known_labels": known_labels})
    answers = model.predict(creators.texts, embed_texts(creators))
    hits = {1: 0, 3: 0}
    for answer, own in zip(answers, labels, strict=True):
        for depth in hits:
            found = {name for name, _ in answer.labels[:depth]} & set(own)
            hits[depth] += bool(found) and not answer.abstained
    names = sorted({*model.names, *listed})
    chosen = niche_data.targets_of([answer.chosen for answer in answers], names)
    return Evaluation(
        rows=rows,
        metrics={
            "hit_at_1": hits[1] / len(creators),
            "hit_at_3": hits[3] / len(creators),
            "macro_f1": niche_data.macro_f1(niche_data.targets_of(labels, names), chosen),
            "abstained": sum(answer.abstained for answer in answers) / len(creators),
            "known_labels": known_labels,
        },
    )


def label_key(label: str) -> str:
    """A label however it is written: "Tattoo Artists" and "#tattoo_artists" are one."""
    return re.sub(r"[\W_]+", "-", label.casefold()).strip("-") or label


def _known_spelling(labels: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The labels as the model writes them, unknown ones by their key, each once."""
    spellings = {label_key(name): name for name in names}
    keys = (label_key(label) for label in labels)
    return tuple(sorted({spellings.get(key, key) for key in keys}))


def embed_texts(creators: Creators) -> NDArray[np.float32]:
    """Vectors of the creators' texts, shape (n, 384), NaN where there is nothing to read."""
    vectors = np.full((len(creators), DIMENSIONS), np.nan, dtype=np.float32)
    readable = niche_data.has_text(creators)
    vectors[readable] = get_encoder().encode([creators.texts[row] for row in readable])
    return vectors


def _previous_clusters(out_dir: Path) -> NicheClusters | None:
    """Those of the newest version beside `out_dir`, whose names go on; None without one."""
    versions = artifacts.list_artifacts(out_dir.parent.parent, TASK.name)
    if not versions:
        return None
    return NicheModel.load(out_dir.parent / versions[-1]).clusters


def _files(
    names: Sequence[str], stage: Stage, tuned: Tuned, clusters: NicheClusters
) -> dict[str, bytes]:
    # Half precision moves a probability by less than a thousandth and halves the file.
    arrays: dict[str, np.ndarray] = {
        f"weights_{name}": weight.astype(np.float16) for name, weight in stage.head.weights.items()
    }
    arrays |= {f"idf_{name}": idf.astype(np.float32) for name, idf in stage.features.idf_.items()}
    arrays |= {"intercept": stage.head.intercept, "centres": clusters.centres.astype(np.float16)}
    arrays |= {f"rates_{name}": values for name, values in vars(stage.rates).items()}
    settings = {
        "labels": list(names),
        "calibration": asdict(tuned.calibration),
        "choose_from": tuned.choose_from,
        "abstain_below": ABSTAIN_BELOW,
        "cluster_names": clusters.names,
        "cluster_keywords": clusters.keywords,
    }
    return {
        MODEL_FILE: artifacts.arrays_to_bytes(arrays),
        RANKER_FILE: tuned.ranker.booster.model_to_string().encode(),
        VOCABULARY_FILE: artifacts.document_to_bytes(stage.features.to_document()),
        SETTINGS_FILE: artifacts.document_to_bytes(settings),
    }


TASK = TaskSpec(
    name="niche",
    metric_names=("hit_at_1", "hit_at_3", "macro_f1", "abstained"),
    primary_metric="hit_at_1",
    higher_is_better=True,
    train=train_niche,
    load=NicheModel.from_artifact,
    evaluate=evaluate_niche,
)
