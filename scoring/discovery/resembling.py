"""Creators like one creator: found by text or by niche, ordered by a stated score with parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Abs, Cast, Greatest, Ln

from accounts.models import Creator, SocialAccount
from scoring.discovery.directions import creator_vectors
from scoring.discovery.likeness import (
    WEIGHTS,
    audience_part,
    likeness,
    niche_part,
    size_part,
    text_part,
)
from scoring.discovery.places import BY_TEXT, Place, read_cursor, write_cursor
from scoring.discovery.wording import Known, describe_part
from scoring.matching.retrieval import EXACT_UP_TO, eligible_entries, nearest_entries
from scoring.ml.match.limits import Limits
from scoring.models import Score, SearchEntry
from scoring.selectors import current_scores

# How many nearest accounts are put in order by the score; the same for every page.
DEPTH = 300
# Parts from here on speak for a likeness; the cosine of two profiles at random is about 0.1.
ALIKE = 0.4
COLUMNS = ("pk", "creator_id", "niches", "niche_weights", "followers", "audience_countries")
BY_NICHES_ONLY = (
    "{} has no text to compare, so these are creators of the same niches, those of a similar "
    "size first."
)
NOTHING_KNOWN = "{} has neither text nor niches here, so nothing says who is like them."


@dataclass(frozen=True)
class Part:
    """One part of a likeness: ``value`` in [0, 1] or None unknown, and its weight of the sum."""

    name: str
    value: float | None
    weight: float
    text: str


@dataclass(frozen=True)
class SimilarCreator:
    """``score`` in [0, 1] is the mean of the known ``parts`` by their weights."""

    rank: int
    account: SocialAccount
    entry: SearchEntry
    score: float
    parts: list[Part]
    risk: Score | None
    niche: Score | None
    price: Score | None

    @property
    def alike(self) -> list[str]:
        """Where they are rather alike than not."""
        return [part.text for part in self.parts if (part.value or 0.0) >= ALIKE]

    @property
    def apart(self) -> list[str]:
        """Where they are not, or nobody knows."""
        return [part.text for part in self.parts if (part.value or 0.0) < ALIKE]

    @property
    def reasons(self) -> list[str]:
        """What is known of both, the weightiest first."""
        return [part.text for part in self.parts if part.value is not None]

    @property
    def unknown(self) -> list[str]:
        return [part.text for part in self.parts if part.value is None]


@dataclass(frozen=True)
class SimilarPage:
    """``basis`` is "text", "niches", or "" where nothing can be said; ``depth`` as it says."""

    results: list[SimilarCreator]
    next_cursor: str
    basis: str
    depth: int
    notes: list[str]


def similar_creators(
    *, creator: Creator, top: int = 10, cursor: str = "", limits: Limits | None = None
) -> SimilarPage:
    """The next ``top`` creators most like this one, on whatever platform.

    Never the creator's own accounts, nor anybody who is not shown. Each creator once, with
    the account that is most like. A constant number of queries, no encoder.

    :raises CursorUnknown: if the cursor is of no page of this list.
    """
    limits = limits or Limits()
    asked = f"like {creator.pk} {limits}"
    after, shown = read_cursor(cursor, asked=asked)
    known = _known(creator)
    vector = creator_vectors([creator.pk]).get(creator.pk)
    entries = eligible_entries(limits).exclude(creator_id=creator.pk)
    if vector is not None:
        basis, notes = "text", []
        eligible = entries.order_by().values("pk")[: EXACT_UP_TO + 1].count()
        nearest = nearest_entries(entries, vector=vector, depth=DEPTH, eligible=eligible)
        cosines = dict(zip(nearest.ids, nearest.cosines.tolist(), strict=True))
        rows = list(SearchEntry.objects.filter(pk__in=nearest.ids).values(*COLUMNS))
    elif known.weights:
        basis, notes, cosines = "niches", [BY_NICHES_ONLY.format(creator)], {}
        rows = _of_the_same_niches(entries, known)
    else:
        return SimilarPage([], "", "", DEPTH, [NOTHING_KNOWN.format(creator)])
    ordered = _in_order(rows, cosines, known)
    ordered = [one for one in ordered if after is None or one.place > after][: top + 1]
    page = ordered[:top]
    more = len(ordered) > top
    return SimilarPage(
        results=_present(page, known, first=shown + 1),
        next_cursor=(
            write_cursor(page[-1].place, shown=shown + len(page), asked=asked) if more else ""
        ),
        basis=basis,
        depth=DEPTH,
        notes=notes,
    )


@dataclass(frozen=True)
class _Candidate:
    place: Place
    row: Mapping[str, Any]
    score: float
    parts: dict[str, float]


def _known(creator: Creator) -> Known:
    """What the creator's accounts say together: every niche, the most followers. One query."""
    rows = list(
        creator.search_entries.order_by(F("followers").desc(nulls_last=True), "pk").values(*COLUMNS)
    )
    weights: dict[str, float] = {}
    for row in rows:
        for name, weight in (row["niche_weights"] or {}).items():
            weights[name] = max(weight, weights.get(name, 0.0))
    return Known(
        niches=sorted({name for row in rows for name in row["niches"]}),
        weights=weights,
        followers=rows[0]["followers"] if rows else None,
        audience=next((row["audience_countries"] for row in rows if row["audience_countries"]), {}),
    )


