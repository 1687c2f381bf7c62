"""The points score of document 001 beside a creator's risk, and why the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scoring.ml.authenticity import RiskLevel
from scoring.ml.creator_evidence import Component
from scoring.ml.growth_series import GrowthSeries
from scoring.ml.points import BadGrowthFacts, PointsScore, score_account

MEDIUM_FROM: Final = 40
HIGH_FROM: Final = 70
DAYS: Final = 30
SMALL_EFFECT: Final = 0.05
_LEVELS: Final = ("low", "medium", "high")


@dataclass(frozen=True)
class SecondOpinion:
    """The points and a level of ours, as document 001 has none.

    Medium from 40: the 30 points of an engagement of 2 to 5 %, which it calls normal, are not
    enough alone. High from 70, which takes two signs.
    """

    points: PointsScore
    level: RiskLevel

    def to_json(self) -> dict[str, Any]:
        return {
            "name": "points",
            "score": round(self.points.score),
            "level": self.level,
            "spike_points": self.points.spike_points,
            "engagement_points": self.points.engagement_points,
            "growth_points": self.points.growth_points,
            "text": f"{_capital(self.parts())}.",
        }

    def parts(self) -> str:
        """Which points came from what, in words."""
        points = self.points
        parts = [
            f"{points.engagement_points:.0f} points for an engagement rate of "
            f"{points.engagement_rate:.2f} %",
            f"{points.spike_points:.0f} for {points.spike_count} "
            f"day{'' if points.spike_count == 1 else 's'} of unusual growth",
            f"{points.growth_points:.0f} for growth of {points.total_growth_pct:.1f} %",
        ]
        return ", ".join(parts)


def points_opinion(
    *, followers: float, like_rate: float, comment_rate: float, series: GrowthSeries
) -> SecondOpinion | None:
    """The points of the last `DAYS` days; None where a fact they need is unknown.

    :param like_rate, comment_rate: per cent of followers; an unknown comment rate counts as
        none, as the documents' engagement without comments does.
    """
    if not followers > 0 or np.isnan(like_rate) or len(series) < 2:
        return None
    comments = 0.0 if np.isnan(comment_rate) else comment_rate
    try:
        points = score_account(
            followers=followers,
            avg_likes=followers * like_rate / 100,
            avg_comments=followers * comments / 100,
            series=series.recent(DAYS - 1).followers.tolist(),
        )
    except BadGrowthFacts:
        return None
    level: RiskLevel = "low"
    if points.score >= MEDIUM_FROM:
        level = "high" if points.score >= HIGH_FROM else "medium"
    return SecondOpinion(points, level)


def explain_disagreement(
    opinion: SecondOpinion | None, *, level: RiskLevel | None, components: Sequence[Component]
) -> str:
    """Why the two are levels apart, in words; empty when they agree or one does not judge."""
    if opinion is None or level is None or opinion.level == level:
        return ""
    points_higher = _LEVELS.index(opinion.level) > _LEVELS.index(level)
    sign = -1 if points_higher else 1
    seen = [c for c in components if sign * c.effect > SMALL_EFFECT]
    seen.sort(key=lambda component: -abs(component.effect))
    said = f"The points score says {opinion.level}: {opinion.parts()}. This answer says {level}"
    if seen:
        findings = "; ".join(_finding(component) for component in seen[:2])
        return f"{said}, because of what points do not see: {findings}."
    if points_higher:
        return (
            f"{said}: nothing that was looked at points so far up. Points count any engagement "
            "below 8 % and any jump, whatever its cause or the size of the account."
        )
    return f"{said}: points look at 30 days and at no other fact."


def _finding(component: Component) -> str:
    strongest = max(component.evidence, key=lambda e: abs(e.log_likelihood_ratio or 0.0))
    return strongest.text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
