"""The linear member of the authenticity model: few slopes whose signs are known beforehand.

Trees learn where each collection's steps lie; slopes carry over to a collection with other
typical counts. An unknown feature adds nothing, so that the less is known of an account
the less this member says and the more the trees decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from scoring.ml.authenticity_features import KNOWN_FEATURES

CLIP: Final = 4.0
L2: Final = 1e-5
"""Weak: likes, which few collections tell, need a steep slope. Stronger ones did worse."""

LINEAR_FEATURES: Final = (
    "log_followers",
    "log_posts",
    "log_following_ratio",
    "bio_length",
    "full_name_words",
    "username_length",
    "username_digit_ratio",
    "has_picture",
    "has_link",
    "is_private",
    "is_verified",
    "is_business",
    "log_comments_per_like",
    "log_post_interval",
    "hashtags_per_post",
    "log_caption_length",
    "caption_similarity",
    "log_likes",
    "log_likes_per_following",
    "log_following_per_post",
)
RISING: Final = frozenset(
    {
        "log_following_ratio",
        "log_following_per_post",
        "username_digit_ratio",
        "caption_similarity",
    }
)
FALLING: Final = frozenset(
    {
        "has_picture",
        "has_link",
        "is_verified",
        "bio_length",
        "log_likes_per_following",
        "log_likes",
        "log_followers",
        "log_posts",
    }
)


@dataclass(frozen=True)
class LinearMember:
    """Log-odds = intercept + sum of slope * clip((x - centre) / scale, -4, 4) over known x."""

    names: tuple[str, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]
    slopes: tuple[float, ...]
    intercept: float

    def __post_init__(self) -> None:
        places = [KNOWN_FEATURES.index(name) for name in self.names]
        object.__setattr__(
            self,
            "_terms",
            tuple(zip(places, self.centres, self.scales, self.slopes, strict=True)),
        )

    def raw_scores(self, features: np.ndarray) -> np.ndarray:
        """Log-odds, shape (n,), of features of shape (len(KNOWN_FEATURES), n)."""
        total = np.full(features.shape[1], self.intercept)
        for term in self.contributions(features).T[self._places()]:
            total += term  # in this order, so that a batch adds as a single row does
        return total

    def raw_score_of_one(self, features: Sequence[float]) -> float:
        """Log-odds of one account from its `KNOWN_FEATURES`."""
        total = self.intercept
        for place, centre, scale, slope in self._terms:  # type: ignore[attr-defined]
            value = (features[place] - centre) / scale
            if value == value:
                total += slope * (-CLIP if value < -CLIP else CLIP if value > CLIP else value)
        return total

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each known feature adds, shape (n, len(KNOWN_FEATURES)); the unknown adds 0."""
        places = self._places()
        values = standardise(
            features[places], np.array(self.centres)[:, None], np.array(self.scales)[:, None]
        )
        spread = np.zeros((features.shape[1], len(KNOWN_FEATURES)))
        spread[:, places] = (values * np.array(self.slopes)[:, None]).T
        return spread

    def _places(self) -> list[int]:
        return [KNOWN_FEATURES.index(name) for name in self.names]

    def to_json(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "centres": list(self.centres),
            "scales": list(self.scales),
            "slopes": list(self.slopes),
            "intercept": self.intercept,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> LinearMember:
        lists = {name: tuple(document[name]) for name in ("names", "centres", "scales", "slopes")}
        return cls(**lists, intercept=float(document["intercept"]))


def standardise(values: np.ndarray, centres: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """(values - centres) / scales within ±`CLIP`; 0 where unknown."""
    standard = np.clip((values - centres) / scales, -CLIP, CLIP)
    return np.where(np.isnan(standard), 0.0, standard)


def fit_linear(features: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> LinearMember:
    """Logistic regression with the signs of `RISING` and `FALLING`.

    :param features: shape (len(KNOWN_FEATURES), n), NaN where unknown.
    :param labels: 0 or 1, (n,). :param weights: (n,).
    """
    weights = weights / weights.sum()
    chosen = features[[KNOWN_FEATURES.index(name) for name in LINEAR_FEATURES]]
    centres, scales = _weighted_moments(chosen, weights)
    values = standardise(chosen, centres[:, None], scales[:, None])
    signs = 2.0 * labels - 1.0

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        slopes, intercept = parameters[:-1], parameters[-1]
        margins = signs * (slopes @ values + intercept)
        pull = expit(-margins) * weights * signs
        value = weights @ np.logaddexp(0.0, -margins) + L2 * slopes @ slopes
        return float(value), np.append(2 * L2 * slopes - values @ pull, -pull.sum())

    bounds = [
        (0.0 if name in RISING else None, 0.0 if name in FALLING else None)
        for name in LINEAR_FEATURES
    ]
    start = np.zeros(len(LINEAR_FEATURES) + 1)
    found = minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    return LinearMember(
        names=LINEAR_FEATURES,
        centres=tuple(centres.tolist()),
        scales=tuple(scales.tolist()),
        slopes=tuple(found[:-1].tolist()),
        intercept=float(found[-1]),
    )


def _weighted_moments(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the known values of each row; 0 and 1 where none vary."""
    shares = np.where(np.isnan(values), 0.0, weights)
    known = np.nan_to_num(values)
    totals = np.maximum(shares.sum(axis=1), 1e-12)
    means = (shares * known).sum(axis=1) / totals
    deviations = np.sqrt((shares * (known - means[:, None]) ** 2).sum(axis=1) / totals)
    return means, np.where(deviations > 1e-6, deviations, 1.0)
