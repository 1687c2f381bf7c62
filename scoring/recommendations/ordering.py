"""The order of a day for one brand: the best by score, and a few places filled by lot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.matching.retrieval import eligible_entries
from scoring.ml.match.limits import Limits
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.exploring import Page, explore_page
from scoring.ml.recommending.learned import BrandScores
from scoring.ml.recommending.measuring import top_items

Ints = NDArray[np.int64]

# How many places a list has. Nobody reads further, and a list without end would be exploration
# without end.
DEPTH: Final = 200
# From how many, beside the best by score, a lot is drawn: those who fit best by facts alone, so
# that new creators come up and nobody is shown who posts about something else.
POOL: Final = 200
STEP: Final = 200


@dataclass(frozen=True)
class DayOrder:
    """Rows of the catalogue, best first, (n,); a chance and whether by lot for each.

    Those whom the brand took out (hidden, hired) keep their places, so that taking somebody
    out while paging moves nobody to a page already seen; whoever shows the list leaves them out.
    """

    rows: Ints
    page: Page
    candidates: int


def order_for_day(
    scores: BrandScores,
    index: CreatorIndex,
    *,
    limits: Limits,
    taken_out: int,
    epsilon: float,
    seed: tuple[int, int],
) -> DayOrder:
    """Same seed, same catalogue, same order. One query, up to four under narrow limits.

    :param taken_out: how many creators the brand took out: so many more places are filled.
    :param seed: brand and day.
    """
    more = STEP * -(-taken_out // STEP)
    best, pool = _eligible(scores, index, limits, (DEPTH + more, POOL + more))
    candidates = np.array([*best, *(row for row in pool if row not in set(best))], dtype=np.int64)
    candidates = _once_per_creator(candidates, index)
    page = explore_page(
        scores.order[candidates].astype(float),
        size=DEPTH + more,
        epsilon=epsilon,
        rng=np.random.default_rng(seed),
    )
    return DayOrder(candidates[page.rows], page, len(candidates))


def _eligible(
    scores: BrandScores, index: CreatorIndex, limits: Limits, wanted: tuple[int, int]
) -> tuple[list[int], list[int]]:
    """The best by score and by facts that pass the limits, fewer only if fewer pass."""
    for depth in _depths(max(wanted), len(index)):
        tops = [_top(values, depth) for values in (scores.order, scores.facts)]
        asked = np.unique(np.concatenate(tops))
        entries = eligible_entries(limits)
        if depth < len(index):
            entries = entries.filter(pk__in=index.entries[asked].tolist())
        passing = np.array(list(entries.values_list("pk", flat=True)), dtype=np.int64)
        passes = np.isin(index.entries, passing)
        found = [top[passes[top]][:count] for top, count in zip(tops, wanted, strict=True)]
        if depth == len(index) or all(
            len(own) == count for own, count in zip(found, wanted, strict=True)
        ):
            return found[0].tolist(), found[1].tolist()
    return [], []


def _depths(wanted: int, size: int) -> Iterator[int]:
    """Twice what is wanted, then eight times as many, …, and all at last."""
    depth = 2 * wanted
    while depth < min(size, 10_000):
        yield depth
        depth *= 8
    if size:
        yield size


def _top(values: NDArray[np.float32], depth: int) -> Ints:
    return top_items(values[None, :].astype(float), min(depth, len(values)))[0]


def _once_per_creator(rows: Ints, index: CreatorIndex) -> Ints:
    _, first = np.unique(index.creators[rows], return_index=True)
    return rows[np.sort(first)]
