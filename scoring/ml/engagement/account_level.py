"""From the posts of an account to the account: are too many of them flagged to be chance?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.stats import binom

from scoring.ml.engagement.answers import AccountEngagement, EngagementAssessment, EngagementLevel

FEWEST_POSTS: Final = 3
LOWEST_RATE: Final = 0.005
"""No measurement here is large enough to tell a lower rate of false alarms from none."""
Z_95: Final = 1.959963984540054
HIGH_P_VALUE: Final = 0.001
MEDIUM_P_VALUE: Final = 0.05
HIGH_SHARE: Final = 0.2
"""`high` also needs so large a share: many posts make a tiny excess certain, not serious."""


def assess_account(
    assessments: Sequence[EngagementAssessment], false_alarm_rate: float
) -> AccountEngagement:
    """The account's answer from those of its posts; abstains below three judged ones.

    :param false_alarm_rate: share of organic posts the model flags, in [0, 1). Flags are taken
        as independent, so posts with a shared organic cause (a festival, a scandal) make the
        p-value too small.
    :raises ValueError: a rate outside [0, 1).
    """
    if not 0.0 <= false_alarm_rate < 1.0:
        raise ValueError(f"a false alarm rate of {false_alarm_rate} is not between 0 and 1")
    rate = max(false_alarm_rate, LOWEST_RATE)
    posts = len(assessments)
    judged = sum(not assessment.abstained for assessment in assessments)
    flagged = sum(assessment.flagged for assessment in assessments)
    if judged < FEWEST_POSTS:
        reason = (
            f"{judged} of {posts} post{'' if posts == 1 else 's'} could be judged; "
            f"{FEWEST_POSTS} are needed."
        )
        return AccountEngagement(
            posts=posts,
            judged=judged,
            flagged=flagged,
            flagged_share=None,
            low=None,
            high=None,
            p_value=None,
            score=None,
            level=None,
            abstained=True,
            abstain_reason=reason,
            sentence=f"Not enough posts: {reason}",
        )
    low, high = wilson_interval(flagged, judged)
    p_value = float(binom.sf(flagged - 1, judged, rate))
    level = _level(p_value, flagged / judged)
    return AccountEngagement(
        posts=posts,
        judged=judged,
        flagged=flagged,
        flagged_share=flagged / judged,
        low=low,
        high=high,
        p_value=p_value,
        score=_score(p_value, flagged / judged),
        level=level,
        abstained=False,
        abstain_reason=None,
        sentence=_sentence(flagged, judged, (low, high), rate, p_value),
    )


def wilson_interval(hits: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Interval of a share (Wilson, 1927); `trials` is at least 1."""
    share = hits / trials
    centre = share + z**2 / (2 * trials)
    half = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    return max(0.0, float((centre - half) / scale)), min(1.0, float((centre + half) / scale))


def _level(p_value: float, share: float) -> EngagementLevel:
    if p_value < HIGH_P_VALUE and share >= HIGH_SHARE:
        return "high"
    return "medium" if p_value < MEDIUM_P_VALUE else "low"


def _score(p_value: float, share: float) -> int:
    """0-100: the flagged share, weighed by how sure it is that this is no chance."""
    return round(100 * (1 - p_value) * share)


def _sentence(
    flagged: int, judged: int, interval: tuple[float, float], rate: float, p_value: float
) -> str:
    chance = f"{p_value:.1%}" if p_value >= 0.001 else "less than 0.1 %"
    if not flagged:
        return f"None of {judged} judged posts was flagged."
    return (
        f"{flagged} of {judged} judged posts {'was' if flagged == 1 else 'were'} flagged "
        f"({flagged / judged:.0%}, 95 % interval {interval[0]:.0%} to {interval[1]:.0%}); "
        f"with false alarms alone ({rate:.1%} of posts) as many would come with a chance of "
        f"{chance}."
    )
