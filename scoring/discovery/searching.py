"""Creators for words or examples, under hard limits: the service behind page, API and command."""

import json
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import Creator, SocialAccount
from scoring.discovery.directions import Direction, Vector, direction_of
from scoring.discovery.listing import list_largest
from scoring.discovery.naming import find_named
from scoring.discovery.overlap import SharedWords, shared_words
from scoring.discovery.places import BY_NAME, BY_TEXT, Place, read_cursor, write_cursor
from scoring.discovery.terms import SearchRejected, SearchTerms
from scoring.laps import Clock
from scoring.matching.refusing import (
    EmptyingLimit,
    LimitsRefused,
    check_limits,
    emptying_limits,
)
from scoring.matching.retrieval import EXACT_UP_TO, eligible_entries, nearest_entries
from scoring.ml.encoding import ENCODER_VERSION
from scoring.models import Score, SearchEntry
from scoring.selectors import current_scores

# How many nearest accounts a search by text reaches. The same for every page: a depth that
# grew with the page would let later pages reorder earlier ones.
DEPTH = 500
MOST_PER_PAGE = 100


@dataclass(frozen=True)
class FoundCreator:
    """One creator with the account that is nearest, or the largest in a plain list.

    ``similarity`` is the cosine of text and query, −1 to 1; None without text or words.
    """

    rank: int
    account: SocialAccount
    entry: SearchEntry
    similarity: float | None
    is_named: bool
    shared: SharedWords
    risk: Score | None
    niche: Score | None
    price: Score | None

    @property
    def meter(self) -> int:
        """The similarity in hundredths, nothing below 0, for a bar."""
        return round(100 * max(self.similarity or 0.0, 0.0))


@dataclass(frozen=True)
class SearchPage:
    """One page, and what is to be said of the whole.

    ``eligible`` counts accounts that pass the limits; where ``eligible_at_least``, there are
    as many or more; where it is 0, ``emptying`` are the limits, the one that keeps most out
    first. ``depth`` is how many nearest accounts the pages reach in all, None for
    a plain list, which ends with the catalogue.
    """

    results: list[FoundCreator]
    next_cursor: str
    eligible: int
    eligible_at_least: bool
    depth: int | None
    exact: bool
    has_words: bool
    examples: list[Creator]
    notes: list[str]
    emptying: list[EmptyingLimit] = field(default_factory=list)
    encoder_version: str = ENCODER_VERSION
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    place: Place
    entry_id: int
    cosine: float | None


def search_creators(*, terms: SearchTerms, top: int = 20, cursor: str = "") -> SearchPage:
    """The next ``top`` creators: exact names first, then by nearness of text.

    Without words and examples the creators who pass the limits, the largest first. A creator
    appears once, with the account that fits best; pages neither repeat nor lose anybody
    while the catalogue stays, and repeat nobody when others join. A constant number of
    queries, whatever ``top`` is.

    :param top: 1 to `MOST_PER_PAGE`.
    :raises SearchRejected: if the terms cannot be searched by.
    :raises ExampleNotFound: if an example is not shown.
    :raises CursorUnknown: if the cursor is of no page of this search.
    """
    _check(terms)
    asked = json.dumps(terms.to_json(), sort_keys=True)
    after, shown = read_cursor(cursor, asked=asked)
    clock = Clock()
    direction = direction_of(terms) if terms.has_direction else Direction(None, [], [])
    clock.lap("encode")
    limits = terms.limits()
    entries = eligible_entries(limits)
    # Counting on beyond this would cost more than the search and change nothing of it.
    eligible = entries.order_by().values("pk")[: EXACT_UP_TO + 1].count()
    notes, exact = list(direction.notes), True
    if terms.has_direction:
        rows, exact = _ordered(entries, terms, direction, eligible=eligible, notes=notes)
        rows = [row for row in rows if after is None or row.place > after][: top + 1]
    else:
        listed = list_largest(entries, after=after, top=top + 1)
        rows = [_Row(place, entry_id, None) for place, entry_id in listed]
    clock.lap("retrieve")
    notes += _left_out(terms)
    page = rows[:top]
    last = page[-1].place if page else None
    results = _present(page, terms, first=shown + 1)
    clock.lap("render")
    return SearchPage(
        results=results,
        next_cursor=(
            write_cursor(last, shown=shown + len(page), asked=asked)
            if last and len(rows) > top
            else ""
        ),
        eligible=min(eligible, EXACT_UP_TO),
        eligible_at_least=eligible > EXACT_UP_TO,
        depth=DEPTH if terms.has_direction else None,
        exact=exact,
        has_words=bool(terms.text.strip() or terms.example.strip()),
        examples=direction.examples,
        notes=notes,
        emptying=[] if eligible else emptying_limits(limits=limits),
        timings_ms=clock.laps,
    )


