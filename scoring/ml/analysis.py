"""The analysis of seed document 001: niches, fake-follower points, best creators per brand.

Three tables in, three tables out, with the document's columns and row order. The parts
are those of `scoring.ml.points` and `scoring.ml.keywords`; here they are put together.
How far the result equals the document's own output: docs/analyze.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from scoring.ml.keywords import extract_document_keywords
from scoring.ml.points import BadGrowthFacts, score_account

N_CLUSTERS = 8
N_KEYWORDS = 3
TOP_PER_BRAND = 10
RANDOM_STATE = 42

NICHE_COLUMNS = (
    "influencer_id",
    "bio",
    "recent_captions",
    "combined_text_clean",
    "niche_cluster",
    "niche_keywords",
)
SCORE_COLUMNS = (
    "influencer_id",
    "followers",
    "avg_likes",
    "avg_comments",
    "engagement_rate",
    "spike_count",
    "total_growth_pct",
    "fake_score",
    "reason",
)
MATCH_COLUMNS = (
    "brand_id",
    "brand_name",
    "brand_keywords",
    "rank",
    "influencer_id",
    "influencer_bio",
    "influencer_niche",
    "similarity_score",
)

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class AnalysisError(Exception):
    """The tables cannot be analysed.

    :param table: "influencers", "growth" or "brands".
    :param row: the index label of the row in that table.
    """

    def __init__(
        self, message: str, *, table: str, row: Any = None, column: str | None = None
    ) -> None:
        super().__init__(message)
        self.table, self.row, self.column = table, row, column


@dataclass(frozen=True)
class Analysis:
    """The document's three outputs, ready to be written as CSV."""

    niches: pd.DataFrame
    fake_scores: pd.DataFrame
    matches: pd.DataFrame


def analyze(
    influencers: pd.DataFrame, growth: pd.DataFrame, brands: pd.DataFrame, *, encode: Encode
) -> Analysis:
    """Everything document 001 computes.

    :param influencers: influencer_id, bio, recent_captions.
    :param growth: influencer_id, followers, avg_likes, avg_comments and
        follower_growth_last_30_days as sequences of numbers, oldest first.
    :param brands: brand_id, brand_description, keywords.
    :param encode: texts to unit vectors, shape (n, d); float32 arithmetic gives the
        document's similarities to two decimals.
    :raises AnalysisError: fewer than eight influencers or different texts, a text of which
        cleaning leaves nothing, or growth facts without a meaning.
    """
    scores = score_growth(growth)
    texts = _clean_texts(influencers, "influencers", ("bio", "recent_captions"))
    brand_texts = _clean_texts(brands, "brands", ("brand_description", "keywords"))
    _check_enough(texts)
    vectors = encode([*texts, *brand_texts])
    niches = classify_niches(influencers, texts, vectors[: len(texts)])
    matches = match_brands(brands, niches, vectors[len(texts) :] @ vectors[: len(texts)].T)
    return Analysis(niches=niches, fake_scores=scores, matches=matches)


def clean_text(text: str) -> str:
    """Lower case, ASCII letters and white space only, trimmed: the document's cleaning."""
    return re.sub(r"[^a-zA-Z\s]", "", text.lower()).strip()


def classify_niches(
    influencers: pd.DataFrame, texts: Sequence[str], vectors: NDArray[np.float32]
) -> pd.DataFrame:
    """K-Means with eight clusters (k-means++, best of ten, seed 42) and their keywords."""
    model = KMeans(n_clusters=N_CLUSTERS, n_init=10, random_state=RANDOM_STATE)
    clusters = model.fit_predict(vectors)
    keywords = extract_document_keywords(texts, clusters, N_KEYWORDS)
    frame = influencers[["influencer_id", "bio", "recent_captions"]].assign(
        combined_text_clean=list(texts),
        niche_cluster=clusters,
        niche_keywords=[keywords[int(cluster)] for cluster in clusters],
    )
    return frame[list(NICHE_COLUMNS)].reset_index(drop=True)


def score_growth(growth: pd.DataFrame) -> pd.DataFrame:
    """The points score of every account, most suspicious first.

    Accounts of equal score keep the order of pandas' default sort, as in the document.
    """
    rows = []
    for row, facts in zip(growth.index, growth.to_dict("records"), strict=True):
        try:
            points = score_account(
                followers=facts["followers"],
                avg_likes=facts["avg_likes"],
                avg_comments=facts["avg_comments"],
                series=facts["follower_growth_last_30_days"],
            )
        except BadGrowthFacts as error:
            raise AnalysisError(str(error), table="growth", row=row, column=error.field) from error
        rows.append(
            {
                **{name: facts[name] for name in SCORE_COLUMNS[:4]},
                "engagement_rate": points.engagement_rate,
                "spike_count": float(points.spike_count),
                "total_growth_pct": points.total_growth_pct,
                "fake_score": points.score,
                "reason": points.reason,
            }
        )
    frame = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
    return frame.sort_values("fake_score", ascending=False, ignore_index=True)


def match_brands(
    brands: pd.DataFrame, niches: pd.DataFrame, cosines: NDArray[np.float32]
) -> pd.DataFrame:
    """The ten most similar influencers of every brand, best first.

    :param cosines: shape (brands, influencers). Shown times 100 with two decimals.
    Influencers of equal similarity keep the order of NumPy's default sort, reversed.
    """
    rows = []
    for brand, similarities in zip(brands.to_dict("records"), cosines, strict=True):
        best = np.argsort(similarities)[::-1][:TOP_PER_BRAND]
        for rank, place in enumerate(best, start=1):
            influencer = niches.iloc[int(place)]
            rows.append(
                (
                    brand["brand_id"],
                    brand["brand_description"],
                    brand["keywords"],
                    rank,
                    influencer["influencer_id"],
                    influencer["bio"],
                    influencer["niche_keywords"],
                    round(float(similarities[place]) * 100, 2),
                )
            )
    return pd.DataFrame(rows, columns=list(MATCH_COLUMNS))


def _clean_texts(frame: pd.DataFrame, table: str, columns: tuple[str, str]) -> list[str]:
    texts = []
    for row, first, second in zip(frame.index, frame[columns[0]], frame[columns[1]], strict=True):
        text = clean_text(f"{first} {second}")
        if not text:
            raise AnalysisError(
                "nothing is left after cleaning, which keeps the letters a to z only",
                table=table,
                row=row,
                column=" and ".join(columns),
            )
        texts.append(text)
    return texts


def _check_enough(texts: Sequence[str]) -> None:
    if len(texts) < N_CLUSTERS:
        raise AnalysisError(
            f"{N_CLUSTERS} niches need at least {N_CLUSTERS} influencers, there are {len(texts)}",
            table="influencers",
        )
    if len(set(texts)) < N_CLUSTERS:
        raise AnalysisError(
            f"{N_CLUSTERS} niches need at least {N_CLUSTERS} different texts, "
            f"there are {len(set(texts))}",
            table="influencers",
        )
