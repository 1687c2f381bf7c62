"""What a set is worth: sums, and people reached once.

Unique reach: each audience is divided into cells (a country, an age, a gender, a topic). Two
creators share at most the smaller of their two parts of a cell and at least nobody. With the
stated share ``rho`` of what could be shared, a set S reaches

    f(S) = (1 - rho) · Σ_i r_i + rho · Σ_c max_{i in S} a_ic        (r_i = Σ_c a_ic)

people. At rho = 1 that is the least a union can be given the cells, at rho = 0 the most; both are
the inclusion-exclusion (Fréchet) bounds. f is monotone and submodular, being a sum of a modular
and a facility-location function, and for two creators it takes off rho · Σ_c min(a_ic, a_jc).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Objective(Protocol):
    """Monotone and submodular over n candidates; never negative."""

    def value(self, chosen: Bools) -> float:
        """Of a set (n,)."""

    def gains(self, chosen: Bools) -> Floats:
        """What each candidate (n,) would add to the set; 0 for those in it."""

    def singles(self) -> Floats:
        """Of each candidate alone (n,)."""


@dataclass(frozen=True)
class Additive:
    """``values`` (n,), none below zero: engagements, or match scores."""

    values: Floats

    def value(self, chosen: Bools) -> float:
        return float(self.values[chosen].sum())

    def gains(self, chosen: Bools) -> Floats:
        return np.where(chosen, 0.0, self.values)

    def singles(self) -> Floats:
        return self.values


@dataclass(frozen=True)
class UniqueReach:
    """``cells`` (n, k): people of each cell whom a candidate reaches; ``rho`` in [0, 1]."""

    cells: csr_array
    rho: float

    def value(self, chosen: Bools) -> float:
        everybody = float(self.reach()[chosen].sum())
        return (1 - self.rho) * everybody + self.rho * float(self.covered(chosen).sum())

    def gains(self, chosen: Bools) -> Floats:
        covered = self.covered(chosen)
        new = np.maximum(self.cells.data - covered[self.cells.indices], 0.0)
        added = _sum_rows(new, self.cells.indptr)
        found = (1 - self.rho) * self.reach() + self.rho * added
        return np.where(chosen, 0.0, found)

    def singles(self) -> Floats:
        return self.reach()

    def reach(self) -> Floats:
        """People each reaches alone (n,)."""
        return _sum_rows(self.cells.data, self.cells.indptr)

    def covered(self, chosen: Bools) -> Floats:
        """Per cell (k,) the most that one of the set reaches."""
        rows = self.cells[np.flatnonzero(chosen)]
        covered = np.zeros(self.cells.shape[1])
        np.maximum.at(covered, rows.indices, rows.data)
        return covered

    def bounds(self, chosen: Bools) -> tuple[float, float]:
        """The least and the most people a set can reach given the cells, whatever is shared."""
        return replace(self, rho=1.0).value(chosen), replace(self, rho=0.0).value(chosen)

    def shareable(self, one: int) -> Floats:
        """People whom ``one`` could at most share with each (n,)."""
        own = np.zeros(self.cells.shape[1])
        row = self.cells[[one]]
        own[row.indices] = row.data
        return _sum_rows(np.minimum(self.cells.data, own[self.cells.indices]), self.cells.indptr)


def _sum_rows(data: Floats, indptr: NDArray[np.int_]) -> Floats:
    """Sums of a CSR matrix's rows, empty ones included."""
    running = np.concatenate([[0.0], np.cumsum(data)])
    return np.maximum(running[indptr[1:]] - running[indptr[:-1]], 0.0)
