"""Fake-account risk of a social account, with reasons, or an admission of not knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

RiskLevel = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class Signal:
    """One known fact and what it did to the score.

    `effect` is in calibrated log-odds: above zero raises the risk. Effects of all facts,
    known and unknown, and a constant add up to the log-odds of the probability.
    """

    feature: str
    value: float
    effect: float
    text: str


@dataclass(frozen=True)
class AuthenticityAssessment:
    """The answer for one account.

    When `abstained`, `risk_score`, `probability`, `risk_level` and `confidence` are None.
    """

    risk_score: int | None
    probability: float | None
    risk_level: RiskLevel | None
    confidence: float | None
    top_signals: tuple[Signal, ...]
    abstained: bool
    abstain_reason: str | None


class AuthenticityModel:
    def assess(self, columns: Mapping[str, np.ndarray]) -> list[AuthenticityAssessment]:
        raise NotImplementedError
