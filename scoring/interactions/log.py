"""Everything brands did about creators as one log to learn from.

Events recorded for their own sake (`InteractionEvent`) and what the tables of campaigns tell
anyway, read where it stands instead of being written twice:

    shortlist          first time on each list
    invite             a collaboration the brand began
    add to campaign    terms agreed
    collaboration      all work accepted: the first time it is complete

A hide counts while it is the brand's last word; one that was taken back is left out, and so is
the taking back.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db.models import Case, F, FloatField, IntegerField, Min, QuerySet, Value, When
from django.db.models.functions import Cast, Extract
from numpy.typing import NDArray

from campaigns.models import CollaborationEvent, ShortlistEntry
from campaigns.states import State
from scoring.ml.recommending.events import EventLog, Kind
from scoring.models import InteractionEvent

Ints = NDArray[np.int64]
Recorded = InteractionEvent.Kind

KINDS: Final = {
    Recorded.IMPRESSION: Kind.IMPRESSION,
    Recorded.CLICK: Kind.CLICK,
    Recorded.PROFILE_VIEW: Kind.PROFILE_VIEW,
    Recorded.IDEAL: Kind.IDEAL,
    Recorded.HIDE: Kind.HIDE,
}
DEEDS: Final = {
    State.INVITED: Kind.INVITE,
    State.AGREED: Kind.ADD_TO_CAMPAIGN,
    State.COMPLETED: Kind.COLLABORATION,
}
SECONDS_PER_DAY: Final = 86_400.0
_COLUMNS: Final = ("brand_row", "creator_row", "code", "seconds", "place", "chance")
_CHUNK: Final = 20_000


def read_log(*, until: datetime, since: datetime | None = None) -> tuple[EventLog, Ints, Ints]:
    """Events from ``since`` to before ``until``; the ids its brands and creators are rows of.

    Sorted by time; days count from 1970. Four queries, read in chunks, so memory holds numbers
    only. A hide is judged by what was known at ``until``.
    """
    rows = [
        *_chunks(_within(_recorded(), "at", since, until)),
        *_chunks(_within(_hides(until), "at", since, until)),
        *_chunks(_within(_shortlisted(), "first_at", since, until)),
        *_chunks(_within(_deeds(), "first_at", since, until)),
    ]
    return build_log(np.concatenate(rows) if rows else np.empty((0, len(_COLUMNS))))


def build_log(table: NDArray[np.float64]) -> tuple[EventLog, Ints, Ints]:
    """Rows (m, 6) of brand id, creator id, kind, seconds, position and propensity as a log.

    Unknown positions and propensities are NaN. The order of the rows does not matter. Ids stay
    exact up to 2⁵³.
    """
    brands, creators, kinds, seconds, positions, propensities = table.T
    order = np.lexsort((propensities, positions, kinds, creators, brands, seconds))
    brand_ids, brand_rows = np.unique(brands.astype(np.int64), return_inverse=True)
    creator_ids, creator_rows = np.unique(creators.astype(np.int64), return_inverse=True)
    log = EventLog.from_columns(
        brands=brand_rows,
        creators=creator_rows,
        kinds=kinds.astype(np.int64),
        days=seconds / SECONDS_PER_DAY,
        positions=np.nan_to_num(positions, nan=0.0).astype(np.int64),
        propensities=propensities,
    )
    return log.take(order), brand_ids, creator_ids


def _recorded() -> QuerySet[InteractionEvent]:
    read = [kind for kind in KINDS if kind != Recorded.HIDE]
    return _with_code(InteractionEvent.objects.filter(kind__in=read))


def _hides(until: datetime) -> QuerySet[InteractionEvent]:
    """The last word of each brand about each creator, where it is a hide."""
    words = InteractionEvent.objects.filter(kind__in=[Recorded.HIDE, Recorded.UNHIDE])
    last = (
        words.filter(at__lt=until)
        .order_by("brand_id", "creator_id", "-at", "-pk")
        .distinct("brand_id", "creator_id")
        .values("pk")
    )
    return _with_code(InteractionEvent.objects.filter(pk__in=last, kind=Recorded.HIDE))


def _with_code(found: QuerySet[InteractionEvent]) -> QuerySet[Any]:
    code = Case(
        *(When(kind=kind, then=Value(int(code))) for kind, code in KINDS.items()),
        output_field=IntegerField(),
    )
    return found.order_by().annotate(
        brand_row=F("brand_id"),
        creator_row=F("creator_id"),
        code=code,
        seconds=_seconds("at"),
        place=F("position"),
        chance=F("propensity"),
    )


def _shortlisted() -> QuerySet[Any]:
    first = ShortlistEntry.objects.order_by().values("shortlist_id", "creator_id")
    return first.annotate(
        first_at=Min("added_at"),
        brand_row=F("shortlist__brand_id"),
        creator_row=F("creator_id"),
        code=Value(int(Kind.SHORTLIST)),
        seconds=_seconds("first_at"),
        place=Value(None, output_field=IntegerField()),
        chance=Value(None, output_field=FloatField()),
    )


def _deeds() -> QuerySet[Any]:
    """The first time each collaboration came to a state; going back to it counts no more."""
    code = Case(
        *(When(to_state=state, then=Value(int(code))) for state, code in DEEDS.items()),
        output_field=IntegerField(),
    )
    first = CollaborationEvent.objects.order_by().filter(to_state__in=list(DEEDS))
    return first.values("collaboration_id", "to_state").annotate(
        first_at=Min("at"),
        brand_row=F("collaboration__brand_id"),
        creator_row=F("collaboration__creator_id"),
        code=code,
        seconds=_seconds("first_at"),
        place=Value(None, output_field=IntegerField()),
        chance=Value(None, output_field=FloatField()),
    )


def _seconds(name: str) -> Cast:
    return Cast(Extract(name, "epoch"), FloatField())


def _within(
    found: QuerySet[Any], name: str, since: datetime | None, until: datetime
) -> QuerySet[Any]:
    found = found.filter(**{f"{name}__lt": until})
    return found if since is None else found.filter(**{f"{name}__gte": since})


def _chunks(found: QuerySet[Any]) -> Iterable[NDArray[np.float64]]:
    """Arrays of at most `_CHUNK` rows; null becomes NaN."""
    held: list[tuple[Any, ...]] = []
    for row in found.values_list(*_COLUMNS).iterator(chunk_size=_CHUNK):
        held.append(row)
        if len(held) == _CHUNK:
            yield np.array(held, dtype=float)
            held = []
    if held:
        yield np.array(held, dtype=float)
