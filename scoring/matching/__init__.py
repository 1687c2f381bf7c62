"""Briefs and creators: which fit, in which order, and why."""

from scoring.matching.factors import Factor, MatchScore
from scoring.matching.ranking import (
    NotScoredYet,
    RankedCreator,
    Ranking,
    continue_ranking,
    match_account,
    match_accounts,
    rank_creators,
)

__all__ = [
    "Factor",
    "MatchScore",
    "NotScoredYet",
    "RankedCreator",
    "Ranking",
    "continue_ranking",
    "match_account",
    "match_accounts",
    "rank_creators",
]
