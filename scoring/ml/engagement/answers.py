"""What is answered about one post's series, and about all posts of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

EngagementLevel = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class FlaggedWindow:
    """Consecutive steps that look fake.

    `first` and `last` are steps (0-based, inclusive) of the series; `starts` and `ends` hours
    since 1970 in UTC. `metrics` names the counts that stand out, `pattern` one of
    `patterns.PATTERNS`, `score` the highest probability in the window.
    """

    first: int
    last: int
    starts: float
    ends: float
    metrics: tuple[str, ...]
    pattern: str
    score: float
    sentence: str


@dataclass(frozen=True)
class EngagementReason:
    """One signed reason; `effect` is in calibrated log-odds, above zero raises suspicion."""

    feature: str
    text: str
    effect: float


@dataclass(frozen=True)
class EngagementAssessment:
    """The answer for one series of n points.

    `probability` is calibrated for a population half of which is fake; `score` is that in
    per cent. `flagged` says whether it passes the threshold that was chosen for few false
    alarms. `step_scores` is of shape (n - 1,), 0-1, NaN where a step cannot be judged.
    When `abstained`, `score`, `probability`, `level` and `confidence` are None, nothing is
    flagged and `abstain_reason` says what is missing.
    """

    series_id: str
    score: int | None
    probability: float | None
    level: EngagementLevel | None
    confidence: float | None
    flagged: bool
    reasons: tuple[EngagementReason, ...]
    windows: tuple[FlaggedWindow, ...]
    step_scores: np.ndarray
    abstained: bool
    abstain_reason: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountEngagement:
    """The answer for an account with many posts.

    `flagged_share` is the share of the judged posts that were flagged, `low` and `high` its
    95 % interval (Wilson). `p_value` is the probability of as many flags if every flag were a
    false alarm of the model. It abstains with fewer than three judged posts.
    """

    posts: int
    judged: int
    flagged: int
    flagged_share: float | None
    low: float | None
    high: float | None
    p_value: float | None
    score: int | None
    level: EngagementLevel | None
    abstained: bool
    abstain_reason: str | None
    sentence: str
