"""Training and evaluating the niche model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml import artifacts, niche_data
from scoring.ml.encoding import DIMENSIONS, ENCODER_VERSION, get_encoder
from scoring.ml.metrics import calibration_error
from scoring.ml.niche_clusters import N_CLUSTERS, NicheClusters, fit_clusters
from scoring.ml.niche_data import Creators
from scoring.ml.niche_features import FEATURE_SET, TextFeatures
from scoring.ml.niche_head import (
    Calibration,
    LinearHead,
    fit_baseline,
    fit_calibration,
    fit_head,
)
from scoring.ml.niches import MODEL_FILE, SETTINGS_FILE, VOCABULARY_FILE, NicheModel
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

N_FOLDS: Final = 4
FEWEST_CREATORS: Final = 200
ABSTAIN_BELOW: Final = 0.10
THRESHOLDS: Final = tuple(np.arange(0.15, 0.65, 0.05).round(2))
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

    scores = _out_of_fold(creators, own_vectors, targets, random_state)
    calibration = fit_calibration(scores["model"], targets)
    choose_from = _choose_threshold(scores["model"], calibration.apply(scores["model"]), targets)
    metrics, slices = _figures(creators, scores, targets, choose_from)

    features = TextFeatures().fit(creators.texts)
    head = fit_head({**features.transform(creators.texts), "meaning": own_vectors}, targets)
    clusters = fit_clusters(
        readable.texts,
        vectors,
        random_state=random_state,
        n_clusters=min(N_CLUSTERS, len(readable) // 20),
    )
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files=_files(names, features, head, calibration, clusters, choose_from),
        metadata=artifacts.Metadata(
            algorithm="mean of three multinomial logistic regressions, isotonic; K-Means",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(path, rows=count, licence=LICENCE)
                for path, count in zip(files, rows, strict=True)
            ],
            metrics=metrics,
            metrics_by_slice=slices,
            feature_importance={
                name: round(float(np.abs(weight).mean()), 6)
                for name, weight in head.weights.items()
            },
            holdout=TASK.holdout(
                f"{N_FOLDS} folds by creator, near-duplicates removed", files=files, metrics=metrics
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

    A labelled creator without text, and one for whom the model abstains, counts as a miss
    everywhere; `abstained` is their share. Labels the model does not know cannot be hit. On
    the file a model was trained on the figures flatter it: the honest ones are in its
    metadata.

    :raises TableError: unreadable file, or neither bio nor hashtags.
    """
    everyone, [rows] = niche_data.read_creators([file])
    creators = everyone.take(np.flatnonzero([bool(own) for own in everyone.labels]))
    if not len(creators):
        return Evaluation(rows=rows, metrics=dict.fromkeys(TASK.metric_names))
    answers = model.predict(creators.texts, embed_texts(creators))
    hits = {1: 0, 3: 0}
    for answer, own in zip(answers, creators.labels, strict=True):
        for depth in hits:
            found = {name for name, _ in answer.labels[:depth]} & set(own)
            hits[depth] += bool(found) and not answer.abstained
    names = sorted({*model.names, *(label for own in creators.labels for label in own)})
    chosen = niche_data.targets_of([answer.chosen for answer in answers], names)
    return Evaluation(
        rows=rows,
        metrics={
            "hit_at_1": hits[1] / len(creators),
            "hit_at_3": hits[3] / len(creators),
            "macro_f1": niche_data.macro_f1(niche_data.targets_for(creators, names), chosen),
            "abstained": sum(answer.abstained for answer in answers) / len(creators),
        },
    )


def embed_texts(creators: Creators) -> NDArray[np.float32]:
    """Vectors of the creators' texts, shape (n, 384), NaN where there is nothing to read."""
    vectors = np.full((len(creators), DIMENSIONS), np.nan, dtype=np.float32)
    readable = niche_data.has_text(creators)
    vectors[readable] = get_encoder().encode([creators.texts[row] for row in readable])
    return vectors


