"""Fake-account risk of a social account, with reasons, or an admission of not knowing."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from scoring.ml.artifacts import Artifact
from scoring.ml.authenticity_features import (
    KNOWN_FEATURES,
    RAW_COLUMNS,
    all_features,
    clean_matrix,
)
from scoring.ml.authenticity_linear import LinearMember
from scoring.ml.authenticity_signals import FACTS, Signal, describe_fact
from scoring.ml.authenticity_single import facts_of_one, features_of_one
from scoring.ml.authenticity_trees import TreeMember

__all__ = ["AuthenticityAssessment", "AuthenticityModel", "AuthenticitySettings", "Signal"]

RiskLevel = Literal["low", "medium", "high"]

MODEL_FILE: Final = "model.txt"
LINEAR_FILE: Final = "linear.json"
SETTINGS_FILE: Final = "settings.json"
EVIDENCE_FACTS: Final = tuple(name for name in RAW_COLUMNS if name != "avg_likes")
TOP_SIGNALS: Final = 5
_PROBABILITY_LIMITS: Final = (0.01, 0.99)
_EVIDENCE_PLACES: Final = [RAW_COLUMNS.index(name) for name in EVIDENCE_FACTS]


@dataclass(frozen=True)
class AuthenticitySettings:
    """What training measured on accounts the model had not seen.

    The raw log-odds are `tree_weight` of the trees' and the rest of the linear member's.
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
    tree_weight: float = 1.0

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
        linear: LinearMember | None = None,
    ) -> None:
        self.booster = booster
        self.trees = TreeMember(booster)
        self.linear = linear
        self.settings = settings
        self.version = version
        self.feature_set = feature_set

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> AuthenticityModel:
        has_linear = LINEAR_FILE in artifact.contents
        return cls(
            booster=artifact.booster(MODEL_FILE),
            linear=LinearMember.from_json(artifact.document(LINEAR_FILE)) if has_linear else None,
            settings=AuthenticitySettings.from_json(artifact.document(SETTINGS_FILE)),
            version=artifact.version,
            feature_set=str(artifact.metadata["feature_set"]),
        )

    def probabilities(self, columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Probability of being fake and whether to abstain, each of shape (n,).

        One row takes about as long as LightGBM alone would; no reasons are computed.

        :param columns: see `features_from_columns`.
        :raises ValueError: no known column, or columns of different lengths.
        """
        # an empty answer is one the many-row path explains better
        if facts := facts_of_one(columns):
            log_odds, enough = self._log_odds_of_one(facts)
            low, high = _PROBABILITY_LIMITS
            probability = 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700.0 else 0.0
            return np.array([min(max(probability, low), high)]), np.array([not enough])
        raw = clean_matrix(columns)
        log_odds_of_rows, enough_of_rows = self._log_odds(raw, all_features(raw))
        return np.clip(expit(log_odds_of_rows), *_PROBABILITY_LIMITS), ~enough_of_rows

    def log_odds(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Calibrated log-odds of being fake, shape (n,), to be added to other evidence.

        Finer than `probabilities`, which stay within 1-99 %; NaN where the model abstains.

        :raises ValueError: see `probabilities`.
        """
        raw = clean_matrix(columns)
        log_odds, enough = self._log_odds(raw, all_features(raw))
        return np.where(enough, log_odds, np.nan)

    def assess(self, columns: Mapping[str, np.ndarray]) -> list[AuthenticityAssessment]:
        """One assessment per row; a batch gives each row what it would get alone.

        :param columns: any of `RAW_COLUMNS`, arrays of shape (n,), NaN where unknown.
        :raises ValueError: no known column, or columns of different lengths.
        """
        raw = clean_matrix(columns)
        features = all_features(raw)
        log_odds, enough = self._log_odds(raw, features)
        probabilities = np.clip(expit(log_odds), *_PROBABILITY_LIMITS)
        evidence = _count_known(raw)
        effects = self._effects(features, evidence)
        assessments = []
        for row, probability in enumerate(probabilities):
            facts = dict(zip(RAW_COLUMNS, raw[:, row].tolist(), strict=True))
            signals = _top_signals(facts, effects[row])
            if enough[row]:
                assessments.append(self._judgement(float(probability), signals))
            else:
                assessments.append(self._abstention(facts, int(evidence[row]), signals))
        return assessments

    def _log_odds(self, raw: np.ndarray, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scores = self.trees.raw_scores(features, _threads(raw.shape[1]))
        if self.linear is not None:
            weight = self.settings.tree_weight
            scores = weight * scores + (1.0 - weight) * self.linear.raw_scores(features)
        evidence = _count_known(raw)
        slopes, intercepts = _calibration_of(self.settings, evidence)
        enough = has_enough_evidence(self.settings, evidence, ~np.isnan(raw[0]))
        return slopes * scores + intercepts, enough

    def _log_odds_of_one(self, facts: Mapping[str, float]) -> tuple[float, bool]:
        features = features_of_one(facts)
        score = self.trees.raw_score_of_one(features)
        settings = self.settings
        if self.linear is not None:
            weight = settings.tree_weight
            score = weight * score + (1.0 - weight) * self.linear.raw_score_of_one(features)
        evidence = len(facts)
        bucket = max(bisect_right(settings.evidence_from, evidence) - 1, 0)
        needed = (
            settings.min_facts if "followers" in facts else settings.min_facts_without_followers
        )
        enough = needed is not None and evidence >= needed
        return settings.slopes[bucket] * score + settings.intercepts[bucket], enough

    def _effects(self, features: np.ndarray, evidence: np.ndarray) -> np.ndarray:
        """What each known feature did to the calibrated log-odds, (n, len(KNOWN_FEATURES))."""
        effects = self.trees.contributions(features, _threads(features.shape[1]))
        if self.linear is not None:
            weight = self.settings.tree_weight
            effects = weight * effects + (1.0 - weight) * self.linear.contributions(features)
        slopes, _ = _calibration_of(self.settings, evidence)
        return np.asarray(effects * slopes[:, None])

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


def _threads(rows: int) -> int:
    """One thread for a page of accounts, LightGBM's default (0: all cores) for a catalogue."""
    return 0 if rows > 5000 else 1


def risk_level(settings: AuthenticitySettings, probability: float) -> RiskLevel:
    """Level of a calibrated probability."""
    if probability >= settings.high_from:
        return "high"
    return "low" if probability < settings.low_below else "medium"


def count_evidence(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Number of known facts per row, shape (n,); average likes count as the like rate."""
    return _count_known(clean_matrix(columns))


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


def _count_known(raw: np.ndarray) -> np.ndarray:
    return np.asarray((~np.isnan(raw[_EVIDENCE_PLACES])).sum(axis=0))


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
        effect = float(sum(effects[KNOWN_FEATURES.index(name)] for name in features))
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
