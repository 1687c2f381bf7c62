"""Naming niches: milliseconds per creator beyond the encoder, every shipped version in one run.

    python -m benchmarks.bench_niche FILE [--creators 2000]

FILE is in the layout of creators.csv.gz. The versions take turns, three times; the last line
of stdout is one JSON object with the best round of each, one by one and in batches.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import scoring
from scoring.ml import niche_data
from scoring.ml.artifacts import list_artifacts
from scoring.ml.encoding import get_encoder
from scoring.ml.niches import NicheModel

ARTIFACTS = Path(scoring.__file__).parent / "artifacts"
ROUNDS = 3
ALONE = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--creators", type=int, default=2_000)
    options = parser.parse_args()
    creators, _ = niche_data.read_creators([options.file])
    rows = niche_data.has_text(creators)[: options.creators]
    texts = [creators.texts[row] for row in rows]
    encoder = get_encoder()
    encoder.encode(texts[:50])
    result: dict[str, float | int] = {"creators": len(texts)}
    result["encoder_ms"], vectors = _milliseconds(lambda: encoder.encode(texts), len(texts))
    models = {
        version: NicheModel.load(ARTIFACTS / "niche" / version)
        for version in list_artifacts(ARTIFACTS, "niche")
    }
    for _ in range(ROUNDS):
        for version, model in models.items():
            for name, count, batch in (("alone", ALONE, 1), ("batch", len(texts), len(texts))):
                own = texts[:count]

                def predict(
                    model: NicheModel = model, own: list[str] = own, batch: int = batch
                ) -> None:
                    for start in range(0, len(own), batch):
                        part = slice(start, start + batch)
                        model.predict(own[part], vectors[part])

                spent, _answer = _milliseconds(predict, len(own))
                key = f"{version}_{name}_ms"
                result[key] = min(result.get(key, spent), spent)
    print(json.dumps({name: round(value, 4) for name, value in result.items()}))


def _milliseconds(work: Callable[[], object], creators: int) -> tuple[float, np.ndarray]:
    started = time.perf_counter()
    answer = work()
    return (time.perf_counter() - started) * 1_000 / max(1, creators), np.asarray(answer)


if __name__ == "__main__":
    main()
