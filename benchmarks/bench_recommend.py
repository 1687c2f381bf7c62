"""Training time and full-catalogue NDCG beside `implicit`, EASE and popularity, in one run.

    python -m benchmarks.bench_recommend [--data ../shared/data/videos_douyin.csv.gz]
        [--tags ../shared/data/creators.csv.gz] [--repeats 3]

Three data sets: a simulated market (split by time; what brands chose later, and what only the
simulator knows they would like), and, where the files are there, real choices: which tag met
which creator in posts, split by time, and which creator posts under which tag, with tags and
creators held out whole (docs/models/recommend.md). Methods that read choices alone cannot place
who is new in the third; its figures for texts are those of `manage.py train recommend`.

Everything runs on one thread and learns from the same matrices. Needs
benchmarks/requirements.txt. The last line of stdout is one JSON object.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from scoring.ml.recommending import baselines
from scoring.ml.recommending.events import build_interactions
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.features import with_identities
from scoring.ml.recommending.measuring import bootstrap_interval, measure
from scoring.ml.recommending.post_tags import read_post_tags
from scoring.ml.recommending.simulated_trial import make_trial
from scoring.ml.recommending.simulation import simulate_market
from scoring.ml.recommending.tag_data import read_tags
from scoring.ml.recommending.tag_trial import some_tags, split_choices

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DIMENSIONS = 32
EPOCHS = 30
TRAINED_SHARE = 0.8
NEVER_FADES = 1e9
# The best of four settings on both data sets; its defaults (0.01) are far behind here.
IMPLICIT_BPR = {"iterations": 100, "learning_rate": 0.05}

Floats = NDArray[np.float64]
Trained = Callable[[], Floats]


def ours(
    weights: sparse.csr_array,
    users: sparse.csr_array,
    items: sparse.csr_array,
    loss: Literal["bpr", "warp"],
) -> Trained:
    def train() -> Floats:
        model = HybridFactorisation(loss=loss, dimensions=DIMENSIONS, epochs=EPOCHS)
        return model.fit(weights, users, items).score(users, items)

    return train


def theirs(weights: sparse.csr_array, kind: Any, **settings: Any) -> Trained:
    def train() -> Floats:
        model = kind(factors=DIMENSIONS, random_state=0, num_threads=1, **settings)
        model.fit(sparse.csr_matrix(weights), show_progress=False)
        return np.asarray(model.user_factors @ model.item_factors.T, dtype=float)

    return train


def contestants(
    weights: sparse.csr_array, users: sparse.csr_array, items: sparse.csr_array
) -> dict[str, Trained]:
    """:param users: and :param items: feature rows with identities last."""
    alone = identities(weights.shape)
    popular = baselines.popularity(weights)
    made = {
        "popularity": lambda: np.tile(popular, (weights.shape[0], 1)),
        "EASE": lambda: baselines.ease_scores(weights, regularisation=20.0),
        "implicit ALS": theirs(weights, AlternatingLeastSquares, iterations=15),
        "implicit BPR": theirs(weights, BayesianPersonalizedRanking, **IMPLICIT_BPR),
        "ours BPR, identities": ours(weights, *alone, "bpr"),
        "ours WARP, identities": ours(weights, *alone, "warp"),
    }
    if users.shape[1] > users.shape[0]:
        made["ours BPR, identities and facts"] = ours(weights, users, items, "bpr")
        made["ours WARP, identities and facts"] = ours(weights, users, items, "warp")
    return made


def identities(shape: tuple[int, int]) -> tuple[sparse.csr_array, sparse.csr_array]:
    users, items = shape
    return (
        with_identities(sparse.csr_array((users, 0))),
        with_identities(sparse.csr_array((items, 0))),
    )


def compare(
    made: dict[str, Trained],
    answers: dict[str, sparse.csr_array],
    known: sparse.csr_array,
    repeats: int,
) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, train in made.items():
        laps = []
        for _ in range(repeats):
            started = time.perf_counter()
            scores = train()
            laps.append(time.perf_counter() - started)
        row: dict[str, Any] = {"train_and_score_s": round(statistics.median(laps), 3)}
        for answer, held_out in answers.items():
            found = measure(lambda rows, s=scores: s[rows], held_out, known=known)  # type: ignore[misc]
            own = found.per_user["ndcg_at_10"]
            interval = bootstrap_interval(own) or (float("nan"), float("nan"))
            row[answer] = {k: round(v, 4) for k, v in found.means().items() if v is not None}
            row[answer] |= {"interval": [round(v, 4) for v in interval], "rows": len(own)}
        table[name] = row
        print(name, row["train_and_score_s"], {a: row[a]["ndcg_at_10"] for a in answers})
    slow = table["implicit BPR"]["train_and_score_s"]
    for row in table.values():
        row["time_ratio_to_implicit_bpr"] = round(row["train_and_score_s"] / slow, 3)
    return table


def compare_simulated(repeats: int) -> dict[str, Any]:
    trial = make_trial(simulate_market(random_state=1))
    catalogue = trial.catalogue
    made = contestants(trial.known.weights, catalogue.brand_rows, catalogue.creator_rows)
    answers = {"later": trial.later, "liked": trial.liked}
    return compare(made, answers, trial.done, repeats)


def compare_real(path: Path, repeats: int) -> dict[str, Any]:
    data = read_post_tags([path])
    shape = (len(data.tags), len(data.creators))
    cut = float(np.quantile(data.log.days, TRAINED_SHARE))
    end = float(data.log.days.max()) + 1.0
    known = build_interactions(data.log, shape, as_of_day=cut, half_life_days=NEVER_FADES).weights
    later = build_interactions(data.log.since(cut), shape, as_of_day=end).weights
    seen = np.bincount(known.indices, minlength=shape[1]) > 0
    later = sparse.csr_array(later.multiply(seen[None, :].astype(float)))
    return compare(contestants(known, *identities(shape)), {"later": later}, known, repeats)


def compare_tags(path: Path, repeats: int) -> dict[str, Any]:
    """The tags and the split of the model card: what is chosen is held out, whole or in part."""
    data = read_tags([path], with_vectors=False)
    split = split_choices(data.choices, random_state=0)
    asked = some_tags(len(data.tags), 0)
    known_tags = np.setdiff1d(asked, split.new_tags)
    rows = np.zeros((data.choices.shape[0], 1))
    answers = {}
    for name, chosen in (("all", asked), ("known tags", known_tags)):
        only = rows.copy()
        only[chosen] = 1.0
        answers[name] = sparse.csr_array(split.held_out.multiply(only))
    made = contestants(split.known, *identities(split.known.shape))
    return compare(made, answers, split.known, repeats)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=SHARED / "videos_douyin.csv.gz")
    parser.add_argument("--tags", type=Path, default=SHARED / "creators.csv.gz")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    report: dict[str, Any] = {"benchmark": "recommend", "repeats": options.repeats}
    with threadpool_limits(limits=1):
        report["simulated market"] = compare_simulated(options.repeats)
        if options.data.exists():
            report[f"real, {options.data.name}"] = compare_real(options.data, options.repeats)
        if options.tags.exists():
            report[f"real, {options.tags.name}"] = compare_tags(options.tags, 1)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