def _out_of_fold(
    creators: Creators,
    vectors: NDArray[np.float32],
    targets: NDArray[np.bool_],
    random_state: int,
) -> dict[str, NDArray[np.float64]]:
    """Log-probabilities for every creator from a model that has not seen it."""
    folds = niche_data.folds_of(creators.ids, n_folds=N_FOLDS, random_state=random_state)
    scores = {name: np.zeros(targets.shape) for name in ("model", "baseline", "majority")}
    for fold in range(N_FOLDS):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        features = TextFeatures().fit([creators.texts[row] for row in inside])
        blocks = {**features.transform(creators.texts), "meaning": vectors}
        seen = {name: block[inside] for name, block in blocks.items()}
        unseen = {name: block[outside] for name, block in blocks.items()}
        scores["model"][outside] = fit_head(seen, targets[inside]).log_probabilities(unseen)
        baseline = fit_baseline(seen["words"], targets[inside])
        scores["baseline"][outside] = baseline.log_probabilities(unseen)
        shares = targets[inside].sum(axis=0) + 1e-9
        scores["majority"][outside] = np.log(shares / shares.sum())
    return scores


def _choose_threshold(
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


def _figures(
    creators: Creators,
    scores: dict[str, NDArray[np.float64]],
    targets: NDArray[np.bool_],
    choose_from: float,
) -> tuple[dict[str, float | None], dict[str, dict[str, float | None]]]:
    # Calibrated on one half of the creators and judged on the other, both ways round.
    half = niche_data.folds_of(creators.ids, n_folds=2, random_state=N_FOLDS + 1) == 0
    probabilities = {name: np.zeros(targets.shape) for name in scores}
    for name, own in scores.items():
        for part in (half, ~half):
            calibration = fit_calibration(own[~part], targets[~part])
            probabilities[name][part] = calibration.apply(own[part])

    def slice_of(
        rows: NDArray[np.intp], name: str = "model", columns: NDArray[np.bool_] | None = None
    ) -> dict[str, float | None]:
        wanted = targets[rows] if columns is None else targets[rows] & columns
        # The baselines always answer: to abstain is part of the model, not of its rivals.
        below = ABSTAIN_BELOW if name == "model" else 0.0
        return _slice(scores[name][rows], probabilities[name][rows], wanted, choose_from, below)

    everyone = np.arange(len(creators))
    slices = {f"{name}/all": slice_of(everyone, name) for name in ("baseline", "majority")}
    for platform, count in Counter(creators.platforms).most_common():
        if count >= FEWEST_CREATORS:
            rows = np.flatnonzero([own == platform for own in creators.platforms])
            slices[f"platform/{platform}"] = slice_of(rows)
    common = targets.sum(axis=0) >= FEWEST_CREATORS
    for label, columns in (("common", common), ("rare", ~common)):
        rows = np.flatnonzero(targets[:, columns].any(axis=1))
        slices[f"niches/{label}"] = slice_of(rows, columns=columns)
    overall = slice_of(everyone)
    top = scores["model"].argmax(axis=1)
    overall["calibration_error"] = calibration_error(
        targets[everyone, top], probabilities["model"][everyone, top]
    )
    return overall, slices


def _slice(
    scores: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    targets: NDArray[np.bool_],
    choose_from: float,
    abstain_below: float,
) -> dict[str, float | None]:
    """Figures with abstained creators counted as misses."""
    ranking = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    best = ranking[:, 0]
    sure = probabilities[np.arange(len(best)), best] >= abstain_below
    chosen = niche_data.choose_labels(probabilities, best, choose_from, abstain_below)
    misses = int((~sure).sum())
    return {
        "hit_at_1": niche_data.hit_at(ranking[sure], targets[sure], 1, misses),
        "hit_at_3": niche_data.hit_at(ranking[sure], targets[sure], 3, misses),
        "macro_f1": niche_data.macro_f1(targets, chosen),
        "abstained": float((~sure).mean()) if len(sure) else None,
        "creators": float(len(targets)),
    }


def _files(
    names: Sequence[str],
    features: TextFeatures,
    head: LinearHead,
    calibration: Calibration,
    clusters: NicheClusters,
    choose_from: float,
) -> dict[str, bytes]:
    # Half precision moves a probability by less than a thousandth and halves the file.
    arrays: dict[str, np.ndarray] = {
        f"weights_{name}": weight.astype(np.float16) for name, weight in head.weights.items()
    }
    arrays |= {f"idf_{name}": idf.astype(np.float32) for name, idf in features.idf_.items()}
    arrays |= {"intercept": head.intercept, "centres": clusters.centres.astype(np.float16)}
    settings = {
        "labels": list(names),
        "calibration": asdict(calibration),
        "choose_from": choose_from,
        "abstain_below": ABSTAIN_BELOW,
        "cluster_names": clusters.names,
        "cluster_keywords": clusters.keywords,
    }
    return {
        MODEL_FILE: artifacts.arrays_to_bytes(arrays),
        VOCABULARY_FILE: artifacts.document_to_bytes(features.to_document()),
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
