"""Scores about accounts and posts, and what search and recommendation read."""

from scoring.models.evaluation_labels import EvaluationLabel
from scoring.models.interactions import InteractionEvent
from scoring.models.match_facts import MatchFacts
from scoring.models.niche_clusters import (
    NicheCentre,
    NicheClustering,
    NicheGroup,
    NicheMembership,
)
from scoring.models.recommender_states import RecommenderState
from scoring.models.saved_searches import SavedSearch
from scoring.models.scores import PostScore, Score
from scoring.models.search import EMBEDDING_DIMENSIONS, EntryEmbedding, SearchEntry

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "EntryEmbedding",
    "EvaluationLabel",
    "InteractionEvent",
    "MatchFacts",
    "NicheCentre",
    "NicheClustering",
    "NicheGroup",
    "NicheMembership",
    "PostScore",
    "RecommenderState",
    "SavedSearch",
    "Score",
    "SearchEntry",
]
