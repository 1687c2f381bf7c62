import numpy as np
import pytest

from scoring.discovery.likeness import (
    audience_part,
    decades_apart,
    likeness,
    niche_part,
    size_part,
    text_part,
)
from scoring.discovery.overlap import SharedWords, shared_words

NAN = np.nan


def test_parts_by_hand() -> None:
    assert text_part(np.array([-0.2, 0.7, NAN])).tolist()[:2] == [0.0, 0.7]
    own = {"beauty": 1.0, "travel": 0.5}
    found = niche_part(own, [{"beauty": 0.5, "food": 0.5}, own, {"food": 1.0}, {}, None])
    assert found[:3] == pytest.approx([0.5 / 2.0, 1.0, 0.0])
    assert np.isnan(found[3:]).all()
    sizes = size_part(1_000, np.array([1_000.0, 10_000, 100_000, 10_000_000, 0, NAN]))
    assert sizes[:5] == pytest.approx([1, 0.5, 0, 0, 0])
    assert np.isnan(sizes[5])
    assert np.isnan(size_part(None, np.array([5.0]))).all()
    assert decades_apart(1_000, np.array([316.2278])) == pytest.approx([0.5], abs=1e-6)
    shares = audience_part({"IT": 0.6, "DE": 0.4}, [{"IT": 0.2, "DE": 0.8}, {"US": 1.0}, {}])
    assert shares[:2] == pytest.approx([0.6, 0.0])
    assert np.isnan(shares[2])


def test_unknown_parts_are_left_out_and_size_alone_says_nothing() -> None:
    parts = {
        "text": np.array([0.8, 0.8, NAN, NAN]),
        "niches": np.array([0.4, NAN, 0.4, NAN]),
        "size": np.array([1.0, NAN, NAN, 1.0]),
        "audience": np.array([NAN, NAN, NAN, 1.0]),
    }
    weights = {"text": 0.5, "niches": 0.25, "size": 0.25, "audience": 0.1}
    score = likeness(parts, weights)
    assert score[:3] == pytest.approx([0.75, 0.8, 0.4])
    assert np.isnan(score[3])


@pytest.mark.parametrize(
    ("query", "bio", "tags", "shared"),
    [
        ("vegan recipe", "Easy VEGAN recipes", ["veganfood", "fyp"],
         SharedWords(("VEGAN", "recipes"), ("veganfood",))),
        ("dishes and stories", "A dish, a story", [], SharedWords(("dish", "story"), ())),
        ("the art of tea", "party of art", ["party"], SharedWords(("art",), ())),
        ("fitness", "FITNESS ｆｉｔｎｅｓｓ", [], SharedWords(("FITNESS",), ())),
        ("护肤品推荐", "每天护肤", ["护肤"], SharedWords(("护肤",), ("护肤",))),
        ("of the and", "of the and", ["the"], SharedWords()),
        ("", "anything", ["x"], SharedWords()),
        ("<b>bold</b>", "bold <i>", [], SharedWords(("bold",), ())),
    ],
)  # fmt: skip
def test_shared_words(query: str, bio: str, tags: list[str], shared: SharedWords) -> None:
    assert shared_words(query, bio=bio, hashtags=tags) == shared
