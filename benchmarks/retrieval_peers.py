"""The ten nearest of everybody: our index, plain pgvector and hnswlib, from one connection."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Search = Callable[[Vectors], list[int]]
TOP = 10
ROUNDS = 3
REPEATS = 8  # The system counts a server's CPU in hundredths of a second.
M, EF_CONSTRUCTION = 16, 128
OURS = "pgvector halfvec, reranked"
DEFAULT_EF = 40
SWEEP = (DEFAULT_EF, 80, 120, 200, 300, 450)
ENOUGH = 0.99
# Of halfvec's nearest so many are ordered again by their full vectors.
RERANKED = 30
FULL = "SELECT entry_id FROM scoring_entryembedding ORDER BY vector <=> %s::vector LIMIT 10"
HALF = (
    "SELECT entry_id FROM (SELECT entry_id, vector FROM scoring_entryembedding "
    f"ORDER BY vector::halfvec(384) <=> %s::halfvec(384) LIMIT {RERANKED}) nearest "
    "ORDER BY vector <=> %s::vector LIMIT 10"
)
INDEXES = {
    "vector": "(vector vector_cosine_ops)",
    "halfvec": "((vector::halfvec(384)) halfvec_cosine_ops)",
}


class Clock:
    """Seconds on the wall, and of CPU here and in this connection's server process."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._server = psutil.Process(cursor.fetchone()[0])
        self._wall, self._cpu = time.perf_counter(), self._spent()

    def read(self) -> dict[str, float]:
        cpu = self._spent() - self._cpu
        return {
            "seconds": round(time.perf_counter() - self._wall, 2),
            "cpu_seconds": round(cpu, 3),
        }

    def _spent(self) -> float:
        server = self._server.cpu_times()
        return time.process_time() + server.user + server.system


def compare_builds(vectors: Vectors) -> tuple[dict[str, Any], Any]:
    """Seconds and megabytes of each index on one core, and hnswlib's index; ours stay as x_*."""
    import hnswlib
    from django.db import connection

    report: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0")
        for name, column in INDEXES.items():
            clock = Clock()
            cursor.execute(
                f"CREATE INDEX x_{name} ON scoring_entryembedding USING hnsw {column} "
                f"WITH (m = {M}, ef_construction = {EF_CONSTRUCTION})"
            )
            spent = clock.read()
            cursor.execute("SELECT pg_relation_size(%s::regclass)", [f"x_{name}"])
            report[name] = {**spent, "mb": round(cursor.fetchone()[0] / 1e6)}
        cursor.execute("RESET maintenance_work_mem; RESET max_parallel_maintenance_workers")
    index = hnswlib.Index(space="cosine", dim=vectors.shape[1])
    index.init_index(len(vectors), ef_construction=EF_CONSTRUCTION, M=M, random_seed=7)
    index.set_num_threads(1)
    clock = Clock()
    index.add_items(vectors, np.arange(1, len(vectors) + 1))
    spent = clock.read()
    with tempfile.TemporaryDirectory() as directory:
        index.save_index(f"{directory}/index")
        size = Path(directory, "index").stat().st_size
    report["hnswlib"] = {**spent, "mb": round(size / 1e6)}
    return report, index


def compare_searches(index: Any, queries: Vectors, truth: list[set[int]]) -> dict[str, Any]:
    """Per contender and breadth of search: recall@10, and queries per second of CPU.

    CPU of this process and of its database connection together, which a busy machine distorts
    far less than the clock on the wall. Rounds are interleaved, medians of `ROUNDS`. Each
    contender's own row is of the least breadth that reaches `ENOUGH`: at equal recall.
    """
    contenders: dict[str, Callable[[int], Search]] = {
        "hnswlib": lambda ef: _hnswlib(index, ef),
        "pgvector": lambda ef: _sql("vector", FULL, ef),
        OURS: lambda ef: _sql("halfvec", HALF, ef),
    }
    rates: dict[tuple[str, int], list[float]] = {}
    recalls: dict[tuple[str, int], float] = {}
    for _ in range(ROUNDS):
        for ef in SWEEP:
            for name, make in contenders.items():
                search = make(ef)
                search(queries[0])
                clock = Clock()
                for _again in range(REPEATS):
                    found = [search(query) for query in queries]
                seconds = max(clock.read()["cpu_seconds"], 0.01)
                rates.setdefault((name, ef), []).append(REPEATS * len(queries) / seconds)
                recalls[name, ef] = recall(found, truth)
    report: dict[str, Any] = {}
    for name in contenders:
        table = {
            ef: {
                "recall_at_10": round(recalls[name, ef], 4),
                "per_cpu_second": round(statistics.median(rates[name, ef]), 1),
            }
            for ef in SWEEP
        }
        own = next((ef for ef in SWEEP if recalls[name, ef] >= ENOUGH), SWEEP[-1])
        report[name] = {"ef": own, **table[own], "sweep": table}
    report["ratios"] = _ratios(report)
    return report


def _ratios(report: dict[str, Any]) -> dict[str, float]:
    """Ours over each peer: at equal recall, and pgvector also as it comes (breadth 40)."""
    ours = report[OURS]["per_cpu_second"]
    return {
        "to hnswlib": round(ours / report["hnswlib"]["per_cpu_second"], 3),
        "to pgvector": round(ours / report["pgvector"]["per_cpu_second"], 3),
        "to pgvector defaults": round(
            ours / report["pgvector"]["sweep"][DEFAULT_EF]["per_cpu_second"], 3
        ),
    }


def recall(found: list[list[int]], truth: list[set[int]]) -> float:
    """Mean share of the true ten; rows as near as the tenth count as much as it."""
    return statistics.mean(
        min(len(set(ids[:TOP]) & best) / TOP, 1.0) for ids, best in zip(found, truth, strict=True)
    )


def _hnswlib(index: Any, ef: int) -> Search:
    index.set_ef(ef)

    def search(query: Vectors) -> list[int]:
        labels, _ = index.knn_query(query, k=TOP, num_threads=1)
        return labels[0].tolist()

    return search


def _sql(kind: str, statement: str, ef: int) -> Search:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET hnsw.ef_search = {ef}; SET enable_seqscan = off; SET jit = off")
        cursor.execute("EXPLAIN " + statement, [_text(np.zeros(384) + 1)] * statement.count("%s"))
        assert f"x_{kind}" in str(cursor.fetchall()), "the index is not used"

    def search(query: Vectors) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [_text(query)] * statement.count("%s"))
            return [row[0] for row in cursor.fetchall()]

    return search


def _text(vector: NDArray[Any]) -> str:
    return "[" + ",".join(map(str, vector.tolist())) + "]"
