"""One page of a ranking, with the figures its cards show."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from scoring.matching import RankedCreator, Ranking, rank_creators
from scoring.matching.campaigns import AskedBy
from scoring.models import SearchEntry

PAGE_SIZE = 20
LAST_PAGE = 50  # well past the end of any ranking


@dataclass(frozen=True)
class RankedCard:
    ranked: RankedCreator
    entry: SearchEntry | None


@dataclass(frozen=True)
class RankedPage:
    """Cards and their neighbours' page numbers; None where there is no such page."""

    ranking: Ranking
    cards: list[RankedCard]
    number: int
    previous: int | None
    next: int | None

    @property
    def first(self) -> int:
        """The place of the page's first card in the whole list."""
        return PAGE_SIZE * (self.number - 1) + 1

    @property
    def has_simulated(self) -> bool:
        return any(card.ranked.account.creator.is_simulated for card in self.cards)


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a page that can exist; nonsense is page 1."""
    text = request.GET.get("page", "1")
    # Not int() alone: it reads "١" and refuses 5,000 digits with an error of its own.
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return 1
    return min(max(int(text), 1), LAST_PAGE)


def get_ranked_page(by: AskedBy, *, page: int, now: datetime) -> RankedPage:
    """Page ``page`` (from 1) of the creators for a brief. One query beside the ranking's."""
    offset = PAGE_SIZE * (page - 1)
    ranking = rank_creators(
        terms=by.terms,
        top=PAGE_SIZE,
        offset=offset,
        now=now,
        brand_names=by.brand_names,
        hidden=by.hidden,
    )
    ids = [ranked.account.pk for ranked in ranking.results]
    entries = {entry.account_id: entry for entry in SearchEntry.objects.filter(account_id__in=ids)}
    has_next = ranking.ranked > offset + PAGE_SIZE
    return RankedPage(
        ranking=ranking,
        cards=[RankedCard(ranked, entries.get(ranked.account.pk)) for ranked in ranking.results],
        number=page,
        previous=page - 1 if page > 1 else None,
        next=page + 1 if has_next else None,
    )
