"""Fake-account risk of a social account, with reasons, or an admission of not knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from scoring.ml.artifacts import Artifact
from scoring.ml.authenticity_features import (
    FEATURES,
    RAW_COLUMNS,
    clean_columns,
    features_from_columns,
)
from scoring.ml.authenticity_signals import FACTS, Signal, describe_fact

__all__ = ["AuthenticityAssessment", "AuthenticityModel", "AuthenticitySettings", "Signal"]

RiskLevel = Literal["low", "medium", "high"]

MODEL_FILE: Final = "model.txt"
SETTINGS_FILE: Final = "settings.json"
EVIDENCE_FACTS: Final = tuple(name for name in RAW_COLUMNS if name != "avg_likes")
TOP_SIGNALS: Final = 5
_PROBABILITY_LIMITS: Final = (0.01, 0.99)


@dataclass(frozen=True)
class AuthenticitySettings:
    """What training measured on accounts the model had not seen.

    Calibration: the log-odds of an account with k known facts are
    slopes[i] * raw + intercepts[i], i the last bucket with evidence_from[i] <= k.
    Levels: high from `high_from` on, low below `low_below`, by probability.
    Abstention: fewer than `min_facts` known facts, or `min_facts_without_followers` where
    the follower count is unknown; None abstains always.
    """

    evidence_from: tuple[int, ...]
    slopes: tuple[float, ...]
    intercepts: tuple[float, ...]
    high_from: float
    low_below: float
    min_facts: int | None
    min_facts_without_followers: int | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> AuthenticitySettings:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class AuthenticityAssessment:
    """The answer for one account.

    `probability` is calibrated for a population half of which is fake; `risk_score` is that
    in percent. `confidence` is the probability of the more likely side (fake from 50 on):
    among accounts of collections the model never saw, with as many known facts and this
    probability, the share on which that side was right. It is never below 0.5.

    When `abstained`, `risk_score`, `probability`, `risk_level` and `confidence` are None and
    `abstain_reason` says what is missing; the signals still say what is known.
    """

    risk_score: int | None
    probability: float | None
    risk_level: RiskLevel | None
    confidence: float | None
    top_signals: tuple[Signal, ...]
    abstained: bool
    abstain_reason: str | None


class AuthenticityModel:
    """A trained model. Read-only after construction and safe to share between threads."""

    def __init__(
        self,
        *,
        booster: lgb.Booster,
        settings: AuthenticitySettings,
        version: str,
        feature_set: str,
    ) -> None:
        self.booster = booster
        self.settings = settings
        self.version = version
        self.feature_set = feature_set

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> AuthenticityModel:
        return cls(
            booster=artifact.booster(MODEL_FILE),
            settings=AuthenticitySettings.from_json(artifact.document(SETTINGS_FILE)),
            version=artifact.version,
            feature_set=str(artifact.metadata["feature_set"]),
        )

    def probabilities(self, columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Probability of being fake and whether to abstain, each of shape (n,).

        :param columns: see `features_from_columns`.
        """
        raw_scores = self.booster.predict(
            features_from_columns(columns), raw_score=True, num_threads=prediction_threads(columns)
        )
        evidence = count_evidence(columns)
        probability = calibrated_probabilities(self.settings, np.asarray(raw_scores), evidence)
        followers_known = ~np.isnan(clean_columns(columns)["followers"])
        return probability, ~has_enough_evidence(self.settings, evidence, followers_known)

    def assess(self, columns: Mapping[str, np.ndarray]) -> list[AuthenticityAssessment]:
        """One assessment per row; a batch gives each row what it would get alone.

        :param columns: any of `RAW_COLUMNS`, arrays of shape (n,), NaN where unknown.
        :raises ValueError: no known column, or columns of different lengths.
        """
        features = features_from_columns(columns)
        raw_columns = clean_columns(columns)
        evidence = count_evidence(columns)
        slopes, _ = _calibration_of(self.settings, evidence)
        probabilities, abstained = self.probabilities(columns)
        contributions = np.asarray(
            self.booster.predict(
                features, pred_contrib=True, num_threads=prediction_threads(columns)
            )
        )[:, :-1]
        effects = contributions * slopes[:, None]
        assessments = []
        for row, probability in enumerate(probabilities):
            facts = {name: float(values[row]) for name, values in raw_columns.items()}
            signals = _top_signals(facts, effects[row])
            if abstained[row]:
                assessments.append(self._abstention(facts, int(evidence[row]), signals))
            else:
                assessments.append(self._judgement(float(probability), signals))
        return assessments

    def _judgement(self, probability: float, signals: tuple[Signal, ...]) -> AuthenticityAssessment:
        return AuthenticityAssessment(
            risk_score=round(100 * probability),
            probability=probability,
            risk_level=risk_level(self.settings, probability),
            confidence=max(probability, 1 - probability),
            top_signals=signals,
            abstained=False,
            abstain_reason=None,
        )

    def _abstention(
        self, facts: Mapping[str, float], evidence: int, signals: tuple[Signal, ...]
    ) -> AuthenticityAssessment:
        needed = self.settings.min_facts
        if np.isnan(facts["followers"]):
            needed = self.settings.min_facts_without_followers
        known = f"{evidence} of {len(EVIDENCE_FACTS)} facts are known"
        if needed is not None:
            reason = f"Not enough evidence: {known}; {needed} are needed."
        else:
            reason = (
                f"Not enough evidence: {known}, but not the follower count, without which "
                "the model was not reliable on accounts it had not seen."
            )
        return AuthenticityAssessment(
            risk_score=None,
            probability=None,
            risk_level=None,
            confidence=None,
            top_signals=signals,
            abstained=True,
            abstain_reason=reason,
        )


