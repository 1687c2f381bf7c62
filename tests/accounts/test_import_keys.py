"""Repetitions are found by hash as a dictionary would find them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accounts.importing.keys import LatestRows, Repeat, RowKeys

small = st.integers(0, 5)


@given(st.lists(st.tuples(small, small)))
def test_repeats_name_the_first_row_with_the_key(rows: list[tuple[int, int]]) -> None:
    keys, first, expected = RowKeys(), {}, []
    for number, (key, content) in enumerate(rows, start=2):
        keys.add(number, 10 * number, ("k", key), content)
        if key in first:
            row, known = first[key]
            expected.append(Repeat(number, 10 * number, row, known == content))
        else:
            first[key] = number, content
    assert list(keys.repeats()) == expected


@given(st.lists(st.tuples(small, small, st.booleans())))
def test_the_latest_row_of_each_key_is_marked(rows: list[tuple[int, int, bool]]) -> None:
    latest, best = LatestRows(), {}
    without = np.array([excluded for *_, excluded in rows], dtype=bool)
    for row, (key, moment, excluded) in enumerate(rows):
        latest.add(row, key, float(moment))
        if not excluded:
            best[key] = max(best.get(key, (-1, -1)), (moment, row))
    marked = set(np.flatnonzero(latest.mark(len(rows), without=without)))
    assert marked == {row for _, row in best.values()}
