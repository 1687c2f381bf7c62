"""Audience entropy and phrases of biographies."""

import math

import pytest

from scoring.ml.audience_facts import measure_spread
from scoring.ml.bio_phrases import follow_trades, promotions


def test_entropy_of_equal_shares_is_the_logarithm_of_their_number() -> None:
    spread = measure_spread({"Italy": 0.25, "Spain": 0.25, "Peru": 0.25, "Japan": 0.25})
    assert spread is not None
    assert spread.entropy == pytest.approx(2.0)
    assert spread.countries == 4


def test_one_country_has_no_entropy_and_shares_need_not_sum_to_one() -> None:
    spread = measure_spread({"Italy": 0.4, "Spain": 0.0})
    assert spread is not None
    assert (spread.entropy, spread.largest, spread.largest_share) == (0.0, "Italy", 1.0)
    assert spread.known_share == pytest.approx(0.4)


@pytest.mark.parametrize("shares", [{}, {"Italy": 0}, {"Italy": math.nan}, {"Italy": "much"}])
def test_no_known_share_is_no_spread(shares: dict[str, float]) -> None:
    assert measure_spread(shares) is None


@pytest.mark.parametrize(
    "bio",
    ["F4F", "follow for follow 🎈", "I follow back!", "like4like gang", "#teamfollowback"],
)
def test_offers_to_trade_follows_are_found(bio: str) -> None:
    assert follow_trades(bio)


@pytest.mark.parametrize("bio", ["", "Back to the follow-up", "Feedback welcome", "fallback 4"])
def test_other_biographies_trade_nothing(bio: str) -> None:
    assert not follow_trades(bio)


def test_selling_promotion_is_told_apart() -> None:
    assert promotions("DM for promo") == ["dm for promo"]
    assert not follow_trades("DM for promo")
