"""When a publication's figures are looked at, and what counts as looking at that moment. Pure.

A point is due some time after the publication. An observation belongs to it when it was made
within the point's window; the window's end is also the grace after which a point without an
observation is missed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices


class Horizon(TextChoices):
    HOUR = "1h", "1 hour"
    DAY = "24h", "24 hours"
    THREE_DAYS = "72h", "72 hours"
    WEEK = "7d", "7 days"
    MONTH = "30d", "30 days"


class PointState(TextChoices):
    DUE = "due", "Not in yet"
    COLLECTED = "collected", "In"
    MISSED = "missed", "Missing"


class Provenance(TextChoices):
    """Who says so. Figures of different provenance are never added up."""

    MEASURED = "measured", "Measured"
    SIMULATED = "simulated", "Simulated"
    ESTIMATED = "estimated", "Estimated"
    CREATOR = "creator", "Stated by the creator"
    BRAND = "brand", "Stated by the brand"


STATED: Final = (Provenance.CREATOR, Provenance.BRAND)
"""What one of the two sides says; the others come from connectors."""

RANK: Final = {provenance: place for place, provenance in enumerate(Provenance)}
"""Where a point can show one observation only, the first of these."""


class Count(StrEnum):
    """What a platform may count of a publication; cumulative since it was published."""

    VIEWS = "views"
    LIKES = "likes"
    COMMENTS = "comments"
    SHARES = "shares"
    SAVES = "saves"
    REACH = "reach"
    IMPRESSIONS = "impressions"
    CLICKS = "clicks"


COUNTS: Final = tuple(count.value for count in Count)
MAX_COUNT: Final = 10_000_000_000


@dataclass(frozen=True)
class Window:
    """``after`` the publication it is due; from ``early`` before that to ``late`` after it."""

    after: timedelta
    early: timedelta
    late: timedelta


WINDOWS: Final[dict[Horizon, Window]] = {
    Horizon.HOUR: Window(timedelta(hours=1), timedelta(minutes=30), timedelta(hours=2)),
    Horizon.DAY: Window(timedelta(days=1), timedelta(hours=4), timedelta(hours=12)),
    Horizon.THREE_DAYS: Window(timedelta(days=3), timedelta(hours=12), timedelta(days=1)),
    Horizon.WEEK: Window(timedelta(days=7), timedelta(days=1), timedelta(days=2)),
    Horizon.MONTH: Window(timedelta(days=30), timedelta(days=3), timedelta(days=5)),
}


def due_at(horizon: Horizon, *, published_at: datetime) -> datetime:
    return published_at + WINDOWS[horizon].after


def missed_at(horizon: Horizon, *, due: datetime) -> datetime:
    """The end of the grace: from then on a point without an observation is missed."""
    return due + WINDOWS[horizon].late


def is_within(horizon: Horizon, *, due: datetime, observed_at: datetime) -> bool:
    window = WINDOWS[horizon]
    return due - window.early <= observed_at <= due + window.late
