"""From a brief to creators in order: retrieve, score, explain.

The one service behind the match command, the brand page and the API.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray
from pgvector.django import CosineDistance

from accounts.errors import Conflict
from accounts.models import SocialAccount
from campaigns.terms import BriefTerms
from scoring import registry
from scoring.matching.brief_text import brief_niches, encode_brief, language_note
from scoring.matching.factors import COLUMNS, MatchScore, Row, explain, factor_values, row_of
from scoring.matching.limits import limits_of
from scoring.matching.retrieval import Nearest, eligible_entries, nearest_entries
from scoring.ml import matching
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.matching import MatchModel
from scoring.models import Score, SearchEntry
from scoring.selectors import current_scores

# How many nearest accounts are scored and ranked. The same for every page of a list: a
# depth that grew with the page would let later pages reorder earlier ones.
DEPTH = 300
# A percentile from 1,000 sampled accounts is off by at most 3 points nineteen times in
# twenty; smaller eligible sets are counted in full.
SAMPLE = 1_000


class NotScoredYet(Conflict):
    code = "not_scored_yet"
    message = "This account is not embedded and scored yet. Try again when the running job is done."


@dataclass(frozen=True)
class RankedCreator:
    rank: int
    account: SocialAccount
    match: MatchScore
    risk: Score | None
    niche: Score | None
    price: Score | None


@dataclass(frozen=True)
class Ranking:
    """One page of an order, and what is to be said of the whole."""

    results: list[RankedCreator]
    eligible: int
    ranked: int
    notes: list[str]
    niches: list[str]
    exact: bool
    match_version: str
    encoder_version: str = ENCODER_VERSION
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Scored:
    model: MatchModel
    rows: list[Row]
    cosines: NDArray[np.float64]
    factors: dict[str, NDArray[np.float64]]
    scores: NDArray[np.float64]


def rank_creators(*, terms: BriefTerms, top: int = 20, offset: int = 0, now: datetime) -> Ranking:
    """The ``top`` creators for a brief after the first ``offset``, each explained.

    One creator appears once, with the account that fits best. A constant number of
    queries, whatever ``top`` is.

    :raises BriefRejected: if the brief cannot be searched by.
    """
    terms.checked()
    clock = _Clock()
    vector = encode_brief(terms.text)
    clock.lap("encode")
    eligible_rows = eligible_entries(limits_of(terms))
    eligible = eligible_rows.count()
    nearest = nearest_entries(eligible_rows, vector=vector, depth=DEPTH, eligible=eligible)
    clock.lap("retrieve")
    niches = list(terms.niches) or brief_niches(terms.text, vector)
    scored = _score(_rows(nearest.ids), nearest.cosines, terms=terms, niches=niches)
    order = _best_per_creator(scored)
    reference = _reference_scores(eligible_rows, vector=vector, terms=terms, niches=niches)
    percentiles = matching.percentiles(scored.scores, reference)
    clock.lap("rerank")
    page = order[offset : offset + top]
    results = _present(page, scored, percentiles, terms=terms, niches=niches, first=offset + 1)
    clock.lap("render")
    return Ranking(
        results=results,
        eligible=eligible,
        ranked=len(order),
        notes=_notes(terms, nearest=nearest, eligible=eligible),
        niches=niches,
        exact=nearest.exact,
        match_version=f"match/{scored.model.version}",
        timings_ms=clock.laps,
    )


def match_account(*, terms: BriefTerms, account: SocialAccount, now: datetime) -> MatchScore:
    """One account against one brief, with its percentile among the brief's eligible.

    The account is scored whether or not the filters would show it.

    :raises BriefRejected: if the brief cannot be searched by.
    :raises NotScoredYet: if the account is not in the search index yet.
    """
    terms.checked()
    vector = encode_brief(terms.text)
    entry = (
        SearchEntry.objects.filter(account=account)
        .annotate(distance=CosineDistance("embedding__vector", vector.tolist()))
        .first()
    )
    if entry is None:
        raise NotScoredYet
    niches = list(terms.niches) or brief_niches(terms.text, vector)
    distance = entry.distance
    cosine = np.array([np.nan if distance is None else 1.0 - distance])
    scored = _score([row_of(entry)], cosine, terms=terms, niches=niches)
    reference = _reference_scores(
        eligible_entries(limits_of(terms)), vector=vector, terms=terms, niches=niches
    )
    percentiles = matching.percentiles(scored.scores, reference)
    return _explained(0, scored, percentiles, terms=terms, niches=niches)


def _rows(ids: Sequence[int]) -> list[Row]:
    rows = {row["pk"]: row for row in SearchEntry.objects.filter(pk__in=ids).values(*COLUMNS)}
    return [rows[pk] for pk in ids]


def _score(
    rows: list[Row],
    cosines: NDArray[np.float64],
    *,
    terms: BriefTerms,
    niches: Sequence[str],
) -> _Scored:
    model = registry.load("match")
    factors = factor_values(model, rows, cosines=cosines, terms=terms, niches=niches)
    scores = model.weighted_scores(factors) if rows else np.zeros(0)
    return _Scored(model=model, rows=rows, cosines=cosines, factors=factors, scores=scores)


def _best_per_creator(scored: _Scored) -> list[int]:
    """Positions by falling score; ties by account id, so that pages never overlap."""
    order = sorted(
        range(len(scored.rows)),
        key=lambda place: (-scored.scores[place], scored.rows[place]["account_id"]),
    )
    seen: set[int] = set()
    best = []
    for place in order:
        creator = scored.rows[place]["creator_id"]
        if creator not in seen:
            seen.add(creator)
            best.append(place)
    return best


def _reference_scores(
    eligible_rows: QuerySet[SearchEntry],
    *,
    vector: NDArray[np.float32],
    terms: BriefTerms,
    niches: Sequence[str],
) -> NDArray[np.float64]:
    """Match scores of all eligible accounts, or of a fixed random sample of them."""
    sample = list(
        eligible_rows.annotate(distance=CosineDistance("embedding__vector", vector.tolist()))
        .order_by("sample_key")
        .values(*COLUMNS, "distance")[:SAMPLE]
    )
    distances = [row.pop("distance") for row in sample]
    cosines = np.array([np.nan if value is None else 1.0 - value for value in distances])
    return _score(sample, cosines, terms=terms, niches=niches).scores


def _explained(
    place: int,
    scored: _Scored,
    percentiles: NDArray[np.int64],
    *,
    terms: BriefTerms,
    niches: Sequence[str],
    parts: dict[str, NDArray[np.float64]] | None = None,
) -> MatchScore:
    parts = parts or scored.model.contributions(scored.factors)
    return explain(
        scored.model,
        scored.rows[place],
        score=float(scored.scores[place]),
        percentile=int(percentiles[place]),
        cosine=float(scored.cosines[place]),
        values={name: float(column[place]) for name, column in scored.factors.items()},
        parts={name: float(column[place]) for name, column in parts.items()},
        terms=terms,
        niches=niches,
    )


def _present(
    page: Sequence[int],
    scored: _Scored,
    percentiles: NDArray[np.int64],
    *,
    terms: BriefTerms,
    niches: Sequence[str],
    first: int,
) -> list[RankedCreator]:
    if not page:
        return []
    account_ids = [scored.rows[place]["account_id"] for place in page]
    accounts = SocialAccount.objects.select_related("creator").in_bulk(account_ids)
    scores = current_scores(account_ids)
    parts = scored.model.contributions(scored.factors)
    results = []
    for rank, place in enumerate(page, start=first):
        account_id = scored.rows[place]["account_id"]
        mine = scores.get(account_id, {})
        results.append(
            RankedCreator(
                rank=rank,
                account=accounts[account_id],
                match=_explained(
                    place, scored, percentiles, terms=terms, niches=niches, parts=parts
                ),
                risk=mine.get(Score.Task.AUTHENTICITY),
                niche=mine.get(Score.Task.NICHE),
                price=mine.get(Score.Task.PRICE),
            )
        )
    return results


def _notes(terms: BriefTerms, *, nearest: Nearest, eligible: int) -> list[str]:
    notes = []
    if note := language_note(terms.text):
        notes.append(note)
    if eligible and not nearest.ids:
        notes.append(
            f"{eligible:,} accounts pass the filters, but none has text that could be compared "
            "yet. Embed the catalogue, or wait for the running job."
        )
    if terms.max_risk is not None:
        notes.append("Accounts whose fake-follower risk is unknown are not shown under a limit.")
    return notes


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(1000 * (now - self._last), 3)
        self._last = now
