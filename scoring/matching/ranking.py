"""From a brief to creators in order: retrieve, score, explain.

The one service behind the match command, the brand page and the API.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from accounts.errors import Conflict
from accounts.models import SocialAccount
from campaigns.terms import BriefTerms
from scoring.matching.assessing import Assessed, Candidates, assess, measure, sample_of
from scoring.matching.briefs import ReadBrief, read_brief
from scoring.matching.factors import MatchScore
from scoring.matching.limits import limits_of
from scoring.matching.retrieval import EXACT_UP_TO, eligible_entries, nearest_entries
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.exposure import TierExposure, exposure_by_size
from scoring.models import Score, SearchEntry
from scoring.selectors import current_scores

# How many nearest accounts are scored and ranked. The same for every page of a list: a
# depth that grew with the page would let later pages reorder earlier ones.
DEPTH = 300
# Of these first places the exposure is reported: what is seen without turning a page.
SEEN_FIRST = 20


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
    """One page of an order, and what is to be said of the whole.

    ``order`` names the account of every place of the whole list; ``exposure`` is that of its
    first places against the sizes of all that are eligible.
    """

    results: list[RankedCreator]
    eligible: int
    order: list[int]
    notes: list[str]
    niches: list[str]
    exposure: list[TierExposure]
    exact: bool
    match_version: str
    encoder_version: str = ENCODER_VERSION
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def ranked(self) -> int:
        return len(self.order)


def rank_creators(
    *,
    terms: BriefTerms,
    top: int = 20,
    offset: int = 0,
    now: datetime,
    brand_names: Sequence[str] = (),
    hidden: Collection[int] = (),
) -> Ranking:
    """The ``top`` creators for a brief after the first ``offset``, each explained.

    One creator appears once, with the account that fits best. A constant number of
    queries, whatever ``top`` is.

    :param brand_names: what comments may call the brand.
    :param hidden: ids of creators the brand does not want to see.
    :raises BriefRejected: if the brief cannot be searched by.
    """
    clock = _Clock()
    brief = read_brief(terms, brand_names=brand_names)
    clock.lap("encode")
    eligible_rows = entries_for(terms, hidden=hidden)
    eligible = eligible_rows.count()
    nearest = nearest_entries(eligible_rows, vector=brief.vector, depth=DEPTH, eligible=eligible)
    clock.lap("retrieve")
    candidates = Candidates(nearest.ids, nearest.cosines)
    assessed = assess(brief, candidates, sample_of(eligible_rows, brief))
    places = assessed.order()
    clock.lap("rerank")
    results = _present(assessed, places[offset : offset + top], first=offset + 1)
    shown = [assessed.rows[place]["followers"] for place in places]
    clock.lap("explain")
    return Ranking(
        results=results,
        eligible=eligible,
        order=[assessed.rows[place]["account_id"] for place in places],
        notes=_notes(brief, found=len(places), eligible=eligible),
        niches=brief.niches,
        exposure=exposure_by_size([shown], assessed.sampled_followers, SEEN_FIRST),
        exact=nearest.exact,
        match_version=f"match/{brief.scorer.version}",
        timings_ms=clock.laps,
    )


def continue_ranking(
    *,
    terms: BriefTerms,
    order: Sequence[int],
    top: int,
    offset: int,
    now: datetime,
    brand_names: Sequence[str] = (),
    hidden: Collection[int] = (),
) -> Ranking:
    """A further page of a list given out before, in the order it was given out in.

    Scores and reasons are those of now; who may no longer be shown is left out, and the places
    of the others stay.

    :param order: `Ranking.order` of the first page.
    :raises BriefRejected: if the brief cannot be searched by.
    """
    clock = _Clock()
    brief = read_brief(terms, brand_names=brand_names)
    clock.lap("encode")
    eligible_rows = entries_for(terms, hidden=hidden)
    eligible = eligible_rows.count()
    wanted = list(order[offset : offset + top])
    entries = SearchEntry.objects.filter(account_id__in=wanted, is_visible=True)
    candidates = measure(entries.exclude(creator_id__in=hidden), brief)
    clock.lap("retrieve")
    assessed = assess(brief, candidates, sample_of(eligible_rows, brief))
    place_of = {row["account_id"]: place for place, row in enumerate(assessed.rows)}
    shown = [(offset + n, place_of[pk]) for n, pk in enumerate(wanted, 1) if pk in place_of]
    clock.lap("rerank")
    results = _present(assessed, [place for _, place in shown], ranks=[rank for rank, _ in shown])
    clock.lap("explain")
    return Ranking(
        results=results,
        eligible=eligible,
        order=list(order),
        notes=_notes(brief, found=len(order), eligible=eligible),
        niches=brief.niches,
        exposure=exposure_by_size(
            [_followers_of(order[:SEEN_FIRST])], assessed.sampled_followers, SEEN_FIRST
        ),
        exact=eligible <= EXACT_UP_TO,
        match_version=f"match/{brief.scorer.version}",
        timings_ms=clock.laps,
    )


def match_accounts(
    *,
    terms: BriefTerms,
    accounts: Sequence[SocialAccount],
    now: datetime,
    brand_names: Sequence[str] = (),
) -> dict[int, MatchScore]:
    """Account id → its match with a brief, with percentiles among the brief's eligible.

    Accounts are scored whether or not the filters would show them; those that are not in the
    search index yet are left out. A constant number of queries.

    :raises BriefRejected: if the brief cannot be searched by.
    """
    if not accounts:
        return {}
    brief = read_brief(terms, brand_names=brand_names)
    entries = SearchEntry.objects.filter(account__in=[account.pk for account in accounts])
    candidates = measure(entries.order_by("account_id"), brief)
    if not candidates.ids:
        return {}
    assessed = assess(brief, candidates, sample_of(entries_for(terms), brief))
    scores = assessed.explain(range(len(assessed.rows)))
    return {row["account_id"]: score for row, score in zip(assessed.rows, scores, strict=True)}


def match_account(
    *,
    terms: BriefTerms,
    account: SocialAccount,
    now: datetime,
    brand_names: Sequence[str] = (),
) -> MatchScore:
    """One account against one brief, as `match_accounts`.

    :raises NotScoredYet: if the account is not in the search index yet.
    """
    found = match_accounts(terms=terms, accounts=[account], now=now, brand_names=brand_names)
    if account.pk not in found:
        raise NotScoredYet
    return found[account.pk]


def entries_for(terms: BriefTerms, *, hidden: Collection[int] = ()) -> QuerySet[SearchEntry]:
    """The entries a list of the brief is made from."""
    entries = eligible_entries(limits_of(terms))
    return entries.exclude(creator_id__in=list(hidden)) if hidden else entries


def _present(
    assessed: Assessed,
    places: Sequence[int],
    *,
    first: int = 1,
    ranks: Sequence[int] | None = None,
) -> list[RankedCreator]:
    if not places:
        return []
    account_ids = [assessed.rows[place]["account_id"] for place in places]
    accounts = SocialAccount.objects.select_related("creator").in_bulk(account_ids)
    scores = current_scores(account_ids)
    matches = assessed.explain(places)
    numbers = ranks or range(first, first + len(places))
    results = []
    for rank, pk, match in zip(numbers, account_ids, matches, strict=True):
        mine = scores.get(pk, {})
        results.append(
            RankedCreator(
                rank=rank,
                account=accounts[pk],
                match=match,
                risk=mine.get(Score.Task.AUTHENTICITY),
                niche=mine.get(Score.Task.NICHE),
                price=mine.get(Score.Task.PRICE),
            )
        )
    return results


def _followers_of(account_ids: Sequence[int]) -> list[int | None]:
    """In the order given; of accounts that are gone nothing is known."""
    found = SearchEntry.objects.filter(account_id__in=account_ids)
    followers = dict(found.values_list("account_id", "followers"))
    return [followers.get(pk) for pk in account_ids]


def _notes(brief: ReadBrief, *, found: int, eligible: int) -> list[str]:
    notes = list(brief.notes)
    if eligible and not found:
        notes.append(
            f"{eligible:,} accounts pass the filters, but none has text that could be compared "
            "yet. Embed the catalogue, or wait for the running job."
        )
    if brief.terms.max_risk is not None:
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
