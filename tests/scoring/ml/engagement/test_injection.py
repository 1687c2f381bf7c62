from collections import Counter

import numpy as np
import pytest

from scoring.ml.engagement.injection import inject, real_organic, without_duplicates
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.simulation import SimulatorSettings, simulate


@pytest.fixture(scope="module")
def organic():
    return simulate(60, random_state=4, settings=SimulatorSettings(fake_share=0.0))


def test_half_stay_organic_and_patterns_are_equally_frequent(organic):
    mixed = inject(organic, random_state=1)
    assert [m.series.series_id for m in mixed] == [o.series.series_id for o in organic]
    assert Counter(m.attack for m in mixed) == {"": 30, **dict.fromkeys(PATTERNS, 6)}
    assert all(m is o for m, o in zip(mixed, organic, strict=True) if not m.is_fake)


def test_the_same_seed_plants_the_same(organic):
    first, again = inject(organic, random_state=1), inject(organic, random_state=1)
    for left, right in zip(first, again, strict=True):
        assert left.attack == right.attack
        np.testing.assert_array_equal(left.series.counts["views"], right.series.counts["views"])
    other = inject(organic, random_state=2)
    assert [o.attack for o in other] != [f.attack for f in first]


def test_patterns_can_be_left_out(organic):
    mixed = inject(organic, random_state=1, patterns=["lockstep"])
    assert {m.attack for m in mixed} == {"", "lockstep"}


def test_the_same_counts_under_another_id_are_kept_once():
    counts = {m: np.array([1.0, 2.0, 4.0]) for m in METRICS}
    twins = [EngagementSeries(name, np.arange(3.0), counts) for name in "ab"]
    assert [one.series_id for one in without_duplicates(twins)] == ["a"]


def test_files_give_organic_series_of_enough_points(tmp_path):
    rows = ["video_id,date,views,likes,is_fake"]
    for video, days, label in (("long", 8, 0), ("copy", 8, 0), ("short", 3, 0), ("bought", 8, 1)):
        rows += [
            f"{video},2024-01-{day + 1:02d},{day * 10},{day + (video == 'bought')},{label}"
            for day in range(days)
        ]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(rows) + "\n")
    assert [e.series.series_id for e in real_organic(path)] == ["long"]


def test_attacks_are_planted_in_real_series(shared_data):
    organic = real_organic(shared_data / "series_youtube_daily.csv.gz")
    assert len(organic) > 2_000
    mixed = inject(organic[:300], random_state=0)
    assert sum(m.is_fake for m in mixed) == 150
    for example in mixed:
        for metric in METRICS:
            counts = example.series.counts[metric]
            assert (np.diff(counts[~np.isnan(counts)]) >= 0).all()
