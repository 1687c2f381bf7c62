"""Train and measure the recommender on real choices: creators and the tags they post under.

One split by chance serves three questions: a tenth of the tags is held out whole (new
brands), a fifth of the creators (new creators), and a fifth of the pairs that are left.
Everything is fitted on what remains. What ships is the part that reads facts alone, so it
can start in a market where neither brands nor creators are known; events then add to it
by `partial_fit`. Behaviour as such is public nowhere: the simulated market's figures stand
beside the real ones and are named so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.artifacts import (
    Artifact,
    DataSource,
    Metadata,
    arrays_to_bytes,
    document_to_bytes,
    save_artifact,
)
from scoring.ml.recommending import baselines, simulated_trial, tag_data
from scoring.ml.recommending.events import Interactions
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.features import FeatureEncoder, with_identities
from scoring.ml.recommending.measuring import (
    Measurement,
    bootstrap_interval,
    measure,
    split_items,
    split_pairs,
)
from scoring.ml.recommending.points_rating import Profiles
from scoring.ml.recommending.ranker import CandidateRanker
from scoring.ml.recommending.recommender import Catalogue, Recommender
from scoring.ml.recommending.simulation import simulate_market
from scoring.ml.recommending.tag_data import TagData
from scoring.ml.recommending.words import WordMatch
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS_FILE: Final = "factors.npz"
FEATURES_FILE: Final = "features.json"
RANKER_FILE: Final = "ranker.txt"
FEATURE_SET: Final = "recommend-facts-1"
LICENCE: Final = "none stated for the data (inBeat/inbeat-website, 8f53c63)"
WIDTH: Final = 96
START_SCALE: Final = 3.0
CONTENT_WEIGHT: Final = 1.0
FEWEST_TAGS: Final = 20
TAGS_MEASURED: Final = 250
TAGS_FOR_RANKER: Final = 150
FACTS_ALONE: Final = "facts alone"
SHIPPED: Final = "facts and words (shipped)"
FACTORISATION: Final[Mapping[str, Any]] = {
    "loss": "warp",
    "draws": 50,
    "dimensions": WIDTH,
    "epochs": 4,
    "learning_rate": 0.05,
}


@dataclass(frozen=True)
class RecommendModel:
    """What ships: how facts become feature rows, and the two stages."""

    version: str
    projection: Floats
    brand_features: FeatureEncoder
    creator_features: FeatureEncoder
    recommender: Recommender
    reads_words: bool = True

    def score(self, data: TagData, tags: Ints) -> Floats:
        """Scores of every creator of a file for some of its tags, (tags, creators)."""
        nothing = plain_interactions(sparse.csr_array(data.choices.shape))
        scores = self.recommender.score(self.catalogue(data), tags, nothing)
        if self.reads_words:
            scores = scores + WordMatch(data.bios).score([data.tags[row] for row in tags])
        return scores

    def catalogue(self, data: TagData) -> Catalogue:
        """Both sides of a file of tags, without identities."""
        return _catalogue(data, self.projection, self.brand_features, self.creator_features)


@dataclass(frozen=True)
class Split:
    """Choices to learn from and to find; tags and creators held out whole."""

    known: sparse.csr_array
    held_out: sparse.csr_array
    new_tags: Ints
    new_creators: NDArray[np.bool_]


def split_choices(choices: sparse.csr_array, *, random_state: int) -> Split:
    rng = np.random.default_rng(random_state)
    new_tags = rng.random(choices.shape[0]) < 0.1
    new_creators = rng.random(choices.shape[1]) < 0.2
    left, by_tag = split_items(sparse.csr_array(choices.T), new_tags)
    left, by_creator = split_items(sparse.csr_array(left.T), new_creators)
    left, by_pair = split_pairs(left, share=0.2, random_state=random_state)
    return Split(
        known=left,
        held_out=sparse.csr_array(by_tag.T + by_creator + by_pair),
        new_tags=np.flatnonzero(new_tags),
        new_creators=new_creators,
    )


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
            slices[f"simulated, {question}: {name}"] = _flat(figures)
    empty = make_empty(data)
    learned = fit_factors(
        _with_identities(empty.catalogue(data)), data.choices, random_state=random_state
    )
    model = keep_facts(empty, learned, data, out_dir.name)
    metrics = {name: slices[SHIPPED].get(name) for name in TASK.metric_names}
    return save_artifact(
        out_dir,
        task=TASK.name,
        files=_files(model),
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


def measure_choices(data: TagData, *, random_state: int) -> dict[str, dict[str, Any]]:
    """Every recommender on the held-out choices, overall and by what was new."""
    split = split_choices(data.choices, random_state=random_state)
    known = plain_interactions(split.known)
    empty = make_empty(data)
    catalogue = empty.catalogue(data)
    full = _with_identities(catalogue)
    both, ranked = _fit_both(full, split.known, random_state)
    facts = keep_facts(empty, both.factorisation, data, "held out")
    cosine = baselines.content_cosine(data.tag_vectors, data.bio_vectors)
    ease = baselines.ease_scores(split.known, regularisation=1.0)
    popular = baselines.popularity(split.known)
    chosen = _some(len(data.tags), random_state)
    new_tags = split.new_tags[:TAGS_MEASURED]
    old = np.setdiff1d(chosen, split.new_tags)
    questions: dict[str, tuple[Ints, NDArray[np.bool_] | None]] = {
        "": (chosen, None),
        ": brand tags": (np.flatnonzero(data.is_brand), None),
        ": new tags": (new_tags, None),
        ": new tags, new creators": (new_tags, split.new_creators),
        ": known tags, known creators": (old, ~split.new_creators),
        ": known tags, new creators": (old, split.new_creators),
    }
    wanted = np.unique(np.concatenate([rows for rows, _ in questions.values()]))
    words = WordMatch(data.bios)
    shared = words.score([data.tags[row] for row in wanted])
    scorers: dict[str, Callable[[Ints], Floats]] = {
        "popularity": lambda rows: np.tile(popular, (len(rows), 1)),
        "cosine only": lambda rows: cosine[rows],
        "words only": lambda rows: shared[np.searchsorted(wanted, rows)],
        "EASE": lambda rows: ease[rows],
        FACTS_ALONE: lambda rows: facts.recommender.score(catalogue, rows, known),
        SHIPPED: lambda rows: (
            facts.recommender.score(catalogue, rows, known) + shared[np.searchsorted(wanted, rows)]
        ),
        "with identities": lambda rows: both.score(full, rows, known),
        "with identities and words": lambda rows: (
            both.score(full, rows, known) + shared[np.searchsorted(wanted, rows)]
        ),
    }
    if ranked.ranker is not None:
        scorers["with identities + ranker"] = lambda rows: ranked.score(full, rows, known)
    slices: dict[str, dict[str, Any]] = {}
    beaten: dict[str, Floats] = {}
    for name, score in scorers.items():
        table = score(wanted)
        for question, (rows, items) in questions.items():
            found = measure(
                lambda own, table=table: table[np.searchsorted(wanted, own)],  # type: ignore[misc]
                split.held_out,
                known=split.known,
                users=rows,
                items=items,
            )
            if name == "cosine only":
                beaten[question] = found.per_user["ndcg_at_10"]
            slices[name + question] = _figures(found, beaten.get(question))
    return slices


def make_empty(data: TagData) -> RecommendModel:
    """How facts of this file become features; nothing learned from choices yet."""
    projection = tag_data.fit_projection(np.vstack([data.bio_vectors, data.tag_vectors]), WIDTH)
    return RecommendModel(
        version="untrained",
        projection=projection,
        brand_features=FeatureEncoder().fit(tag_data.tag_facts(data, projection)),
        creator_features=FeatureEncoder(fewest_rows=5).fit(
            tag_data.creator_facts(data, projection)
        ),
        recommender=Recommender(HybridFactorisation(), content_weight=CONTENT_WEIGHT),
    )


def keep_facts(
    empty: RecommendModel, learned: HybridFactorisation, data: TagData, version: str
) -> RecommendModel:
    """What ships: identities took up what was particular, and stay behind with their owners."""
    catalogue = empty.catalogue(data)
    facts = learned.without_identities(
        catalogue.brand_rows.shape[1], catalogue.creator_rows.shape[1]
    )
    recommender = Recommender(facts, content_weight=CONTENT_WEIGHT)
    return replace(empty, version=version, recommender=recommender)


def fit_factors(
    catalogue: Catalogue, choices: sparse.csr_array, *, random_state: int
) -> HybridFactorisation:
    """:param catalogue: with identities last in both feature rows."""
    rows = (catalogue.brand_rows, catalogue.creator_rows)
    model = HybridFactorisation(random_state=random_state, **FACTORISATION)
    plain = tuple(side[:, : side.shape[1] - side.shape[0]] for side in rows)
    return model.fit(choices, *rows, start=_cosine_start(*plain))


def load_recommend(artifact: Artifact) -> RecommendModel:
    arrays = artifact.arrays(FACTORS_FILE)
    document = artifact.document(FEATURES_FILE)
    ranker = None
    if RANKER_FILE in artifact.contents:
        ranker = CandidateRanker().load(artifact.booster(RANKER_FILE))
    factorisation = HybridFactorisation(
        random_state=int(artifact.metadata["random_state"]), **FACTORISATION
    )
    return RecommendModel(
        version=artifact.version,
        projection=arrays["projection"].astype(float),
        brand_features=FeatureEncoder.from_document(document["brand"]),
        creator_features=FeatureEncoder.from_document(document["creator"]),
        recommender=Recommender(
            factorisation.load_arrays(arrays), ranker, content_weight=CONTENT_WEIGHT
        ),
        reads_words=bool(document.get("reads_words", False)),
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
    chosen = _some(len(data.tags), 0)
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


def plain_interactions(choices: sparse.csr_array) -> Interactions:
    """Choices without impressions or hides."""
    return Interactions(choices, sparse.csr_array(choices.shape), choices)


def _fit_both(
    catalogue: Catalogue, known: sparse.csr_array, random_state: int
) -> tuple[Recommender, Recommender]:
    """With identities: the factorisation alone, and with a ranker if one is worth keeping."""
    earlier, later = split_pairs(known, share=0.2, random_state=random_state + 1)

    ranked = Recommender(
        fit_factors(catalogue, earlier, random_state=random_state), content_weight=CONTENT_WEIGHT
    ).fit_ranker(
        catalogue,
        plain_interactions(earlier),
        plain_interactions(later),
        brands=np.random.default_rng(random_state).permutation(known.shape[0])[:TAGS_FOR_RANKER],
        random_state=random_state,
    )
    ranked.factorisation = fit_factors(catalogue, known, random_state=random_state)
    return Recommender(ranked.factorisation, content_weight=CONTENT_WEIGHT), ranked


def _catalogue(
    data: TagData, projection: Floats, brand: FeatureEncoder, creator: FeatureEncoder
) -> Catalogue:
    tags, creators = len(data.tags), data.choices.shape[1]
    return Catalogue(
        brand_rows=brand.transform(tag_data.tag_facts(data, projection)),
        creator_rows=creator.transform(tag_data.creator_facts(data, projection)),
        # A tag has neither place nor category, and its own use is what is to be found.
        brands=Profiles([None] * tags, [None] * tags, [()] * tags),
        creators=Profiles(data.locations, [None] * creators, [()] * creators, data.engagement),
        brand_vectors=data.tag_vectors,
        creator_vectors=data.bio_vectors,
        followers=data.followers,
    )


def _with_identities(catalogue: Catalogue) -> Catalogue:
    return Catalogue(
        **{
            **vars(catalogue),
            "brand_rows": with_identities(catalogue.brand_rows),
            "creator_rows": with_identities(catalogue.creator_rows),
        }
    )


def _cosine_start(*rows: sparse.csr_array) -> dict[str, Floats]:
    """Tables under which the first scores are cosines: the dense block maps onto itself."""
    tables = {}
    for name, side in zip(("users", "items"), rows, strict=True):
        table = np.zeros((side.shape[1], WIDTH))
        table[side.shape[1] - WIDTH :] = START_SCALE * np.eye(WIDTH)
        tables[name] = table
    return tables


def _files(model: RecommendModel) -> dict[str, bytes]:
    files = {
        FACTORS_FILE: arrays_to_bytes(
            model.recommender.factorisation.to_arrays()
            | {"projection": model.projection.astype(np.float32)}
        ),
        FEATURES_FILE: document_to_bytes(
            {
                "brand": model.brand_features.to_document(),
                "creator": model.creator_features.to_document(),
                "reads_words": model.reads_words,
            }
        ),
    }
    if model.recommender.ranker is not None:
        text = model.recommender.ranker.booster_.model_to_string()
        files[RANKER_FILE] = text.encode("utf-8")
    return files


def _some(tags: int, random_state: int) -> Ints:
    """Tags to measure, drawn by lot: the whole catalogue competes for each of them."""
    return np.sort(np.random.default_rng(random_state).permutation(tags)[:TAGS_MEASURED])


def _figures(found: Measurement, cosine: Floats | None = None) -> dict[str, Any]:
    """:param cosine: NDCG@10 of the cosine on the same tags: how much is gained over it."""
    own = found.per_user["ndcg_at_10"]
    figures = _flat(
        found.means() | {"ndcg_at_10_interval": bootstrap_interval(own), "tags": len(own)}
    )
    if cosine is None or not len(own):
        return figures
    low, high = bootstrap_interval(own - cosine) or (None, None)
    gain = float((own - cosine).mean())
    return figures | {"over_cosine": gain, "over_cosine_low": low, "over_cosine_high": high}


def _flat(figures: Mapping[str, Any]) -> dict[str, Any]:
    low, high = figures["ndcg_at_10_interval"] or (None, None)
    rest = {name: value for name, value in figures.items() if name != "ndcg_at_10_interval"}
    return rest | {"ndcg_at_10_low": low, "ndcg_at_10_high": high}


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
