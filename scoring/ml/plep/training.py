"""Training and evaluating post-level engagement potential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from scoring.ml import artifacts
from scoring.ml.plep.core import Examples
from scoring.ml.plep.evaluation import OWN_METRICS, SLICE_METRICS, evaluate_file
from scoring.ml.plep.features import FEATURE_SET, FEATURES, MEANING_FEATURES, gather_facts
from scoring.ml.plep.fitting import fit_platform
from scoring.ml.plep.likeness import LIKENESS_FEATURES
from scoring.ml.plep.model import PlepModel
from scoring.ml.plep.platform_model import PlatformModel
from scoring.ml.plep.posts import PLATFORMS, PostFile, Posts, join_files, log_engagement, read_posts
from scoring.ml.plep.validation import Slices, measure
from scoring.ml.plep.vectors import Encode, caption_vectors, encode_texts
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

FEWEST_POSTS: Final = 300
FEWEST_CREATORS: Final = 50
LICENCES: Final = {
    "videos_douyin.csv.gz": "none stated (noir-madlax/GoodGame, 565edbe)",
    "videos_tiktok.csv.gz": "none stated (thienphucle/IE403.P21_Social_Media_Data_Mining, 8826c75)",
    "posts_instagram.csv.gz": "MIT as stated by the repository (Ken-05/InfluencerSphere, 19d0354)",
}
OFF: Final[Mapping[str, tuple[str, ...]]] = {
    "instagram": (*MEANING_FEATURES, *LIKENESS_FEATURES),
}
"""Features that did not pay on a platform: the error was no larger without them."""

PROTOCOL: Final = (
    "per platform, the latest 30 % of posts by creators not trained on, by models of the other "
    "creators' earlier posts (5 folds); mean over platforms weighted by posts"
)


@dataclass(frozen=True)
class Material:
    """Examples per platform, and the rows of each file."""

    examples: Mapping[str, Examples]
    rows: tuple[int, ...]


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure on unseen creators at later times, fit on everything and write the artefact.

    :raises TableError: unreadable files, or no platform with `FEWEST_POSTS` posts of
        `FEWEST_CREATORS` creators.
    """
    material = gather(files)
    return train_on(material, files, out_dir, random_state=random_state, trained_at=trained_at)


def gather(files: Sequence[Path], encode: Encode = encode_texts) -> Material:
    """Posts with known engagement and time, per platform that has enough of them.

    :raises TableError: see `train`.
    """
    read = [read_posts(path) for path in files]
    posts = join_files(read)
    found = {}
    for name in PLATFORMS:
        rows = np.flatnonzero(posts.platforms == name)
        examples = examples_of(posts.take(rows), encode)
        creators = len(np.unique(examples.creators[examples.creators >= 0]))
        if len(examples) >= FEWEST_POSTS and creators >= FEWEST_CREATORS:
            found[name] = examples
    if not found:
        raise TableError(
            f"Training needs at least {FEWEST_POSTS} posts of {FEWEST_CREATORS} creators of one "
            f"platform ({', '.join(PLATFORMS)}) with their engagement and time."
        )
    return Material(found, tuple(file.rows for file in read))


def examples_of(posts: Posts, encode: Encode) -> Examples:
    """The posts of known engagement and time; the others still are history."""
    facts = gather_facts(posts, caption_vectors(list(posts.captions), encode))
    targets = log_engagement(posts)
    rows = np.flatnonzero(np.isfinite(targets) & np.isfinite(posts.times))
    return Examples(facts, targets, posts.creators, posts.times).take(rows)


def train_on(
    material: Material,
    files: Sequence[Path],
    out_dir: Path,
    *,
    random_state: int,
    trained_at: datetime,
) -> dict[str, Any]:
    """`train` with the posts read and their captions encoded."""
    slices: Slices = {}
    contents: dict[str, bytes] = {}
    models = {}
    for name, examples in material.examples.items():
        off = OFF.get(name, ())
        for split, later in (("later", True), ("creators", False)):
            found = measure(examples, random_state=random_state, off=off, later=later)
            slices |= {f"{name}/{split}/{key}": values for key, values in found.items()}
        models[name] = fit_platform(examples, random_state=random_state, off=off)
        contents |= platform_files(name, models[name])
    overall = _overall(slices)
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files=contents,
        metadata=artifacts.Metadata(
            algorithm=(
                "per platform: robust lines + LightGBM quantiles on log engagement, conformalised "
                "(CQR, CV+) apart for creators with and without earlier posts"
            ),
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(
                    path, rows=rows, licence=LICENCES.get(path.name, "not stated")
                )
                for path, rows in zip(files, material.rows, strict=True)
            ],
            metrics=overall,
            metrics_by_slice=slices,
            feature_importance=_importance(models),
            holdout=TASK.holdout(PROTOCOL, files=files, metrics=overall),
            extra={"posts": {name: len(one) for name, one in material.examples.items()}},
        ),
    )


def platform_files(name: str, model: PlatformModel) -> dict[str, bytes]:
    """The files of one platform in an artefact."""
    words = {"mean": model.vocabulary.mean, "directions": model.vocabulary.directions}
    return {
        f"{name}.json": artifacts.document_to_bytes(model.settings.to_json()),
        f"{name}.npz": artifacts.arrays_to_bytes(words),
        **{
            f"{name}_{level}.txt": booster.model_to_string().encode()
            for level, booster in model.boosters.items()
        },
    }


def evaluate(model: PlepModel, file: Path) -> Evaluation:
    """Figures on a file; see `evaluate_file`.

    :raises TableError: see `read_table`.
    """
    read: PostFile = read_posts(file)
    return Evaluation(rows=read.rows, metrics=evaluate_file(model, read))


def _overall(slices: Slices) -> dict[str, float | None]:
    parts = [values for key, values in slices.items() if key.endswith("/later/model")]
    posts = np.array([part["posts"] for part in parts], dtype=float)
    overall: dict[str, float | None] = {}
    for name in SLICE_METRICS:
        values = [part[name] for part in parts]
        if name == "posts":
            overall[name] = float(posts.sum())
        elif any(value is None for value in values):
            overall[name] = None
        else:
            overall[name] = float(np.average(np.array(values, dtype=float), weights=posts))
    return overall


def _importance(models: Mapping[str, PlatformModel]) -> dict[str, float]:
    shares = []
    for model in models.values():
        gains = model.boosters["middle"].feature_importance("gain")
        shares.append(gains / max(gains.sum(), 1e-12))
    mean = np.mean(shares, axis=0)
    return {FEATURES[i]: round(float(mean[i]), 4) for i in np.argsort(-mean, kind="stable")}


TASK: Final = TaskSpec(
    name="plep",
    metric_names=(*SLICE_METRICS, *OWN_METRICS),
    primary_metric="mae_log",
    higher_is_better=False,
    train=train,
    load=PlepModel.from_artifact,
    evaluate=evaluate,
)
