"""Ranks from histograms beside ranks by sorting, and the rule of bands."""

import numpy as np

from scoring.ml.value.ranking import SAME_BAND, League, Placing, to_bins

DRAWS = 200


def make_draws(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Falling values (n,) and their log draws (n, DRAWS)."""
    rng = np.random.default_rng(seed)
    logs = np.sort(rng.normal(8.0, 1.5, n))[::-1]
    return np.exp(logs), logs[:, None] + rng.uniform(0.05, 0.6, n)[:, None] * rng.normal(
        size=(n, DRAWS)
    )


def test_rank_ranges_are_those_of_sorting_every_draw():
    values, draws = make_draws(800)
    bins = to_bins(draws)
    league = League(draws=DRAWS)
    for first in range(0, 800, 130):
        league.add(bins[first : first + 130])
    ranks, _ = Placing().place(values, bins)
    low, high = league.rank_bounds(bins, ranks, 0.9)
    sorted_ranks = (-draws).argsort(axis=0).argsort(axis=0) + 1
    ordered = np.sort(sorted_ranks, axis=1)
    exact_low = np.minimum(ordered[:, 9], ranks)
    exact_high = np.maximum(ordered[:, 190], ranks)
    assert league.size == 800
    assert np.abs(low - exact_low).max() <= 2
    assert np.abs(high - exact_high).max() <= 2


def test_chunks_place_like_one_whole_and_equal_values_share_a_rank():
    values, draws = make_draws(300)
    values[10:14] = values[10]
    bins = to_bins(draws)
    whole = Placing().place(values, bins)
    placing = Placing()
    parts = [placing.place(values[i : i + 37], bins[i : i + 37]) for i in range(0, 300, 37)]
    for place in (0, 1):
        assert np.array_equal(np.concatenate([part[place] for part in parts]), whole[place])
    ranks = whole[0]
    assert ranks[9:15].tolist() == [10, 11, 11, 11, 11, 15]


def test_a_band_ends_with_the_first_account_that_can_be_told_from_its_first():
    values, draws = make_draws(200)
    bins = to_bins(draws)
    _, bands = Placing().place(values, bins)
    assert bands[0] == 1
    assert set(np.diff(bands)) <= {0, 1}
    for band in range(1, bands[-1] + 1):
        rows = np.flatnonzero(bands == band)
        told = (bins[rows[1:]] >= bins[rows[0]]).mean(axis=1) < SAME_BAND
        assert not told.any()
        if band < bands[-1]:
            after = rows[-1] + 1
            assert (bins[after] >= bins[rows[0]]).mean() < SAME_BAND


def test_values_beyond_the_bins_are_still_ranked():
    bins = to_bins(np.array([[-99.0], [0.0], [99.0]]).repeat(DRAWS, axis=1))
    league = League(draws=DRAWS)
    league.add(bins)
    low, high = league.rank_bounds(bins, np.array([3, 2, 1]), 0.9)
    assert low.tolist() == high.tolist() == [3, 2, 1]
