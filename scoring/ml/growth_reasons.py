"""The features behind a growth assessment in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from scoring.ml.growth_features import FEATURES

TOP_REASONS: Final = 5
SMALLEST_EFFECT: Final = 0.05


@dataclass(frozen=True)
class GrowthReason:
    """One group of features; `effect` is in calibrated log-odds, above zero for bought."""

    feature: str
    effect: float
    text: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "sudden_gains": (
        "spikes_a_month", "spike_share", "largest_spike", "largest_spike_score",
        "spike_concentration", "spike_fading",
    ),
    "reactions": (
        "spike_reaction_rise", "reactions_per_follower_after", "reaction_elasticity",
        "reaction_drift", "reactions_after_shift",
    ),
    "losses": ("purge_share", "spike_loss_share", "loss_share"),
    "evenness": ("constancy", "level_shift", "constancy_after_shift", "gain_persistence"),
    "weekdays": ("weekday_share",),
    "pace": ("monthly_growth", "consistency"),
    "scale": ("log_followers", "interval_days", "log_resolution_share"),
}  # fmt: skip
"""Which features speak of the same thing; every feature is in exactly one group."""


def top_reasons(values: Mapping[str, float], effects: np.ndarray) -> tuple[GrowthReason, ...]:
    """The groups that moved the score most, the strongest first.

    :param effects: (len(FEATURES),), contributions in calibrated log-odds.
    """
    by_feature = dict(zip(FEATURES, effects, strict=True))
    reasons = []
    for group, features in GROUPS.items():
        effect = float(sum(by_feature[name] for name in features))
        if abs(effect) >= SMALLEST_EFFECT:
            reasons.append(GrowthReason(group, effect, _text(group, values)))
    reasons.sort(key=lambda reason: -abs(reason.effect))
    return tuple(reasons[:TOP_REASONS])


def _text(group: str, values: Mapping[str, float]) -> str:
    match group:
        case "sudden_gains":
            if values["spike_share"] <= 0:
                return "no unexplained sudden gain"
            fading = values["spike_fading"]
            end = ", which stopped at once" if fading < 0.1 else ""
            return f"{values['spike_share']:.0%} of the gains came in unexplained spikes{end}"
        case "reactions":
            return _reactions_text(values)
        case "losses":
            return f"losses are {values['loss_share']:.0%} of the gains"
        case "evenness":
            variation = float(np.exp(values["constancy"]))
            if np.isnan(variation):
                return "too few quiet days to tell how even the gains are"
            return f"gains vary by {variation:.0%} from one count to the next"
        case "weekdays":
            if np.isnan(values["weekday_share"]):
                return "counts too rare to see a weekly rhythm"
            rhythm = "a" if values["weekday_share"] > 0.05 else "no"
            return f"gains follow {rhythm} weekly rhythm"
        case "pace":
            return f"{np.expm1(values['monthly_growth']):+.1%} followers a month"
        case "scale":
            return f"{np.exp(values['log_followers']):,.0f} followers"
    raise ValueError(f"unknown group {group!r}")


def _reactions_text(values: Mapping[str, float]) -> str:
    for name, when in (
        ("reactions_per_follower_after", "after the largest spike"),
        ("reactions_after_shift", "since the pace of growth changed"),
        ("reaction_drift", "over the series"),
    ):
        if not np.isnan(values[name]):
            return f"reactions per follower changed by {np.expm1(values[name]):+.0%} {when}"
    return "too few reactions are known beside the followers"
