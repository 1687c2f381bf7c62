"""One answer about a creator's followers from everything that is known, or an abstention.

The formula is that of `scoring.ml.evidence`. No collection of creators exists on which the
sum could be calibrated, so its probability is as good as the bounds and weights that went
into it, and a high level asks for more than a high sum (`level_of`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import expit

from scoring.ml.authenticity import AuthenticityAssessment, RiskLevel
from scoring.ml.creator_evidence import Component
from scoring.ml.evidence import Combination, combine
from scoring.ml.growth_model import GrowthAssessment
from scoring.ml.second_opinion import SecondOpinion, explain_disagreement

TOP_SIGNALS: Final = 6
SMALLEST_SIGNAL: Final = 0.01
ENOUGH_ALONE: Final = 1.0
"""Log-odds from which on a source other than the profile is enough without it."""
LIMITS: Final = (0.01, 0.99)
HIGH_FROM: Final = 0.85
LOW_BELOW: Final = 0.25
RAISES: Final = 0.5
"""Log-odds from which on a source counts as raising the risk, for levels."""


@dataclass(frozen=True)
class RiskSignal:
    """One signed reason; `effect` is its share of the log-odds, above 0 raises the risk."""

    feature: str
    text: str
    effect: float


@dataclass(frozen=True)
class CreatorRisk:
    """The answer. When `abstained`, score, probability, level and confidence are None.

    The effects of all signals, also of those too small for `top_signals`, and of what is
    unknown add up to the log-odds of `probability`.
    """

    risk_score: int | None
    probability: float | None
    risk_level: RiskLevel | None
    confidence: float | None
    top_signals: tuple[RiskSignal, ...]
    abstained: bool
    abstain_reason: str | None
    components: tuple[Component, ...]
    second_opinion: SecondOpinion | None
    disagreement: str

    def details(self) -> dict[str, Any]:
        """What a score keeps beside its value, JSON-ready."""
        return {
            "probability": self.probability,
            "components": [component.to_json() for component in self.components],
            "second_opinion": self.second_opinion.to_json() if self.second_opinion else None,
            "disagreement": self.disagreement,
        }


def judge_creator(
    *,
    account: AuthenticityAssessment,
    growth: GrowthAssessment | None,
    components: Sequence[Component],
    opinion: SecondOpinion | None,
) -> CreatorRisk:
    """Add up the components' evidence and say what came of it."""
    evidence = [piece for component in components for piece in component.evidence]
    combination = combine(evidence)
    components = tuple(
        component.with_effect(combination.by_source.get(component.name, 0.0))
        for component in components
    )
    if not _is_enough(account, combination):
        return _abstention(account, components, opinion)
    lowest, highest = LIMITS
    probability = min(max(float(expit(combination.log_odds)), lowest), highest)
    level = level_of(probability, account=account, by_source=combination.by_source)
    effects = dict(zip((piece.name for piece in evidence), combination.effects, strict=True))
    signals = _account_signals(account, effects.pop("account_model", 0.0))
    signals += _growth_signals(growth, effects.pop("growth_model", 0.0))
    texts = {piece.name: piece.text for piece in evidence}
    signals += [RiskSignal(name, texts[name], effect) for name, effect in effects.items()]
    return CreatorRisk(
        risk_score=round(100 * probability),
        probability=probability,
        risk_level=level,
        confidence=max(probability, 1 - probability),
        top_signals=_strongest(signals),
        abstained=False,
        abstain_reason=None,
        components=components,
        second_opinion=opinion,
        disagreement=explain_disagreement(opinion, level=level, components=components),
    )


def level_of(
    probability: float, *, account: AuthenticityAssessment, by_source: Mapping[str, float]
) -> RiskLevel:
    """High from 85 % on, where the profile's own model says high, which it is measured to be
    right about on accounts it had not seen, or another source raises the risk.

    Low below 25 %, or below 50 % where the profile's own model says low and no other source
    raises the risk. More evidence for the risk never lowers the level.
    """
    is_raised = any(effect >= RAISES for source, effect in by_source.items() if source != "profile")
    if probability >= HIGH_FROM and (account.risk_level == "high" or is_raised):
        return "high"
    if probability < LOW_BELOW:
        return "low"
    unraised_low = account.risk_level == "low" and not is_raised and probability < 0.5
    return "low" if unraised_low else "medium"


def _is_enough(account: AuthenticityAssessment, combination: Combination) -> bool:
    if account.probability is not None:
        return True
    others = [effect for source, effect in combination.by_source.items() if source != "profile"]
    return any(abs(effect) >= ENOUGH_ALONE for effect in others)


def _abstention(
    account: AuthenticityAssessment,
    components: tuple[Component, ...],
    opinion: SecondOpinion | None,
) -> CreatorRisk:
    """Without an answer, the signals still say what is known of the profile."""
    reason = account.abstain_reason or "Not enough evidence."
    return CreatorRisk(
        risk_score=None,
        probability=None,
        risk_level=None,
        confidence=None,
        top_signals=tuple(
            RiskSignal(signal.feature, signal.text, signal.effect) for signal in account.top_signals
        ),
        abstained=True,
        abstain_reason=f"{reason} Nothing else that is known suffices without it.",
        components=components,
        second_opinion=opinion,
        disagreement="",
    )


def _account_signals(account: AuthenticityAssessment, effect: float) -> list[RiskSignal]:
    """The account model's own signals, scaled as its log-odds were bounded."""
    if account.probability is None:
        return []
    log_odds = float(np.log(account.probability / (1 - account.probability)))
    scale = effect / log_odds if log_odds else 1.0
    return [
        RiskSignal(signal.feature, signal.text, signal.effect * scale)
        for signal in account.top_signals
    ]


def _growth_signals(growth: GrowthAssessment | None, effect: float) -> list[RiskSignal]:
    """The growth model's own reasons, scaled alike."""
    if growth is None or growth.log_odds is None:
        return []
    scale = effect / growth.log_odds if growth.log_odds else 1.0
    return [
        RiskSignal(f"growth_{reason.feature}", reason.text, reason.effect * scale)
        for reason in growth.reasons
    ]


def _strongest(signals: Sequence[RiskSignal]) -> tuple[RiskSignal, ...]:
    told = [signal for signal in signals if abs(signal.effect) >= SMALLEST_SIGNAL]
    return tuple(sorted(told, key=lambda signal: -abs(signal.effect))[:TOP_SIGNALS])
