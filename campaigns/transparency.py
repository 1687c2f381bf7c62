"""How each side keeps its word, computed from events and shown to the other side.

Docs/transparency.md defines every figure. One is given only from `ENOUGH` cases on, a share with
Wilson's interval. The facts behind a figure are listed by `list_facts`, event by event.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts.models import Brand, Creator
from campaigns.models import Collaboration, CollaborationEvent, TrackRecord
from campaigns.states import Side
from campaigns.track_facts import LISTING, SUMS, read_facts

WINDOW = timedelta(days=365)
ENOUGH = 5
GOOD_FOR = timedelta(hours=24)
CHUNK = 200
Z = 1.959964  # of the two-sided 95 % interval


class Unit(StrEnum):
    HOURS = "hours"  # the median
    SHARE = "share"
    COUNT = "count"  # the mean, except of collaborations, which are counted


_SHARED: Final = {
    "answer_hours": ("Time to answer", Unit.HOURS),
    "silence_share": ("Answered by silence", Unit.SHARE),
    "dispute_share": ("Ended with a dispute", Unit.SHARE),
    "revisions_per_piece": ("Rounds of changes per piece", Unit.COUNT),
}
FIGURES: Final[dict[Side, dict[str, tuple[str, Unit]]]] = {
    Side.BRAND: {
        "answer_hours": _SHARED["answer_hours"],
        "silence_share": _SHARED["silence_share"],
        "fund_hours": ("From signature to money set aside", Unit.HOURS),
        "pay_hours": ("From publication to payment", Unit.HOURS),
        "revisions_per_piece": _SHARED["revisions_per_piece"],
        "dispute_share": _SHARED["dispute_share"],
        "cancelled_share": ("Called off by the brand", Unit.SHARE),
    },
    Side.CREATOR: {
        "answer_hours": _SHARED["answer_hours"],
        "silence_share": _SHARED["silence_share"],
        "drafts_on_time": ("Drafts on time", Unit.SHARE),
        "publications_on_time": ("Publications on time", Unit.SHARE),
        "late_share": ("Pieces late at any step", Unit.SHARE),
        "completed_share": ("Completed as agreed", Unit.SHARE),
        "revisions_per_piece": _SHARED["revisions_per_piece"],
        "dispute_share": _SHARED["dispute_share"],
    },
}


@dataclass(frozen=True)
class Figure:
    """``value`` is None below `ENOUGH` cases; ``low`` and ``high`` are given for shares."""

    name: str
    label: str
    unit: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Record:
    """Figures of one brand or creator over the twelve months up to ``as_of``."""

    side: Side
    figures: list[Figure]
    collaborations: int
    as_of: datetime

    @property
    def since(self) -> datetime:
        return self.as_of - WINDOW

    @property
    def has_figures(self) -> bool:
        return any(figure.value is not None for figure in self.figures)


@dataclass(frozen=True)
class Fact:
    """One thing a figure counts, and the events it was read from."""

    figure: str
    collaboration_id: int
    piece: int
    amount: float
    events: list[int]


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of ``n`` (Wilson 1927); within 0 and 1."""
    middle = share + Z * Z / (2 * n)
    spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def compute_records(side: Side, ids: Iterable[int], *, as_of: datetime) -> dict[int, Record]:
    """Of brands or creators by id, each with a record. One query."""
    wanted = list(ids)
    sums: dict[int, dict[str, tuple[int, float, float]]] = {pk: {} for pk in wanted}
    if wanted:
        for subject, figure, n, mean, median in read_facts(side, SUMS, _window(wanted, as_of)):
            sums[subject][figure] = (n, mean, median)
    return {
        pk: Record(
            side,
            [_figure(name, *kind, found.get(name)) for name, kind in FIGURES[side].items()],
            found.get("collaborations", (0, 0, 0))[0],
            as_of,
        )
        for pk, found in sums.items()
    }


def get_track_record(subject: Brand | Creator, *, now: datetime) -> Record:
    """As stored within the last day, else computed. At most two queries."""
    return get_track_records(side_of(subject), [subject.pk], now=now)[subject.pk]


def get_track_records(side: Side, ids: Iterable[int], *, now: datetime) -> dict[int, Record]:
    """Of several of one kind. At most two queries, however many."""
    wanted = list(dict.fromkeys(ids))
    stored = TrackRecord.objects.filter(
        **{f"{side.value}__in": wanted}, as_of__gt=now - GOOD_FOR, as_of__lte=now
    )
    found = {getattr(one, f"{side.value}_id"): _from_stored(side, one) for one in stored}
    missing = [pk for pk in wanted if pk not in found]
    return found | (compute_records(side, missing, as_of=now) if missing else {})


def list_facts(side: Side, pk: int, *, as_of: datetime) -> list[Fact]:
    """Everything the figures of one brand or creator are made of. One query."""
    return [Fact(*row) for row in read_facts(side, LISTING, _window([pk], as_of))]


def refresh_track_records(*, now: datetime) -> int:
    """Store the records of all who had events since, and of those that are a day old.

    :return: how many were stored; safe to run again, or twice at once.
    """
    seen = TrackRecord.objects.aggregate(last=Max("last_event_id"))["last"] or 0
    last = CollaborationEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    stored = 0
    for side in FIGURES:
        key = f"{side.value}_id"
        moved = Collaboration.objects.filter(events__pk__gt=seen, events__pk__lte=last)
        old = TrackRecord.objects.filter(
            **{f"{side.value}__isnull": False}, as_of__lte=now - GOOD_FOR
        )
        wanted = sorted(
            {*moved.order_by().values_list(key, flat=True).distinct()}
            | {*old.values_list(key, flat=True)}
        )
        for start in range(0, len(wanted), CHUNK):
            stored += _store(side, wanted[start : start + CHUNK], last=last, now=now)
    return stored


@transaction.atomic
def _store(side: Side, ids: list[int], *, last: int, now: datetime) -> int:
    records = compute_records(side, ids, as_of=now)
    TrackRecord.objects.bulk_create(
        [
            TrackRecord(
                **{f"{side.value}_id": pk},
                figures={
                    "collaborations": record.collaborations,
                    "figures": [asdict(figure) for figure in record.figures],
                },
                as_of=now,
                last_event_id=last,
            )
            for pk, record in records.items()
        ],
        update_conflicts=True,
        unique_fields=[side.value],
        update_fields=["figures", "as_of", "last_event_id"],
    )
    return len(records)


def _from_stored(side: Side, stored: TrackRecord) -> Record:
    figures = [Figure(**figure) for figure in stored.figures["figures"]]
    return Record(side, figures, stored.figures["collaborations"], stored.as_of)


def side_of(subject: Brand | Creator) -> Side:
    return Side.BRAND if isinstance(subject, Brand) else Side.CREATOR


def _window(ids: list[int], as_of: datetime) -> dict[str, Any]:
    return {"ids": ids, "start": as_of - WINDOW, "end": as_of}


def _figure(name: str, label: str, unit: Unit, found: tuple[int, float, float] | None) -> Figure:
    n, mean, median = found or (0, 0.0, 0.0)
    if n < ENOUGH:
        return Figure(name, label, unit.value, None, n)
    if unit is Unit.SHARE:
        low, high = wilson(mean, n)
        return Figure(name, label, unit.value, round(mean, 4), n, round(low, 4), round(high, 4))
    return Figure(name, label, unit.value, round(median if unit is Unit.HOURS else mean, 2), n)
