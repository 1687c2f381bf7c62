"""Briefs and creators: which fit, in which order, and why."""

from scoring.matching.factors import Factor, MatchScore
from scoring.matching.one_by_one import NotScoredYet, match_account, match_accounts
from scoring.matching.ranking import RankedCreator, Ranking, continue_ranking, rank_creators
from scoring.matching.why_not import Placing, WhyNot, explain_place

__all__ = [
    "Factor",
    "MatchScore",
    "NotScoredYet",
    "Placing",
    "RankedCreator",
    "Ranking",
    "WhyNot",
    "continue_ranking",
    "explain_place",
    "match_account",
    "match_accounts",
    "rank_creators",
]
