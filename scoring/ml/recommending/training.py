"""Train and measure the recommender on real choices: creators and the tags they post under.

What ships is the part that reads facts alone, so it can start in a market where neither brands
nor creators are known; events then add to it by `learning`. Behaviour as such is public nowhere:
the simulated market's figures stand beside the real ones and are named so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from scoring.ml.artifacts import DataSource, Metadata, save_artifact
from scoring.ml.recommending import simulated_trial, tag_data
from scoring.ml.recommending.measuring import measure
from scoring.ml.recommending.simulation import simulate_market
from scoring.ml.recommending.tag_model import (
    RecommendModel,
    fit_factors,
    identified,
    keep_facts,
    load_recommend,
    make_empty,
    model_files,
)
from scoring.ml.recommending.tag_trial import (
    SHIPPED,
    flat_figures,
    measure_choices,
    some_tags,
)
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

FEATURE_SET: Final = "recommend-facts-2"
LICENCE: Final = "none stated for the data (inBeat/inbeat-website, 8f53c63)"
FEWEST_TAGS: Final = 20


def train_recommend(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> Mapping[str, Any]:
    """Measure on what was held out, then fit on everything and keep the facts.

    :raises TableError: unreadable file, or fewer than 20 tags that five creators share.
    """
    data = tag_data.read_tags(files)
    if len(data.tags) < FEWEST_TAGS:
        raise TableError(
            f"{files[0]}: {len(data.tags)} tags are shared by {tag_data.FEWEST_CREATORS} "
            f"creators; at least {FEWEST_TAGS} are needed."
        )
    slices = measure_choices(data, random_state=random_state)
    trial = simulated_trial.make_trial(simulate_market(random_state=random_state))
    for question, table in simulated_trial.report(trial, random_state=random_state).items():
        for name, figures in table.items():
            slices[f"simulated, {question}: {name}"] = flat_figures(figures)
    empty = make_empty(data)
    learned = fit_factors(
        identified(empty.catalogue(data)), data.choices, random_state=random_state
    )
    model = keep_facts(empty, learned, data, out_dir.name)
    metrics = {name: slices[SHIPPED].get(name) for name in TASK.metric_names}
    return save_artifact(
        out_dir,
        task=TASK.name,
        files=model_files(model),
        metadata=Metadata(
            algorithm="hybrid factorisation (LightFM's model, WARP) on facts, and words in common",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[DataSource.from_file(path, rows=data.rows, licence=LICENCE) for path in files],
            metrics=metrics,
            metrics_by_slice=slices,
            feature_importance=_importance(model),
            holdout=TASK.holdout(
                "a tenth of tags, a fifth of creators and of the other pairs held out",
                files=files,
                metrics=metrics,
            ),
            extra={
                "tags": len(data.tags),
                "brand_tags": int(data.is_brand.sum()),
                "creators": data.choices.shape[1],
                "choices": int(data.choices.nnz),
                "ranker_kept": model.recommender.ranker is not None,
            },
        ),
    )


def evaluate_recommend(model: RecommendModel, file: Path) -> Evaluation:
    """Whether creators who post under a tag come first for it; every tag and creator is new.

    On the file the model was trained on this flatters it: the honest figures are in its
    metadata. A file without hashtags that five creators share supports no figure.

    :raises TableError: unreadable file.
    """
    data = tag_data.read_tags([file])
    if not data.tags:
        return Evaluation(rows=data.rows, metrics=dict.fromkeys(TASK.metric_names))
    chosen = some_tags(len(data.tags), 0)
    table = model.score(data, chosen)
    found = measure(
        lambda rows: table[np.searchsorted(chosen, rows)],
        data.choices,
        known=sparse.csr_array(data.choices.shape),
        users=chosen,
    )
    figures = found.means()
    return Evaluation(
        rows=data.rows, metrics={name: figures.get(name) for name in TASK.metric_names}
    )


def _importance(model: RecommendModel) -> dict[str, float]:
    """Mean length of what a feature adds to a creator's vector, by kind of fact."""
    table = model.recommender.factorisation.tables_["items"]
    lengths = np.linalg.norm(table, axis=1)
    kinds: dict[str, list[float]] = {}
    for column, length in enumerate(lengths):
        names = model.creator_features.names_
        kind = names[column].split("=")[0] if column < len(names) else "text"
        kinds.setdefault(kind, []).append(float(length))
    return {kind: round(float(np.mean(values)), 6) for kind, values in kinds.items()}


TASK = TaskSpec(
    name="recommend",
    metric_names=("ndcg_at_10", "recall_at_10", "recall_at_50", "rmse", "rank_correlation"),
    primary_metric="ndcg_at_10",
    higher_is_better=True,
    train=train_recommend,
    load=load_recommend,
    evaluate=evaluate_recommend,
)
