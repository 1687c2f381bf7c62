"""Creators for a brand in order, each with the reasons: one service behind page, API, command."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings

from accounts.models import Brand, SocialAccount
from scoring.interactions.hiding import hidden_creator_ids
from scoring.laps import Clock
from scoring.ml.match.limits import Limits
from scoring.ml.recommending.brand_wishes import Wishes
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.learned import BrandScores, score_brand, score_by_points
from scoring.models import Score, SearchEntry
from scoring.recommendations.base import load_base
from scoring.recommendations.catalogue import get_index
from scoring.recommendations.confidence import Confidence, confidence_of
from scoring.recommendations.cursors import Cursor
from scoring.recommendations.explaining import Explainer
from scoring.recommendations.liking import chosen_by
from scoring.recommendations.ordering import DayOrder, order_for_day
from scoring.recommendations.states import Current, get_current, get_matrix
from scoring.recommendations.wishes import wishes_of
from scoring.selectors import current_scores


@dataclass(frozen=True)
class Recommendation:
    """A creator at a place. ``propensity`` is the chance of standing there; ``by_lot`` whether
    it was drawn. The order has no unit, so there is no score to show: the reasons have figures.
    """

    rank: int
    account: SocialAccount
    entry: SearchEntry
    propensity: float
    by_lot: bool
    reasons: list[str]
    concerns: list[str]
    risk: Score | None
    niche: Score | None
    price: Score | None


@dataclass(frozen=True)
class Recommendations:
    """One page, what the order rests on, and where the next page begins."""

    results: list[Recommendation]
    confidence: Confidence
    wishes: Wishes
    version: str
    hidden: int
    working: int
    catalogue: int
    next: Cursor | None
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def has_simulated(self) -> bool:
        return any(one.account.creator.is_simulated for one in self.results)


def recommend_creators(
    *,
    brand: Brand,
    top: int = 20,
    offset: int = 0,
    limits: Limits | None = None,
    cursor: Cursor | None = None,
    now: datetime,
) -> Recommendations:
    """The ``top`` creators for a brand after the first ``offset``, or from a cursor on.

    Whom the brand hid or works with is left out. The order is that of one state and one day
    (UTC): the same places are drawn by lot all day long, and a cursor goes on in the state its
    list began with while that is kept. Twelve queries at most beside the catalogue's own,
    whatever ``top`` is; up to three more under narrow limits.

    :raises scoring.registry.NoActiveVersion: if no model of facts is active.
    """
    clock = Clock()
    base, index = load_base(), get_index()
    clock.lap("catalogue")
    current = get_current(cursor.state if cursor else None)
    if current is not None and current.state.base_version != base.version:
        current = None  # Its vectors mean something else; the next step learns anew.
    wishes = wishes_of(brand, base.projection)
    clock.lap("brand")
    scores = _score(brand, wishes, current, index)
    clock.lap("score")
    hidden, chosen = hidden_creator_ids(brand), chosen_by(brand)
    left_out = hidden | chosen.working
    day = cursor.day if cursor else now.astimezone(UTC).date()
    order = order_for_day(
        scores,
        index,
        limits=limits or Limits(),
        taken_out=len(left_out),
        epsilon=settings.RECOMMEND_EPSILON,
        seed=(brand.pk, day.toordinal()),
    )
    clock.lap("order")
    start, before = (cursor.place, cursor.shown) if cursor else (0, 0)
    shown = (
        place
        for place in range(start, len(order.rows))
        if int(index.creators[order.rows[place]]) not in left_out
    )
    open_places = list(islice(shown, offset, offset + top + 1))
    explainer = Explainer(
        index=index,
        wishes=wishes,
        scores=scores,
        chosen=chosen,
        learned=current.learned if current and current.serves_learned else None,
        epsilon=settings.RECOMMEND_EPSILON,
    )
    results = _present(open_places[:top], order, explainer, first=before + offset + 1)
    clock.lap("explain")
    return Recommendations(
        results=results,
        confidence=confidence_of(brand.pk, wishes, current),
        wishes=wishes,
        version=_version(base.version, current),
        hidden=len(hidden),
        working=len(chosen.working),
        catalogue=len(index),
        next=None
        if len(open_places) <= top
        else Cursor(
            state=current.state.pk if current else 0,
            day=day,
            place=open_places[top],
            shown=before + offset + top,
        ),
        timings_ms=clock.laps,
    )


def _score(
    brand: Brand, wishes: Wishes, current: Current | None, index: CreatorIndex
) -> BrandScores:
    if current is None or not current.serves_learned or not len(index):
        return score_by_points(wishes, index)
    return score_brand(current.learned, get_matrix(current, index), index, brand.pk, wishes)


def _present(
    places: Sequence[int], order: DayOrder, explainer: Explainer, *, first: int
) -> list[Recommendation]:
    """Who was taken from the catalogue since it was read is left out. Four queries."""
    index = explainer.index
    rows = {place: int(order.rows[place]) for place in places}
    ids = [int(index.accounts[row]) for row in rows.values()]
    accounts = SocialAccount.objects.select_related("creator").in_bulk(ids)
    entries = {one.account_id: one for one in SearchEntry.objects.filter(account_id__in=ids)}
    scores = current_scores(ids)
    shown = [
        place
        for place in places
        if (pk := int(index.accounts[rows[place]])) in accounts and pk in entries
    ]
    results = []
    for rank, place in enumerate(shown, start=first):
        row = rows[place]
        account = accounts[int(index.accounts[row])]
        entry, mine = entries[account.pk], scores.get(account.pk, {})
        by_lot = bool(order.page.explored[place])
        results.append(
            Recommendation(
                rank=rank,
                account=account,
                entry=entry,
                propensity=float(order.page.propensities[place]),
                by_lot=by_lot,
                reasons=explainer.reasons(
                    row, account, entry, by_lot=by_lot, among=order.candidates
                ),
                concerns=explainer.concerns(row, account, entry),
                risk=mine.get(Score.Task.AUTHENTICITY),
                niche=mine.get(Score.Task.NICHE),
                price=mine.get(Score.Task.PRICE),
            )
        )
    return results


def _version(base: str, current: Current | None) -> str:
    if current is None:
        return "points"
    return current.state.version if current.serves_learned else f"points ({base} waits)"
