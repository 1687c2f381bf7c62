"""Files of collaborations with outcomes: one row per pair of campaign and creator.

Columns: `campaign_id`, `creator_id`, `outcome` in [0, 1], and any of the factors by name, in
[0, 1]. An empty cell is unknown; a factor empty in all rows of a campaign was not asked for.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.ml.match.factors import FACTORS
from scoring.ml.match.pairs import Pairs, groups_of
from scoring.ml.matching import MatchModel
from scoring.ml.tables import Layout, TableError, read_table

Floats = NDArray[np.float64]
LAYOUT: Final = Layout(
    numbers=("outcome", *FACTORS),
    texts=("campaign_id", "creator_id"),
    needed=("campaign_id", "outcome"),
)


def has_outcomes(path: Path) -> bool:
    """Whether the file's header names an outcome; False where it cannot be read at all."""
    try:
        return "outcome" in pd.read_csv(path, nrows=0).columns
    except (OSError, ValueError, EOFError, zlib.error):
        return False


def read_outcomes(path: Path) -> Pairs:
    """The pairs of a file, campaigns together, those of fewer than two rows left out.

    :raises TableError: unreadable, without a factor, or a value outside [0, 1].
    """
    table = read_table(path, LAYOUT)
    if not any(name in table.columns for name in FACTORS):
        raise TableError(f"{path} has none of the factors {', '.join(FACTORS)}.")
    values = np.column_stack([table.number(name) for name in FACTORS])
    outcomes = table.number("outcome")
    for name, column in (("outcome", outcomes), *zip(FACTORS, values.T, strict=True)):
        if bad := np.flatnonzero((column < 0) | (column > 1)).tolist():
            raise TableError(
                f"{path}, row {bad[0] + 2}: {name} is {column[bad[0]]:g}; it must be from 0 to 1."
            )
    names, campaigns = np.unique(
        [name or "" for name in table.text("campaign_id")], return_inverse=True
    )
    creators = np.unique([n or "" for n in table.text("creator_id")], return_inverse=True)[1]
    counts = np.bincount(campaigns, ~np.isnan(outcomes), minlength=len(names))
    usable = np.flatnonzero(~np.isnan(outcomes) & (counts[campaigns] >= 2))
    if not len(usable):
        raise TableError(f"{path} has no campaign with two outcomes or more.")
    rows = usable[np.argsort(campaigns[usable], kind="stable")]
    pairs = Pairs(
        campaigns=campaigns[rows],
        creators=creators[rows],
        values=values[rows],
        asked=np.zeros((len(rows), len(FACTORS)), dtype=bool),
        outcomes=outcomes[rows],
        signal=np.full(len(rows), np.nan),
    )
    for group in groups_of(pairs.campaigns):
        pairs.asked[group] = ~np.isnan(pairs.values[group]).all(axis=0)
    return pairs


def write_outcomes(pairs: Pairs, path: Path) -> None:
    """The pairs as such a file, to twelve figures."""
    frame = pd.DataFrame(pairs.values, columns=list(FACTORS))
    frame.insert(0, "campaign_id", [f"campaign-{n}" for n in pairs.campaigns])
    frame.insert(1, "creator_id", [f"creator-{n}" for n in pairs.creators])
    frame.insert(2, "outcome", pairs.outcomes)
    frame.to_csv(path, index=False, float_format="%.12g")


def scores_of_first_version(model: MatchModel, pairs: Pairs) -> Floats:
    """What version 1 says, from those factors it knows, (n,)."""
    columns = [(FACTORS.index(name), name) for name in model.weights if name in FACTORS]
    result = np.empty(len(pairs))
    for rows in groups_of(pairs.campaigns):
        asked = pairs.asked[rows[0]]
        factors = {name: pairs.values[rows, place] for place, name in columns if asked[place]}
        result[rows] = model.weighted_scores(factors) if factors else 0.0
    return result
