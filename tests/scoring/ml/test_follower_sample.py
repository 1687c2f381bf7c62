"""The share of fakes from a sample: known answers where the parts are known, and honesty
where they are not."""

import numpy as np
import pytest

from scoring.ml.follower_sample import (
    BINS,
    MIN_JUDGED,
    RICHNESS,
    FollowerSampleModel,
    count_scores,
)

FAKE = np.array([1, 1, 2, 3, 4, 6, 10, 15, 25, 33])


def model(*, worlds: int = 3, spread: float = 0.0) -> FollowerSampleModel:
    """Fakes score high, genuine accounts low, by ``spread`` less so in each further world."""
    flat = np.full(BINS, 10.0)
    mixes = [spread * world for world in range(worlds)]
    fake = np.array([[(1 - m) * FAKE + m * flat] * RICHNESS for m in mixes]) * 100
    return FollowerSampleModel(fake=fake, genuine=fake[..., ::-1], version="test")


def draw(share: float, size: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    fakes = generator.binomial(size, share)
    bins = np.r_[
        generator.choice(BINS, fakes, p=FAKE / 100),
        generator.choice(BINS, size - fakes, p=FAKE[::-1] / 100),
    ]
    return count_scores((bins + 0.5) / BINS, np.full(size, 10))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("size", [50, 200, 1000])
def test_a_known_share_is_found_and_covered(share: float, size: int) -> None:
    answers = [model().estimate(draw(share, size, seed), sampled=size) for seed in range(20)]
    errors = [abs((answer.share or 0) - share) for answer in answers]
    assert np.mean(errors) < 0.09
    covered = [(a.low or 0) - 0.005 <= share <= (a.high or 0) for a in answers]
    assert np.mean(covered) >= 0.9


def test_counting_above_a_threshold_would_be_wrong_where_the_mixture_is_not() -> None:
    counts = draw(0.0, 1000, 1)
    assert counts[:, BINS // 2 :].sum() / counts.sum() > 0.1
    share = model().estimate(counts, sampled=1000).share
    assert share is not None
    assert share < 0.06


def test_collections_that_disagree_widen_the_interval() -> None:
    counts = draw(0.3, 1000, 1)
    alike, different = (
        model(spread=spread).estimate(counts, sampled=1000) for spread in (0.0, 0.3)
    )
    assert width(different) > 1.3 * width(alike)


def test_a_larger_sample_is_narrower_but_never_certain() -> None:
    widths = [
        width(model(spread=0.2).estimate(draw(0.3, size, 3), sampled=size))
        for size in (30, 100, 5000)
    ]
    assert widths[0] > widths[1] >= 0.8 * widths[2] > 0.1


def test_few_judged_followers_make_it_abstain_with_both_numbers() -> None:
    answer = model().estimate(draw(0.5, MIN_JUDGED - 1, 1), sampled=80)
    assert (answer.abstained, answer.share, answer.log_likelihood_ratio) == (True, None, None)
    assert answer.abstain_reason == "29 of 80 sampled followers could be judged; 30 are needed."


def test_the_weight_has_the_sign_of_the_share() -> None:
    low, high = (model().estimate(draw(share, 300, 2), sampled=300) for share in (0.02, 0.7))
    assert (low.log_likelihood_ratio or 0) < 0 < (high.log_likelihood_ratio or 0)


def test_scores_are_counted_by_tenth_and_by_how_much_is_known() -> None:
    counts = count_scores(np.array([0.0, 0.05, 0.999, 1.0]), np.array([3, 9, 3, 12]))
    assert counts.sum() == 4
    assert [counts[0, 0], counts[1, 0], counts[0, 9], counts[1, 9]] == [1, 1, 1, 1]


def width(answer: object) -> float:
    return float(answer.high - answer.low)  # type: ignore[attr-defined]
