import numpy as np
import pytest

from scoring.ml.engagement.account_level import assess_account, wilson_interval
from scoring.ml.engagement.answers import EngagementAssessment


def posts(flagged: int, organic: int, abstained: int = 0) -> list[EngagementAssessment]:
    def one(is_flagged: bool, abstains: bool) -> EngagementAssessment:
        return EngagementAssessment(
            series_id="p",
            score=None if abstains else 90 if is_flagged else 5,
            probability=None if abstains else 0.9 if is_flagged else 0.05,
            level=None if abstains else "high" if is_flagged else "low",
            confidence=None if abstains else 0.9,
            flagged=is_flagged,
            reasons=(),
            windows=(),
            step_scores=np.empty(0),
            abstained=abstains,
            abstain_reason="too short" if abstains else None,
        )

    return (
        [one(True, False)] * flagged
        + [one(False, False)] * organic
        + [one(False, True)] * abstained
    )


def test_account_abstains_with_fewer_than_three_judged_posts():
    answer = assess_account(posts(1, 1, abstained=5), 0.03)
    assert answer.abstained
    assert (answer.posts, answer.judged) == (7, 2)
    assert answer.abstain_reason == "2 of 7 posts could be judged; 3 are needed."
    assert answer.p_value is None
    assert answer.level is None


def test_one_flag_among_many_posts_is_no_accusation():
    answer = assess_account(posts(1, 29), 0.03)
    assert answer.level == "low"
    assert answer.p_value == pytest.approx(1 - 0.97**30)
    assert answer.score is not None
    assert answer.score <= 3


def test_many_flags_are_no_chance():
    answer = assess_account(posts(6, 4), 0.03)
    assert answer.level == "high"
    assert answer.p_value is not None
    assert answer.p_value < 1e-6
    assert answer.sentence.startswith("6 of 10 judged posts were flagged (60%, 95 % interval 31%")


def test_more_flags_never_lower_the_score():
    scores = [assess_account(posts(k, 12 - k), 0.03).score for k in range(13)]
    assert scores == sorted(scores, key=lambda score: score or 0)


def test_a_rate_of_zero_is_taken_as_the_lowest_that_can_be_told():
    assert assess_account(posts(1, 9), 0.0).p_value == pytest.approx(1 - 0.995**10)


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_rates_that_are_none_are_refused(rate):
    with pytest.raises(ValueError, match="false alarm rate"):
        assess_account(posts(1, 9), rate)


def test_wilson_interval_matches_a_known_answer():
    low, high = wilson_interval(1, 10)
    assert low == pytest.approx(0.0179, abs=1e-4)
    assert high == pytest.approx(0.4042, abs=1e-4)