def nearest_places(
    entries: QuerySet[SearchEntry], vector: Vector, *, eligible: int
) -> tuple[list[tuple[Place, int, float]], bool]:
    """(place, entry, cosine) of the creators of the `DEPTH` nearest accounts, nearest first.

    Each creator once; and whether every eligible account was compared. Two queries.
    """
    nearest = nearest_entries(entries, vector=vector, depth=DEPTH, eligible=eligible)
    owners = dict(SearchEntry.objects.filter(pk__in=nearest.ids).values_list("pk", "creator_id"))
    best: dict[int, tuple[Place, int, float]] = {}
    for entry_id, cosine in zip(nearest.ids, nearest.cosines.tolist(), strict=True):
        if (creator_id := owners.get(entry_id)) is not None:
            place = Place(BY_TEXT, 1.0 - cosine, creator_id)
            best.setdefault(creator_id, (place, entry_id, cosine))
    return sorted(best.values()), nearest.exact


def _check(terms: SearchTerms) -> None:
    terms.checked()
    try:
        check_limits(limits=terms.limits())
    except LimitsRefused as refusal:
        raise SearchRejected(refusal.message, code=refusal.code, attr=refusal.field) from refusal


def _left_out(terms: SearchTerms) -> list[str]:
    """Said of limits on facts that are unknown of many."""
    facts = [("fake-follower risk", terms.max_risk is not None), ("language", terms.languages)]
    limited = [name for name, is_limited in facts if is_limited]
    if not limited:
        return []
    return [f"Accounts whose {' or '.join(limited)} is unknown are not shown under these filters."]


def _ordered(
    entries: QuerySet[SearchEntry],
    terms: SearchTerms,
    direction: Direction,
    *,
    eligible: int,
    notes: list[str],
) -> tuple[list[_Row], bool]:
    """Every creator the search reaches, in order; adds what is to be said to ``notes``."""
    if direction.examples:
        entries = entries.exclude(creator_id__in=[creator.pk for creator in direction.examples])
    named = find_named(entries, terms.text)
    if named.refused:
        notes.append(f"Somebody is called “{terms.text.strip()}”, but the filters leave them out.")
    near: list[tuple[Place, int, float]] = []
    exact = True
    if direction.vector is not None:
        near, exact = nearest_places(entries, direction.vector, eligible=eligible)
        if eligible and not near:
            notes.append("Nobody who passes the filters has text that could be compared yet.")
    else:
        notes.append("There are no words in this to compare, so only exact names are found.")
    cosines = {entry_id: cosine for _, entry_id, cosine in near}
    rows: dict[int, _Row] = {}
    for entry_id, creator_id, followers in named.rows:
        place = Place(BY_NAME, -float(followers), creator_id)
        rows.setdefault(creator_id, _Row(place, entry_id, cosines.get(entry_id)))
    for place, entry_id, cosine in near:
        rows.setdefault(place.creator_id, _Row(place, entry_id, cosine))
    return sorted(rows.values(), key=lambda row: row.place), exact


def _present(page: list[_Row], terms: SearchTerms, *, first: int) -> list[FoundCreator]:
    if not page:
        return []
    entries = SearchEntry.objects.select_related("account__creator").in_bulk(
        [row.entry_id for row in page]
    )
    scores = current_scores([entry.account_id for entry in entries.values()])
    query = f"{terms.text} {terms.example}"
    results = []
    for rank, row in enumerate(page, start=first):
        if (entry := entries.get(row.entry_id)) is None:
            continue  # Gone since it was found.
        account, mine = entry.account, scores.get(entry.account_id, {})
        results.append(
            FoundCreator(
                rank=rank,
                account=account,
                entry=entry,
                similarity=row.cosine,
                is_named=row.place.group == BY_NAME,
                shared=shared_words(query, bio=account.bio, hashtags=account.hashtags),
                risk=mine.get(Score.Task.AUTHENTICITY),
                niche=mine.get(Score.Task.NICHE),
                price=mine.get(Score.Task.PRICE),
            )
        )
    return results
