"""Facts about brands or creators as sparse feature rows for the factorisation.

A row is the sum of what is known: an identity of its own (1), a value of each category
(1 each), tags (together of length 1), and a dense block such as a text vector. What is
unknown adds nothing, so a brand or creator without any event is placed by its facts and
one without facts by its events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FEWEST_ROWS: Final = 3


@dataclass(frozen=True)
class Facts:
    """Facts of n rows: category → value or None, tags, and a dense block (n, w) or None.

    NaN rows of `dense` are unknown.
    """

    rows: int
    categories: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    tags: Sequence[Sequence[str]] | None = None
    dense: NDArray[np.float64] | None = None

    def take(self, rows: NDArray[np.intp]) -> Facts:
        return Facts(
            rows=len(rows),
            categories={k: [v[row] for row in rows] for k, v in self.categories.items()},
            tags=None if self.tags is None else [self.tags[row] for row in rows],
            dense=None if self.dense is None else self.dense[rows],
        )


class FeatureEncoder:
    """Learns which category values and tags exist; turns facts into rows.

    :param fewest_rows: a value or tag seen in fewer rows is not learned.
    """

    def __init__(self, *, fewest_rows: int = FEWEST_ROWS) -> None:
        self.fewest_rows = fewest_rows
        self.names_: list[str] = []
        self.width_ = 0

    def fit(self, facts: Facts) -> FeatureEncoder:
        counts: Counter[str] = Counter()
        for row in range(facts.rows):
            counts.update(_names_of(facts, row))
        self.names_ = sorted(n for n, count in counts.items() if count >= self.fewest_rows)
        self.width_ = 0 if facts.dense is None else facts.dense.shape[1]
        return self

    def transform(self, facts: Facts) -> sparse.csr_array:
        """Feature rows without identities, shape (n, names + width)."""
        place = {name: column for column, name in enumerate(self.names_)}
        data: list[float] = []
        columns: list[int] = []
        starts = [0]
        for row in range(facts.rows):
            names = _names_of(facts, row)
            tags = [name for name in names if name.startswith("#") and name in place]
            for name in names:
                if name in place:
                    columns.append(place[name])
                    data.append(1 / np.sqrt(len(tags)) if name.startswith("#") else 1.0)
            starts.append(len(columns))
        shape = (facts.rows, len(self.names_))
        named = sparse.csr_array((data, columns, starts), shape=shape, dtype=float)
        if not self.width_:
            return named
        dense = np.zeros((facts.rows, self.width_)) if facts.dense is None else facts.dense
        return sparse.csr_array(sparse.hstack([named, sparse.csr_array(np.nan_to_num(dense))]))

    def to_document(self) -> dict[str, Any]:
        return {"names": self.names_, "width": self.width_, "fewest_rows": self.fewest_rows}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> FeatureEncoder:
        encoder = cls(fewest_rows=document["fewest_rows"])
        encoder.names_, encoder.width_ = list(document["names"]), document["width"]
        return encoder


def with_identities(features: sparse.csr_array) -> sparse.csr_array:
    """Append one column per row that only this row has, shape (n, f + n).

    Identities come last, so that rows added later append columns and move none.
    """
    return sparse.csr_array(
        sparse.hstack([features, sparse.eye_array(features.shape[0], format="csr")])
    )


def size_band(followers: float | None) -> str | None:
    """Half decades of followers, the bands peers are compared in; None when unknown."""
    if followers is None or not np.isfinite(followers) or followers < 0:
        return None
    return f"{np.floor(2 * np.log10(max(followers, 1.0))) / 2:.1f}"


def _names_of(facts: Facts, row: int) -> list[str]:
    names = [
        f"{category}={values[row]}"
        for category, values in facts.categories.items()
        if values[row] is not None
    ]
    if facts.tags is not None:
        names += sorted({f"#{tag.lower()}" for tag in facts.tags[row]})
    return names
