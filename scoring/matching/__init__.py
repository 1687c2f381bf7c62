"""Briefs and creators: which fit, in which order, and why."""

from scoring.matching.factors import Factor, MatchScore
from scoring.matching.ranking import (
    NotScoredYet,
    RankedCreator,
    Ranking,
    match_account,
    rank_creators,
)

__all__ = [
    "Factor",
    "MatchScore",
    "NotScoredYet",
    "RankedCreator",
    "Ranking",
    "match_account",
    "rank_creators",
]
