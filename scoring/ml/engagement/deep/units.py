"""Raw network outputs in units of what organic steps get, so that series can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.engagement.series import EngagementSeries

KINDS: Final = ("subdaily", "longer")
TAIL: Final = 0.99
TAIL_Z: Final = 2.326
LEAST_SPREAD: Final = 0.05
FEWEST_STEPS: Final = 200
"""With fewer organic steps of a kind the units of all together stand in."""


def kind_of(series: EngagementSeries) -> str:
    return "subdaily" if series.is_subdaily else "longer"


@dataclass(frozen=True)
class OrganicUnits:
    """Centre and spread of the raw outputs of organic steps, by length of the steps.

    The centre is their median; the spread is set by their upper tail, not by the middle, so
    that one organic step in a hundred passes 2.33 as it would of a normal distribution.
    """

    by_kind: Mapping[str, tuple[float, float]]

    @classmethod
    def of(cls, kinds: Sequence[str], raw: Sequence[np.ndarray]) -> OrganicUnits:
        """:param raw: outputs of organic series, NaN where a step cannot be judged."""
        everything = np.concatenate(raw)
        by_kind = {}
        for kind in KINDS:
            own = [one for name, one in zip(kinds, raw, strict=True) if name == kind]
            steps = np.concatenate(own) if own else np.empty(0)
            few = np.count_nonzero(np.isfinite(steps)) < FEWEST_STEPS
            by_kind[kind] = _centre_and_spread(everything if few else steps)
        return cls(by_kind)

    def score(self, series: EngagementSeries, raw: np.ndarray) -> np.ndarray:
        """Shape (n - 1,), at least 0; NaN stays NaN."""
        centre, spread = self.by_kind[kind_of(series)]
        return np.maximum((raw.astype(float) - centre) / spread, 0.0)


def _centre_and_spread(raw: np.ndarray) -> tuple[float, float]:
    known = raw[np.isfinite(raw)]
    centre = float(np.median(known))
    return centre, max((float(np.quantile(known, TAIL)) - centre) / TAIL_Z, LEAST_SPREAD)
