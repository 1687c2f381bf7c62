"""Known answers of performance, content, tone and alignment."""

import math

import numpy as np
import pytest

from scoring.ml.match import alignment, performance, repetition
from scoring.ml.match.tone import measure_tone, tone_compatibility

CALM = [
    "The restoration of this chapel required considerable patience and several specialists.",
    "Our collection presents contemporary ceramics from independent workshops across Portugal.",
    "The exhibition documents the development of modernist architecture after reconstruction.",
]
LOUD = [
    "OMG you guys!!! I love love love this so much 😍😍😍",
    "WOW can you believe it?! Best day ever, tell me yours!",
    "Yesss you need this!!! It's so good, go get it 🔥🔥🔥",
]


def picture(seed: int) -> np.ndarray:
    """A smooth picture with structure of its own."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:64, 0:64] / 64
    waves = [
        rng.normal() * np.cos(math.pi * (fx * x + fy * y) + rng.uniform(0, 6))
        for fx in range(6)
        for fy in range(6)
    ]
    return np.sum(waves, axis=0)


def test_a_hash_survives_brightness_contrast_and_noise() -> None:
    one = picture(1)
    noisy = 3 * one + 40 + np.random.default_rng(0).normal(0, 0.5, one.shape)
    same = repetition.perceptual_hash(one) ^ repetition.perceptual_hash(noisy)
    other = repetition.perceptual_hash(one) ^ repetition.perceptual_hash(picture(2))
    assert same.bit_count() <= repetition.ALIKE_BITS < other.bit_count()


def test_visual_repetition_counts_pictures_with_a_twin() -> None:
    hashes = [repetition.perceptual_hash(picture(seed)) for seed in range(6)]
    assert repetition.visual_repetition(hashes) == 0.0
    assert repetition.visual_repetition([*hashes[:4], hashes[0], hashes[0]]) == 0.5
    assert repetition.visual_repetition(hashes[:5]) is None


@pytest.mark.parametrize("shape", [(16, 64), (64,), (64, 64, 3)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least 32"):
        repetition.perceptual_hash(np.zeros(shape))


def test_caption_repetition_looks_past_hashtags() -> None:
    unlike = [
        "walking along the river this morning",
        "how I repaired my grandfather's watch",
        "seven soups for a cold evening",
        "the train to Lisbon was late again",
    ]
    again = ["my honest opinion about this serum #ad", "My honest opinion about this serum! #new"]
    assert repetition.caption_repetition(unlike + again) == pytest.approx(1 / 3, abs=1e-4)
    assert repetition.caption_repetition(unlike) is None


def test_content_quality_uses_what_is_known() -> None:
    assert repetition.content_quality(0.5, 0.2) == pytest.approx(0.4)
    assert repetition.content_quality(None, 0.2) == pytest.approx(0.8)
    assert repetition.content_quality(None, None) is None


def test_past_completion_is_laplaces_rule() -> None:
    assert performance.past_completion(9, 10) == pytest.approx(10 / 12)
    assert performance.past_completion(0, 0) is None
    assert performance.past_completion(None, 3) is None
    with pytest.raises(ValueError, match="4 of 3"):
        performance.past_completion(4, 3)


def test_performance_refuses_what_cannot_be() -> None:
    assert performance.authenticity(20) == 0.8
    with pytest.raises(ValueError, match="risk"):
        performance.authenticity(120)
    with pytest.raises(ValueError, match="percentile"):
        performance.engagement_standing(55)


def test_price_fit_falls_to_nothing_at_twice_the_budget() -> None:
    assert performance.price_fit(50, 80, 100) == 1.0
    assert performance.price_fit(50, 150, 100) == 0.5
    assert performance.price_fit(120, 130, 100) == 0.5
    assert performance.price_fit(50, 250, 100) == 0.0
    assert performance.price_fit(50, None, 100) is None


def test_past_work_tells_none_from_unknown() -> None:
    assert alignment.past_work(0, 5) == 0.0
    assert alignment.past_work(2, 5) == pytest.approx(1 - math.exp(-1))
    assert alignment.past_work(0, 0) is None
    with pytest.raises(ValueError, match="impossible"):
        alignment.past_work(3, 2)


def test_values_are_compared_by_the_best_text_for_each() -> None:
    own = np.eye(3)[:2]
    assert alignment.values_similarity(np.eye(3)[[0, 1]], own) == 1.0
    assert alignment.values_similarity(np.eye(3)[[2]], own) == 0.0
    mean = (0.5 - alignment.VALUES_FLOOR) / (alignment.VALUES_CEILING - alignment.VALUES_FLOOR)
    assert alignment.values_similarity(np.eye(3)[[0, 2]], own) == pytest.approx(mean)
    assert alignment.values_similarity(np.zeros((1, 3)), own) is None
    with pytest.raises(ValueError, match="dimensions"):
        alignment.values_similarity(np.ones((1, 4)), own)


def test_brand_sentiment_reads_comments_that_name_the_brand() -> None:
    warm = [f"I love this @Acme cream, it is wonderful, number {n}" for n in range(12)]
    cold = [f"I hate the acme smell, it is terrible and awful {n}" for n in range(12)]
    noise = ["what a horrible, disgusting day for me"] * 30
    good = alignment.brand_sentiment(warm + noise, ["Acme"])
    bad = alignment.brand_sentiment(cold, ["Acme"])
    assert good is not None
    assert bad is not None
    assert good > 0.7 > 0.3 > bad
    assert alignment.brand_sentiment(noise, ["Acme"]) is None
    assert alignment.brand_sentiment(warm, []) is None
    # a name inside another word is not the brand
    assert alignment.brand_sentiment([t.replace("Acme", "Pacmen") for t in warm], ["acme"]) is None


def test_equal_tones_are_fully_compatible_and_unlike_ones_are_not() -> None:
    calm, loud = measure_tone(CALM), measure_tone(LOUD)
    assert calm is not None
    assert loud is not None
    assert tone_compatibility(calm, calm) == 1.0
    apart = tone_compatibility(calm, loud)
    assert apart is not None
    assert apart < 0.6
    assert calm.formality is not None
    assert loud.formality is not None
    assert calm.formality > loud.formality
    assert (calm.excitement, loud.excitement) == (0.0, 1.0)


def test_tone_abstains_on_little_or_foreign_text() -> None:
    assert measure_tone(["Hello there"]) is None
    assert measure_tone(["😍", "🔥", "#ad"]) is None
    foreign = measure_tone(["今天天气很好", "我们去海边", "晚上一起做饭"])
    assert foreign is not None
    assert foreign.warmth is None
    assert tone_compatibility(foreign, measure_tone(CALM)) is None
