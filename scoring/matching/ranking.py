"""From a brief to creators in order: retrieve, score, explain.

The one service behind the match command, the brand page and the API.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import SocialAccount
from campaigns.terms import BriefTerms
from scoring.laps import Clock
from scoring.matching.assessing import Assessed, assess, measure, sample_of
from scoring.matching.briefs import ReadBrief, read_brief
from scoring.matching.factors import MatchScore
from scoring.matching.listing import entries_for, list_creators
from scoring.matching.retrieval import EXACT_UP_TO
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.exposure import TierExposure, exposure_by_size
from scoring.models import Score, SearchEntry
from scoring.selectors import current_scores

# Of these first places the exposure is reported: what is seen without turning a page.
SEEN_FIRST = 20


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
    clock = Clock()
    brief = read_brief(terms, brand_names=brand_names)
    clock.lap("encode")
    listed = list_creators(brief, hidden=hidden, lap=clock.lap)
    assessed, places = listed.assessed, listed.places
    results = _present(assessed, places[offset : offset + top], first=offset + 1)
    shown = [assessed.rows[place]["followers"] for place in places]
    clock.lap("explain")
    return Ranking(
        results=results,
        eligible=listed.eligible,
        order=[assessed.rows[place]["account_id"] for place in places],
        notes=_notes(brief, found=len(places), eligible=listed.eligible),
        niches=brief.niches,
        exposure=exposure_by_size([shown], assessed.sampled_followers, SEEN_FIRST),
        exact=listed.exact,
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
    clock = Clock()
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
        if pk not in accounts:  # deleted since it was found
            continue
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
