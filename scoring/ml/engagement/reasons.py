"""Why a series got its score: signed reasons in plain words, with the series' own figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.ml.engagement.answers import EngagementReason
from scoring.ml.engagement.series import EngagementSeries

MOST_REASONS: Final = 5
LEAST_EFFECT: Final = 0.05
RHYTHM: Final = ("_hour_stands_out", "_quiet_share")
SMOOTHNESS: Final = ("_roughness", "_still_steps", "_equal_steps")


def signed_reasons(
    series: EngagementSeries, values: Mapping[str, float], effects: Mapping[str, float]
) -> tuple[EngagementReason, ...]:
    """The strongest reasons first, at most five.

    :param values: series features. :param effects: calibrated log-odds by feature; those of
        one group are added up, and the groups with a constant give the log-odds of the score.
    """
    by_group: dict[str, float] = {}
    for name, effect in effects.items():
        group = group_of(name)
        by_group[group] = by_group.get(group, 0.0) + effect
    strongest = sorted(by_group.items(), key=lambda item: -abs(item[1]))
    reasons = []
    for group, effect in strongest:
        text = _text(group, series, values, effect)
        if text and abs(effect) >= LEAST_EFFECT:
            direction = "raises" if effect > 0 else "lowers"
            reasons.append(EngagementReason(group, f"{text}: {direction} suspicion", effect))
    return tuple(reasons[:MOST_REASONS])


def group_of(feature: str) -> str:
    """The reason a series feature belongs to; every feature belongs to exactly one."""
    if feature.startswith("steps_"):
        return "steps"
    if feature.startswith("detector_"):
        return "detectors"
    if "_with_" in feature or feature.startswith("jump_together"):
        return "together"
    if feature.endswith(RHYTHM):
        return "rhythm"
    if feature.endswith(SMOOTHNESS):
        return "smoothness"
    if "_decay" in feature:
        return "decay"
    for pair in ("likes_per_views", "comments_per_views", "comments_per_likes", "shares_per_views"):
        if feature.startswith(pair):
            return pair
    for metric in ("views", "likes", "comments", "shares"):
        if feature.startswith(metric):
            return f"{metric}_growth"
    return "sampling"


def _text(group: str, series: EngagementSeries, values: Mapping[str, float], effect: float) -> str:
    if "_per_" in group:
        return _ratio_text(group, values)
    if group.endswith("_growth"):
        return _growth_text(group.removesuffix("_growth"), values)
    match group:
        case "steps":
            highest = values["steps_highest"]
            if np.isnan(highest):
                return ""
            if effect < 0:
                return f"no single step is suspicious enough (highest {100 * highest:.0f} of 100)"
            return f"the most suspicious step scores {100 * highest:.0f} of 100"
        case "detectors":
            return _detectors_text(values)
        case "together":
            known = [v for k, v in values.items() if "_with_" in k and not np.isnan(v)]
            if not known:
                return ""
            return f"counts rise and fall together with a correlation of up to {max(known):.2f}"
        case "rhythm":
            share = values["views_quiet_share"]
            if np.isnan(share):
                return ""
            return f"{share:.0%} of the views came in the quietest quarter of the day"
        case "smoothness":
            share = values["views_still_steps"]
            if np.isnan(share):
                return ""
            return f"how evenly counts grow (views stand still in {share:.0%} of the steps)"
        case "decay":
            slope = values["views_decay"]
            if np.isnan(slope):
                return ""
            if abs(slope) < 0.05:
                return "views keep coming at much the same rate"
            trend = "falls" if slope < 0 else "rises"
            return f"the rate of views {trend} with time to the power of {abs(slope):.1f}"
    points = len(series)
    return f"{points} observations, typically {series.typical_step_hours:.3g} hours apart"


def _ratio_text(pair: str, values: Mapping[str, float]) -> str:
    above, below = pair.split("_per_")
    at_end, off = values[f"{pair}_at_end"], values[f"{pair}_highest"]
    if np.isnan(at_end):
        return ""
    per, unit = (1000, "1,000 ") if below == "views" else (100, "100 ")
    told = f"{per * np.exp(at_end):,.3g} {above} per {unit}{below} in all"
    if np.isnan(off):
        return told
    return f"{told}, in single steps up to {max(off, 0.0):.1f} noise units more than in others"


def _growth_text(metric: str, values: Mapping[str, float]) -> str:
    share = values[f"{metric}_largest_share"]
    if np.isnan(share):
        return ""
    return f"the largest step brought {share:.0%} of the {metric} gained in the series"


def _detectors_text(values: Mapping[str, float]) -> str:
    scores = {
        name.removeprefix("detector_").removesuffix("_highest"): value
        for name, value in values.items()
        if name.startswith("detector_") and name.endswith("_highest") and not np.isnan(value)
    }
    if not scores:
        return ""
    name, value = max(scores.items(), key=lambda item: item[1])
    readable = name.replace("_", " ")
    return f"the detector {readable} finds up to {np.expm1(value):.1f} noise units of deviation"
