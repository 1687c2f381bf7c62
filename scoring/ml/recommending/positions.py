"""How likely each place of a page is to be looked at, learned from explored places.

A creator in the first place is clicked more often than the same creator in the tenth
(position bias). Where the page was filled by chance, places differ in nothing but their
position, so the click rate of explored impressions, place by place, is proportional to
the chance of being looked at (Joachims, Swaminathan & Schnabel 2017; Wang et al. 2018).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from scoring.ml.recommending.events import EventLog, Kind, place_responses

FEWEST_CLICKS: Final = 50


def estimate_examination(
    log: EventLog, *, explored: NDArray[np.bool_], places: int
) -> NDArray[np.float64] | None:
    """Chance that each place is looked at relative to the first, shape (places,).

    Falls from place to place (isotonic fit, weighted by impressions). None when explored
    impressions led to fewer than 50 clicks: nothing can be said then.

    :param explored: which events are impressions drawn by chance, (m,) of bool.
    """
    where = place_responses(log)
    shown = explored & (log.kinds == Kind.IMPRESSION) & (where >= 1) & (where <= places)
    drawn = set(zip(*_keys(log, where, shown), strict=True))
    clicks = np.flatnonzero((log.kinds == Kind.CLICK) & (where >= 1) & (where <= places))
    hit = [row for row in clicks if (log.brands[row], log.creators[row], where[row]) in drawn]
    if len(hit) < FEWEST_CLICKS:
        return None
    impressions = np.bincount(where[shown] - 1, minlength=places).astype(float)
    clicked = np.bincount(where[hit] - 1, minlength=places).astype(float)
    rates = np.divide(clicked, impressions, out=np.zeros(places), where=impressions > 0)
    fitted = IsotonicRegression(increasing=False, y_min=0.0).fit_transform(
        np.arange(places), rates, sample_weight=np.maximum(impressions, 1e-9)
    )
    return np.asarray(fitted / fitted[0] if fitted[0] > 0 else np.ones(places))


def _keys(
    log: EventLog, where: NDArray[np.int64], rows: NDArray[np.bool_]
) -> tuple[list[int], list[int], list[int]]:
    return log.brands[rows].tolist(), log.creators[rows].tolist(), where[rows].tolist()
