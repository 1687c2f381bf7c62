"""Sentences per second of the encoder beside a plain SentenceTransformer.encode loop.

    python -m benchmarks.bench_encoding [--rows 4000 | --rows 0] [--repeats 3] [--threads 1]

Both encode the same texts in the same process, taking turns; speeds are medians. The plain
loop is what one writes first: float32, batches of 32 in file order, torch's default
threads. Texts are the creators of ../shared/data/creators.csv.gz (bio, then hashtags),
evenly spaced; `--rows 0` takes all. Where the file is absent they are synthesised. The
last line of stdout is one JSON object.
"""

import argparse
import csv
import gzip
import json
import os
import statistics
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.ml.encoding import (
    ENCODER_VERSION,
    TextEncoder,
    get_encoder,
    is_empty,
    model_directory,
)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "creators.csv.gz"
NEIGHBOURS = 10
WORDS = tuple(
    "vegan travel yoga mother coach photographer berlin lagos dancer barber gaming recipes "
    "skincare founder daily stories honest collab book now link weekend trail ceramics jazz".split()
)


def read_texts(rows: int) -> tuple[list[str], str]:
    """`rows` evenly spaced texts in file order (0: all), and where they are from."""
    if not SHARED.is_file():
        return synthesise_texts(rows or 4_000), "synthetic"
    with gzip.open(SHARED, "rt", encoding="utf-8", newline="") as stream:
        texts = [
            f"{row['bio'].strip()} {row['hashtags'].replace(';', ' ')}".strip()
            for row in csv.DictReader(stream)
        ]
    texts = [text for text in texts if not is_empty(text)]
    if rows and rows < len(texts):
        texts = [texts[i] for i in np.linspace(0, len(texts) - 1, rows).astype(int)]
    return texts, SHARED.name


def synthesise_texts(rows: int) -> list[str]:
    """Texts as long as profiles are: 4 to 40 words, most of them short."""
    generator = np.random.default_rng(7)
    lengths = generator.gamma(3.0, 5.0, rows).clip(4, 40).astype(int)
    return [" ".join(generator.choice(WORDS, size)) for size in lengths]


def neighbour_overlap(ours: NDArray[np.float32], plain: NDArray[np.float32]) -> float:
    """Mean share of the ten nearest neighbours both agree on, each text itself left out."""
    shared = 0
    for start in range(0, len(ours), 512):
        sets = []
        for vectors in (ours, plain):
            cosines = vectors[start : start + 512] @ vectors.T
            rows = np.arange(len(cosines))
            cosines[rows, start + rows] = -np.inf
            sets.append(np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS])
        shared += sum(
            len(np.intersect1d(a, b, assume_unique=True)) for a, b in zip(*sets, strict=True)
        )
    return shared / (NEIGHBOURS * len(ours))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=4_000, help="0 for all")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--threads", type=int, help="for both; 1 compares fairly on a busy machine (default: all)"
    )
    options = parser.parse_args()
    texts, source = read_texts(options.rows)

    import torch
    from sentence_transformers import SentenceTransformer

    threads = options.threads or torch.get_num_threads()
    load = os.getloadavg()[0]
    peer = SentenceTransformer(str(model_directory()), device="cpu")
    encoder = TextEncoder(workers=options.threads) if options.threads else get_encoder()

    def encode_plainly() -> NDArray[np.float32]:
        torch.set_num_threads(threads)
        batches = [
            peer.encode(texts[start : start + 32], show_progress_bar=False)
            for start in range(0, len(texts), 32)
        ]
        return np.concatenate(batches)

    peer.encode(texts[:64], show_progress_bar=False)
    encoder.encode(texts[:64])
    seconds: dict[str, list[float]] = {"plain": [], "ours": []}
    vectors: dict[str, NDArray[np.float32]] = {}
    for turn in range(options.repeats):
        runs = [("plain", encode_plainly), ("ours", lambda: encoder.encode(texts))]
        for name, run in runs if turn % 2 else runs[::-1]:
            start = time.perf_counter()
            vectors[name] = run()
            seconds[name].append(time.perf_counter() - start)
            print(f"{name}: {len(texts) / seconds[name][-1]:.0f} sentences/s", flush=True)
    single = []
    for text in texts[:30]:
        start = time.perf_counter()
        encoder.encode([text[:60]])
        single.append(1_000 * (time.perf_counter() - start))
    speed = {name: len(texts) / statistics.median(runs) for name, runs in seconds.items()}
    ratios = [plain / ours for plain, ours in zip(seconds["plain"], seconds["ours"], strict=True)]
    print(
        json.dumps(
            {
                "benchmark": "encoding",
                "texts": len(texts),
                "distinct": len(set(texts)),
                "source": source,
                "encoder": ENCODER_VERSION,
                "cpus": os.cpu_count(),
                "threads": threads,
                "load_average_before": round(load, 2),
                "repeats": options.repeats,
                "sentences_per_second": round(speed["ours"], 1),
                "plain_sentences_per_second": round(speed["plain"], 1),
                "ratio": round(statistics.median(ratios), 3),
                "ratios": [round(ratio, 3) for ratio in ratios],
                "neighbour_overlap_at_10": round(
                    neighbour_overlap(vectors["ours"], vectors["plain"]), 4
                ),
                "largest_difference": float(np.abs(vectors["ours"] - vectors["plain"]).max()),
                "single_query_ms_median": round(statistics.median(single), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
