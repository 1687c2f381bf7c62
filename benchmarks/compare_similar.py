"""Do similar creators declare the same niches? The stated score beside the cosine and chance.

    python -m benchmarks.compare_similar [--queries 1000] [--vectors vectors.npy]

Needs ../shared/data/creators.csv.gz. One fold of its creators (by a hash of the id; copies
removed) is both catalogue and queries; the niches the score reads are predicted from their texts
by a head fitted on the other three folds, so nobody's own labels are in it. Precision at 10 is
the share of a creator's ten that share a declared niche. Declared niches echo the texts, and the
niche part was made to find them: this says that it does, not that brands agree.
The last line of stdout is one JSON object.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.discovery.likeness import WEIGHTS, likeness, niche_part, size_part, text_part
from scoring.ml.encoding import get_encoder
from scoring.ml.niche_data import (
    distinct_rows,
    folds_of,
    has_text,
    read_creators,
    targets_for,
)
from scoring.ml.niche_fitting import Corpus, describe_rows, fit_stage
from scoring.ml.niche_words import find_own_words
from scoring.ml.tables import Layout, read_table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "creators.csv.gz"
N_FOLDS = 4
DEPTH = 300
TOP = 10
KEPT = 8
WEIGHTINGS: Mapping[str, Mapping[str, float]] = {
    "cosine": {"text": 1.0},
    "niches": {"niches": 1.0},
    "text and size": {"text": 0.5, "size": 0.1},
    "score": {name: weight for name, weight in WEIGHTS.items() if name != "audience"},
}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """The fold's creators: vectors (n, 384), predicted niches, followers (n,), labels (n, k).

    ``is_echo``: a word of one of their declared niches is in their text.
    """

    vectors: NDArray[np.float32]
    niches: list[dict[str, float]]
    followers: Floats
    targets: NDArray[np.bool_]
    is_echo: NDArray[np.bool_]


def prepare(file: Path, vectors_file: Path | None) -> HeldOut:
    """Fit the niche head without the fold and read the fold's niches with it."""
    everybody, _ = read_creators([file])
    table = read_table(file, Layout(numbers=("followers",), texts=(), needed_any=("followers",)))
    rows = has_text(everybody)
    followers = np.asarray(table.number("followers"), dtype=float)[rows]
    creators = everybody.take(rows)
    if vectors_file and vectors_file.exists():
        vectors = np.load(vectors_file)
    else:
        vectors = get_encoder().encode(creators.texts)
        if vectors_file:
            np.save(vectors_file, vectors)
    keep = distinct_rows(creators, vectors)
    keep = keep[[bool(creators.labels[row]) for row in keep]]
    creators, vectors, followers = creators.take(keep), vectors[keep], followers[keep]
    names = tuple(sorted({name for own in creators.labels for name in own}))
    corpus = Corpus.of(creators.texts, vectors, targets_for(creators, names), names)
    folds = folds_of(creators.ids, n_folds=N_FOLDS, random_state=0)
    outside = np.flatnonzero(folds == 0)
    stage, blocks = fit_stage(corpus, np.flatnonzero(folds != 0))
    scores = describe_rows(corpus, stage, blocks, outside).scores
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = np.argsort(-chances, axis=1)[:, :KEPT]
    said = find_own_words([creators.texts[row] for row in outside], names)
    return HeldOut(
        vectors=vectors[outside],
        niches=[
            {names[label]: float(chances[row, label]) for label in labels}
            for row, labels in enumerate(best)
        ],
        followers=followers[outside],
        targets=corpus.targets[outside],
        is_echo=np.asarray((said.matched & corpus.targets[outside]).any(axis=1)),
    )


def measure(held: HeldOut, *, queries: int, random_state: int = 0) -> dict[str, Floats]:
    """Method → precision at 10 of each query, (queries,), and ``is_echo``."""
    generator = np.random.default_rng(random_state)
    asked = generator.choice(len(held.vectors), size=queries, replace=False)
    shares = (held.targets.astype(int) @ held.targets[asked].T.astype(int)) > 0
    found: dict[str, list[float]] = {name: [] for name in (*WEIGHTINGS, "random")}
    for place, query in enumerate(asked):
        cosines = held.vectors @ held.vectors[query]
        cosines[query] = -2.0
        near = np.argpartition(-cosines, DEPTH)[:DEPTH]
        parts = {
            "text": text_part(cosines[near].astype(float)),
            "niches": niche_part(held.niches[query], [held.niches[row] for row in near]),
            "size": size_part(known(held.followers[query]), held.followers[near]),
        }
        for name, weights in WEIGHTINGS.items():
            scores = likeness({**parts, "audience": np.full(DEPTH, np.nan)}, weights)
            order = np.lexsort((near, -scores))[:TOP]
            found[name].append(float(shares[near[order], place].mean()))
        others = generator.permutation(len(held.vectors))
        found["random"].append(float(shares[others[others != query][:TOP], place].mean()))
    figures = {name: np.array(values) for name, values in found.items()}
    return {**figures, "is_echo": held.is_echo[asked].astype(float)}


def known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def interval(values: Floats, *, random_state: int = 0) -> list[float]:
    """95 % percentile bootstrap over the queries."""
    generator = np.random.default_rng(random_state)
    draws = generator.integers(0, len(values), size=(1_000, len(values)))
    return [
        round(float(edge), 4) for edge in np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--vectors", type=Path, help="keep the text vectors in this file")
    options = parser.parse_args()
    held = prepare(options.data, options.vectors)
    found = measure(held, queries=min(options.queries, len(held.vectors)))
    is_echo = found.pop("is_echo").astype(bool)
    report = {
        name: {
            "precision_at_10": round(float(values.mean()), 4),
            "interval_95": interval(values),
            "niche_word_in_text": round(float(values[is_echo].mean()), 4),
            "no_niche_word": round(float(values[~is_echo].mean()), 4),
            "beats_cosine_by": interval(values - found["cosine"]),
        }
        for name, values in found.items()
    }
    for name, row in report.items():
        print(f"{name:16} {row}")
    facts = {"creators": len(held.vectors), "queries": len(is_echo), "depth": DEPTH}
    print(json.dumps({**facts, "methods": report}))


if __name__ == "__main__":
    main()
