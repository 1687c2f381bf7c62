"""Prices near a request, by a stated distance, without saying whose they are.

distance = |ln followers / followers'| / ln 2
         + 1/2 |ln engagement / engagement'| / ln 2
         + 1/2 where no niche is shared
         + 1 for another deliverable
         + 1/2 per year of age

so 1 is a factor of two in followers. Where engagement or niche is unknown on either side,
half a unit is added: unknown is not near.

Followers and engagement of named creators can be read elsewhere, so what a row shows of them fits
at least `CROWD` creators with a price. Distances are rounded: an exact one is as good as a name.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from scoring.ml.prices.facts import (
    MarketRow,
    PriceRequest,
    is_usable,
    known_positive,
    names_in,
    plain,
)
from scoring.ml.prices.suggestions import Comparable, RecentMarket

ENGAGEMENT_WEIGHT: Final = 0.5
NICHE_WEIGHT: Final = 0.5
DELIVERABLE_WEIGHT: Final = 1.0
AGE_WEIGHT: Final = 0.5
UNKNOWN: Final = 0.5
MOST_ENGAGEMENT: Final = 2.0
DAYS_PER_YEAR: Final = 365.25
FEWEST_TO_SHOW: Final = 3
CROWD: Final = 5
SHOWN_DIGITS: Final = ((2, 2, True), (2, 1, False), (1, 1, False), (1, 0, False), (0, 0, False))
"""Digits of followers, of engagement, and whether niches are shown, from most to least told."""
PRICE_DIGITS: Final = 2
DISTANCE_STEP: Final = 0.5
NEAR: Final = 2.0
FEWEST_FOR_TREND: Final = 5
DRAWS: Final = 500


def nearest_rows(
    request: PriceRequest, rows: Sequence[MarketRow], *, top: int, now: date | None = None
) -> list[Comparable]:
    """The `top` nearest rows, one per creator, nearest first, blurred.

    Nothing is shown where fewer than `FEWEST_TO_SHOW` creators have a price: they could be
    guessed. Distances are rounded to `DISTANCE_STEP`; equal ones are in order of price, so that
    the order tells no more than they do and does not depend on `rows`'s.

    :param rows: of one market. :param now: what age is counted from; None the newest row.
    """
    chosen = _one_per_creator(request, rows, now)
    if len(chosen) < FEWEST_TO_SHOW:
        return []
    crowds = [Counter(_shown(row, step) for _, row in chosen) for step in SHOWN_DIGITS]
    found = [
        Comparable(row=_blurred(row, crowds), distance=_rounded(far)) for far, row in chosen[:top]
    ]
    return sorted(found, key=lambda one: (one.distance, one.row.price))


def recent_market(
    request: PriceRequest, rows: Sequence[MarketRow], *, now: date, random_state: int = 0
) -> RecentMarket:
    """Typical price and trend of the same deliverable within distance 2 over the last year.

    :param rows: of one market; rows of unknown or later date are passed over.
    """
    recent = [
        row
        for row in rows
        if row.priced_at
        and 0 <= (now - row.priced_at).days <= DAYS_PER_YEAR
        and plain(row.deliverable) == plain(request.deliverable)
        and is_usable(row)
    ]
    far = distances(request, recent, now) if recent else np.zeros(0)
    near = [row for row, one in zip(recent, far, strict=True) if one <= NEAR]
    creators = {row.creator_key for row in near}
    if len(creators) < FEWEST_TO_SHOW:
        reason = f"{len(creators)} creators near this one have a price of the last year."
        return RecentMarket(
            None, None, len(near), len(creators), reasons={"typical": reason, "trend": reason}
        )
    prices = np.array([row.price for row in near])
    trend = _trend(near, now, random_state)
    return RecentMarket(
        typical=_coarse(np.median(prices)),
        average=_coarse(np.mean(prices)),
        prices=len(near),
        creators=len(creators),
        trend=trend[0] if trend else None,
        trend_low=trend[1] if trend else None,
        trend_high=trend[2] if trend else None,
        reasons={}
        if trend
        else {"trend": f"It takes prices by {FEWEST_FOR_TREND} creators in each half of the year."},
    )


def distances(request: PriceRequest, rows: Sequence[MarketRow], now: date | None) -> np.ndarray:
    """The stated distance of each row, shape (n,); infinite without followers."""
    newest = max((row.priced_at for row in rows if row.priced_at), default=None)
    day = now or newest
    followers = known_positive(request.followers)
    niches = set(names_in(request.niche))
    result = np.full(len(rows), math.inf)
    if followers is None:
        return result
    for place, row in enumerate(rows):
        other = known_positive(row.followers)
        if other is None:
            continue
        far = abs(math.log2(other / followers))
        far += _engagement(request.engagement_rate, row.engagement_rate)
        own = set(names_in(row.niche))
        far += NICHE_WEIGHT * (not niches & own)
        far += DELIVERABLE_WEIGHT * (plain(row.deliverable) != plain(request.deliverable))
        if row.priced_at and day:
            far += AGE_WEIGHT * max((day - row.priced_at).days, 0) / DAYS_PER_YEAR
        else:
            far += UNKNOWN
        result[place] = far
    return result


def _engagement(asked: float | None, other: float | None) -> float:
    first, second = known_positive(asked), known_positive(other)
    if first is None or second is None:
        return UNKNOWN
    return min(ENGAGEMENT_WEIGHT * abs(math.log2(first / second)), MOST_ENGAGEMENT)


def _one_per_creator(
    request: PriceRequest, rows: Sequence[MarketRow], now: date | None
) -> list[tuple[float, MarketRow]]:
    usable = [row for row in rows if is_usable(row)]
    far = distances(request, usable, now)
    ordered = sorted(
        (place for place in range(len(usable)) if math.isfinite(far[place])),
        key=lambda place: (far[place], usable[place].price, usable[place].creator_key),
    )
    seen: set[str] = set()
    chosen = []
    for place in ordered:
        row = usable[place]
        if row.creator_key not in seen:
            seen.add(row.creator_key)
            chosen.append((float(far[place]), row))
    return chosen


Shown = tuple[float | None, float | None, str]


def _shown(row: MarketRow, step: tuple[int, int, bool]) -> Shown:
    """Followers, engagement and niche as a step of `SHOWN_DIGITS` shows them."""
    of_followers, of_engagement, with_niche = step
    return (
        _digits(row.followers, of_followers),
        _digits(row.engagement_rate, of_engagement),
        row.niche if with_niche else "",
    )


def _blurred(row: MarketRow, crowds: Sequence[Counter[Shown]]) -> MarketRow:
    """Shows as much as at least `CROWD` creators have in common, else neither count."""
    followers, engagement, niche = next(
        (
            shown
            for step, crowd in zip(SHOWN_DIGITS, crowds, strict=True)
            if crowd[shown := _shown(row, step)] >= CROWD
        ),
        (None, None, ""),
    )
    return replace(
        row,
        creator_key="",
        country="",
        price=float(f"{row.price:.{PRICE_DIGITS}g}"),
        followers=followers,
        engagement_rate=engagement,
        niche=niche,
        authenticity=None,
        median_views=None,
        expected_views=None,
        median_interactions=None,
        priced_at=row.priced_at.replace(day=1) if row.priced_at else None,
    )


def _digits(value: float | None, digits: int) -> float | None:
    return None if value is None or not digits else float(f"{value:.{digits}g}")


def _rounded(distance: float) -> float:
    return round(distance / DISTANCE_STEP) * DISTANCE_STEP


def _coarse(value: float) -> float:
    """So that a middle before and after one more price does not give that price away."""
    return float(f"{value:.{PRICE_DIGITS}g}")


def _trend(rows: Sequence[MarketRow], now: date, random_state: int) -> tuple[float, ...] | None:
    """Later over earlier half year: ratio of medians, with its bootstrap interval."""
    names = sorted({row.creator_key for row in rows})
    days = [(now - row.priced_at).days for row in rows if row.priced_at]
    late = np.array(days) * 2 <= DAYS_PER_YEAR
    logs = np.log([row.price for row in rows])
    codes = np.array([names.index(row.creator_key) for row in rows])
    if min(len(set(codes[late])), len(set(codes[~late]))) < FEWEST_FOR_TREND:
        return None
    generator = np.random.default_rng(random_state)
    own = [np.flatnonzero(codes == code) for code in range(len(names))]
    ratios = []
    for _ in range(DRAWS):
        drawn = np.concatenate([own[k] for k in generator.integers(0, len(own), len(own))])
        if late[drawn].any() and not late[drawn].all():
            ratios.append(
                np.median(logs[drawn][late[drawn]]) - np.median(logs[drawn][~late[drawn]])
            )
    middle = float(np.median(logs[late]) - np.median(logs[~late]))
    low, high = np.percentile(ratios, [2.5, 97.5])
    ends = (middle, min(low, middle), max(high, middle))
    return tuple(round(float(np.exp(value)), 2) for value in ends)