def _of_the_same_niches(entries: QuerySet[SearchEntry], known: Known) -> list[Mapping[str, Any]]:
    """At most `DEPTH` accounts that share a niche, the nearest in size first. One query."""
    sharing = entries.filter(niches__overlap=known.niches)
    if known.followers:
        size = Ln(Cast(Greatest(F("followers"), 1), FloatField()))
        apart = Abs(size - float(np.log(max(known.followers, 1))), output_field=FloatField())
        sharing = sharing.order_by(apart.asc(nulls_last=True), "pk")
    else:
        sharing = sharing.order_by("sample_key", "pk")
    return list(sharing.values(*COLUMNS)[:DEPTH])


def _in_order(
    rows: Sequence[Mapping[str, Any]], cosines: Mapping[int, float], known: Known
) -> list[_Candidate]:
    """One candidate per creator, the most alike first; ties by creator."""
    followers = [row["followers"] for row in rows]
    parts = {
        "text": text_part(np.array([cosines.get(row["pk"], np.nan) for row in rows], dtype=float)),
        "niches": niche_part(known.weights, [row["niche_weights"] for row in rows]),
        "size": size_part(
            known.followers,
            np.array([np.nan if count is None else count for count in followers], dtype=float),
        ),
        "audience": audience_part(known.audience, [row["audience_countries"] for row in rows]),
    }
    best: dict[int, _Candidate] = {}
    for place, score in enumerate(likeness(parts).tolist()):
        row = rows[place]
        held = best.get(row["creator_id"])
        if np.isnan(score) or (held is not None and held.score >= score):
            continue
        best[row["creator_id"]] = _Candidate(
            Place(BY_TEXT, -score, row["creator_id"]),
            row,
            score,
            {name: float(column[place]) for name, column in parts.items()},
        )
    return sorted(best.values(), key=lambda candidate: candidate.place)


def _present(page: Sequence[_Candidate], known: Known, *, first: int) -> list[SimilarCreator]:
    if not page:
        return []
    entries = SearchEntry.objects.select_related("account__creator").in_bulk(
        [candidate.row["pk"] for candidate in page]
    )
    scores = current_scores([entry.account_id for entry in entries.values()])
    results = []
    for rank, candidate in enumerate(page, start=first):
        if (entry := entries.get(candidate.row["pk"])) is None:
            continue  # Gone since it was found.
        mine = scores.get(entry.account_id, {})
        results.append(
            SimilarCreator(
                rank=rank,
                account=entry.account,
                entry=entry,
                score=candidate.score,
                parts=_parts(candidate, known),
                risk=mine.get(Score.Task.AUTHENTICITY),
                niche=mine.get(Score.Task.NICHE),
                price=mine.get(Score.Task.PRICE),
            )
        )
    return results


def _parts(candidate: _Candidate, known: Known) -> list[Part]:
    parts = []
    for name, weight in WEIGHTS.items():
        value = candidate.parts[name]
        parts.append(
            Part(
                name=name,
                value=None if np.isnan(value) else value,
                weight=weight,
                text=describe_part(name, value, known=known, row=candidate.row),
            )
        )
    return parts
