"""Scores about accounts and posts, and what search and recommendation read."""

from scoring.models.alerts import (
    AlertCheck,
    AlertFiring,
    AlertReading,
    AlertRule,
    AlertSeries,
    AlertVersion,
)
from scoring.models.budget_plans import BudgetPlan
from scoring.models.evaluation_labels import EvaluationLabel
from scoring.models.interactions import InteractionEvent
from scoring.models.market_values import MarketValue, ValuationDraft, ValuationRun
from scoring.models.match_facts import MatchFacts
from scoring.models.niche_clusters import (
    NicheCentre,
    NicheClustering,
    NicheGroup,
    NicheMembership,
)
from scoring.models.niche_reports import NicheMonth, NicheReport
from scoring.models.post_plans import PostPlan, PublishedPlan
from scoring.models.price_justifications import PriceJustification
from scoring.models.prices import (
    CurrencyRate,
    MarketPrice,
    PriceCheck,
    PriceImport,
    PriceModelState,
)
from scoring.models.recommender_states import RecommenderState
from scoring.models.saved_searches import SavedSearch
from scoring.models.scores import PostScore, Score
from scoring.models.search import EMBEDDING_DIMENSIONS, EntryEmbedding, SearchEntry

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "AlertCheck",
    "AlertFiring",
    "AlertReading",
    "AlertRule",
    "AlertSeries",
    "AlertVersion",
    "BudgetPlan",
    "CurrencyRate",
    "EntryEmbedding",
    "EvaluationLabel",
    "InteractionEvent",
    "MarketPrice",
    "MarketValue",
    "MatchFacts",
    "NicheCentre",
    "NicheClustering",
    "NicheGroup",
    "NicheMembership",
    "NicheMonth",
    "NicheReport",
    "PostPlan",
    "PostScore",
    "PriceCheck",
    "PriceImport",
    "PriceJustification",
    "PriceModelState",
    "PublishedPlan",
    "RecommenderState",
    "SavedSearch",
    "Score",
    "SearchEntry",
    "ValuationDraft",
    "ValuationRun",
]
