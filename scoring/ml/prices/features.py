"""Facts of a request or a row as the columns of one market."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from scoring.ml.prices.facts import AGREED, MarketRow, PriceRequest, known_positive, names_in, plain

FEATURE_SET: Final = "market-rows-2"
DAYS_PER_YEAR: Final = 365.25
FEWEST_DELIVERABLE_CREATORS: Final = 5
FEWEST_NAMED_CREATORS: Final = 10
FEWEST_KNOWN_SHARE: Final = 0.1
FEWEST_TREND_MONTHS: Final = 12
FEWEST_SEASON_MONTHS: Final = 18
FEWEST_KIND_CREATORS: Final = 20
LATEST_YEARS_AHEAD: Final = 0.25
"""The trend is followed a quarter beyond the newest price, then held."""

NUMBERS: Final = (
    "log_followers",
    "follower_growth",
    "log_engagement",
    "log_median_views",
    "log_expected_views",
    "log_median_interactions",
    "authenticity",
    "years",
)
MONTHS: Final = tuple(f"month {month}" for month in range(1, 13))
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "follower_count_premium": NUMBERS[:2],
    "engagement_premium": NUMBERS[2:6],
    "authenticity_premium": ("authenticity",),
    "market_trend": ("years",),
    "seasonality": MONTHS,
}
NAMED: Final[Mapping[str, str]] = {
    "campaign_type": "campaign_types",
    "geography": "countries",
    "deliverable_type": "deliverables",
    "niche": "niches",
}
FACTORS: Final = (*GROUPS, *NAMED)
KIND: Final = "agreed"
Facts = PriceRequest | MarketRow


@dataclass(frozen=True)
class Vocabulary:
    """The columns a market's rows support, in order: numbers, months, names, kind of price.

    `off` says for each factor without columns why. Years are counted from `epoch`;
    `last_years` is the newest price. A name has a column where enough creators have it.
    """

    numbers: tuple[str, ...]
    months: tuple[int, ...]
    deliverables: tuple[str, ...]
    niches: tuple[str, ...]
    countries: tuple[str, ...]
    campaign_types: tuple[str, ...]
    has_kinds: bool
    epoch: int
    first_years: float
    last_years: float
    off: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        names = [f"{factor}:{name}" for factor in NAMED for name in self.names(factor)]
        months = [MONTHS[month - 1] for month in self.months]
        return (*self.numbers, *months, *names, *([KIND] if self.has_kinds else []))

    def names(self, factor: str) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, NAMED[factor])
        return found

    def places(self) -> dict[str, list[int]]:
        """Factor to the positions of its columns; those of the kind of price are in none."""
        columns = self.columns
        found: dict[str, list[int]] = {}
        for factor in FACTORS:
            members = GROUPS.get(factor, ())
            found[factor] = [
                place
                for place, name in enumerate(columns)
                if name in members or (not members and name.startswith(f"{factor}:"))
            ]
        return found

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Vocabulary:
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in document.items()
        }
        return cls(**values)

    def years_of(self, day: date) -> float:
        return (day.toordinal() - self.epoch) / DAYS_PER_YEAR

    def years_asked(self, now: date) -> float:
        """The time of asking, held within the rows and a quarter of a year after them."""
        return min(max(self.years_of(now), self.first_years), self.last_years + LATEST_YEARS_AHEAD)


def learn_vocabulary(rows: Sequence[MarketRow]) -> Vocabulary:
    """Which columns these rows of one market support; a row counts by its creator."""
    off: dict[str, str] = {}
    names = {factor: _frequent(rows, factor) for factor in NAMED}
    for factor in ("campaign_type", "geography", "niche"):
        if len(names[factor]) < 2 and factor != "niche":
            names[factor] = ()
        if not names[factor]:
            off[factor] = (
                f"No two kinds of it have prices by {FEWEST_NAMED_CREATORS} creators each."
                if factor != "niche"
                else f"No niche has prices by {FEWEST_NAMED_CREATORS} creators."
            )
    days = [row.priced_at for row in rows if row.priced_at]
    months = {(day.year, day.month) for day in days}
    known = len(days) / max(len(rows), 1)
    numbers = [name for name in NUMBERS[:-1] if _varies(_numbers(rows, name))]
    for factor in ("engagement_premium", "authenticity_premium"):
        if not set(GROUPS[factor]) & set(numbers):
            off[factor] = "The prices were recorded without it, or with too few different values."
    has_trend = len(months) >= FEWEST_TREND_MONTHS and known >= 0.5
    if has_trend:
        numbers.append("years")
    else:
        off["market_trend"] = _too_short(len(months), FEWEST_TREND_MONTHS)
    calendar: tuple[int, ...] = ()
    if len(months) >= FEWEST_SEASON_MONTHS and known >= 0.5:
        calendar = _months_with_enough(rows)
    if len(calendar) < 2:
        calendar = ()
        off["seasonality"] = _too_short(len(months), FEWEST_SEASON_MONTHS)
    epoch = min(days).toordinal() if days else date(2000, 1, 1).toordinal()
    last = (max(days).toordinal() - epoch) / DAYS_PER_YEAR if days else 0.0
    return Vocabulary(
        numbers=tuple(numbers),
        months=calendar,
        deliverables=names["deliverable_type"],
        niches=names["niche"],
        countries=names["geography"],
        campaign_types=names["campaign_type"],
        has_kinds=_has_kinds(rows),
        epoch=epoch,
        first_years=0.0,
        last_years=last,
        off=off,
    )


def row_features(rows: Sequence[MarketRow], vocabulary: Vocabulary) -> np.ndarray:
    """Columns of priced rows, shape (n, len(vocabulary.columns)), NaN where unknown."""
    years = np.array(
        [vocabulary.years_asked(row.priced_at) if row.priced_at else math.nan for row in rows]
    )
    months = [month_of(row) for row in rows]
    agreed = np.array([float(row.kind == AGREED) for row in rows])
    return _features(rows, vocabulary, years, months, agreed)


def request_features(
    requests: Sequence[PriceRequest], vocabulary: Vocabulary, now: date
) -> np.ndarray:
    """Columns of requests, shape (n, len(vocabulary.columns)); where both kinds of price were
    learned, an agreed price is what is asked for."""
    years = np.full(len(requests), vocabulary.years_asked(now))
    months = [request.month or now.month for request in requests]
    return _features(requests, vocabulary, years, months, np.ones(len(requests)))


def month_of(row: MarketRow) -> int | None:
    if row.month is not None:
        return row.month
    return row.priced_at.month if row.priced_at else None


def is_priced_deliverable(request: Facts, vocabulary: Vocabulary) -> bool:
    return plain(request.deliverable) in vocabulary.deliverables


_NUMBER_OF: Final[Mapping[str, Callable[[Facts], float | None]]] = {
    "log_followers": lambda facts: _log(facts.followers),
    "follower_growth": lambda facts: _growth(facts.follower_growth),
    "log_engagement": lambda facts: _log_rate(facts.engagement_rate),
    "log_median_views": lambda facts: _log(facts.median_views),
    "log_expected_views": lambda facts: _log(facts.expected_views),
    "log_median_interactions": lambda facts: _log(facts.median_interactions),
    "authenticity": lambda facts: _share(facts.authenticity),
}
_NAMES_OF: Final[Mapping[str, Callable[[Facts], tuple[str, ...]]]] = {
    "deliverable_type": lambda facts: (plain(facts.deliverable),),
    "niche": lambda facts: names_in(facts.niche),
    "geography": lambda facts: names_in(facts.country),
    "campaign_type": lambda facts: names_in(facts.campaign_type),
}


def _features(
    facts: Sequence[Facts],
    vocabulary: Vocabulary,
    years: np.ndarray,
    months: Sequence[int | None],
    agreed: np.ndarray,
) -> np.ndarray:
    parts = [years if name == "years" else _numbers(facts, name) for name in vocabulary.numbers]
    blocks = [np.column_stack(parts)] if parts else []
    if vocabulary.months:
        blocks.append(_indicators([(month,) for month in months], vocabulary.months))
    for factor in NAMED:
        if names := vocabulary.names(factor):
            blocks.append(_indicators([_NAMES_OF[factor](one) for one in facts], names))
    if vocabulary.has_kinds:
        blocks.append(agreed[:, None])
    return np.column_stack(blocks).astype(float)


def _indicators(values: Sequence[tuple[Any, ...]], names: Sequence[Any]) -> np.ndarray:
    """1 for each name a row has, NaN for all where it has none that is known."""
    place = {name: position for position, name in enumerate(names)}
    result = np.zeros((len(values), len(names)))
    for row, own in enumerate(values):
        found = [place[name] for name in own if name in place]
        result[row, found] = 1.0
        if not found:
            result[row] = math.nan
    return result


def _numbers(facts: Iterable[Facts], name: str) -> np.ndarray:
    read = _NUMBER_OF[name]
    return np.array([math.nan if (v := read(one)) is None else v for one in facts], dtype=float)


def _log(value: float | None) -> float | None:
    found = known_positive(value)
    return None if found is None else math.log1p(found)


def _log_rate(value: float | None) -> float | None:
    """Log of a rate with a floor of 0.1 %; a rate of exactly 0 is known."""
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return math.log(value + 0.001)


def _growth(value: float | None) -> float | None:
    """Beyond a fifth in 15 days it matters no more how much."""
    return min(max(value, -0.2), 0.2) if value is not None and math.isfinite(value) else None


def _share(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= 1 else None


def _varies(values: np.ndarray) -> bool:
    known = values[~np.isnan(values)]
    return known.size >= FEWEST_KNOWN_SHARE * values.size and np.ptp(known) > 1e-9


def _creators_by(rows: Sequence[MarketRow], factor: str) -> dict[str, set[str]]:
    creators: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in _NAMES_OF[factor](row):
            creators[name].add(row.creator_key)
    return creators


def _frequent(rows: Sequence[MarketRow], factor: str) -> tuple[str, ...]:
    fewest = FEWEST_DELIVERABLE_CREATORS if factor == "deliverable_type" else FEWEST_NAMED_CREATORS
    found = _creators_by(rows, factor)
    return tuple(sorted(name for name, who in found.items() if name and len(who) >= fewest))


def _months_with_enough(rows: Sequence[MarketRow]) -> tuple[int, ...]:
    creators: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if (month := month_of(row)) is not None:
            creators[month].add(row.creator_key)
    return tuple(sorted(m for m, who in creators.items() if len(who) >= FEWEST_NAMED_CREATORS))


def _has_kinds(rows: Sequence[MarketRow]) -> bool:
    agreed = {row.creator_key for row in rows if row.kind == AGREED}
    asked = {row.creator_key for row in rows if row.kind != AGREED}
    return min(len(agreed), len(asked)) >= FEWEST_KIND_CREATORS


def _too_short(months: int, fewest: int) -> str:
    return f"The prices are of {months} different months; it takes {fewest} to tell."