def prediction_threads(columns: Mapping[str, np.ndarray]) -> int:
    """One thread for a page of accounts, LightGBM's default (0: all cores) for a catalogue."""
    rows = max(np.size(values) for values in columns.values())
    return 0 if rows > 5000 else 1


def risk_level(settings: AuthenticitySettings, probability: float) -> RiskLevel:
    """Level of a calibrated probability."""
    if probability >= settings.high_from:
        return "high"
    return "low" if probability < settings.low_below else "medium"


def count_evidence(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Number of known facts per row, shape (n,); average likes count as the like rate."""
    raw = clean_columns(columns)
    return np.sum([~np.isnan(raw[name]) for name in EVIDENCE_FACTS], axis=0).astype(int)


def has_enough_evidence(
    settings: AuthenticitySettings, evidence: np.ndarray, followers_known: np.ndarray
) -> np.ndarray:
    """Whether enough is known to judge, shape (n,)."""
    never = len(EVIDENCE_FACTS) + 1
    with_followers = never if settings.min_facts is None else settings.min_facts
    without = settings.min_facts_without_followers
    without_followers = never if without is None else without
    return evidence >= np.where(followers_known, with_followers, without_followers)


def calibrated_probabilities(
    settings: AuthenticitySettings, raw_scores: np.ndarray, evidence: np.ndarray
) -> np.ndarray:
    """Platt scaling (Platt, 1999) by amount of evidence; clipped to 1-99 %."""
    slopes, intercepts = _calibration_of(settings, evidence)
    return np.clip(expit(slopes * raw_scores + intercepts), *_PROBABILITY_LIMITS)


def evidence_bucket(evidence_from: tuple[int, ...], evidence: np.ndarray) -> np.ndarray:
    """Index of the calibration bucket per row."""
    return np.maximum(np.searchsorted(np.asarray(evidence_from), evidence, side="right") - 1, 0)


def _calibration_of(
    settings: AuthenticitySettings, evidence: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    bucket = evidence_bucket(settings.evidence_from, evidence)
    return np.asarray(settings.slopes)[bucket], np.asarray(settings.intercepts)[bucket]


def _top_signals(facts: Mapping[str, float], effects: np.ndarray) -> tuple[Signal, ...]:
    signals = []
    for fact, features in FACTS.items():
        if np.isnan(facts[fact]):
            continue
        effect = float(sum(effects[FEATURES.index(name)] for name in features))
        signals.append(
            Signal(
                feature=fact,
                value=facts[fact],
                effect=effect,
                text=describe_fact(fact, facts, effect),
            )
        )
    signals.sort(key=lambda signal: -abs(signal.effect))
    return tuple(signals[:TOP_SIGNALS])
