"""Asking connectors for the points that are due: the scheduled task behind the figures.

A point is claimed by moving its next asking ahead, in a transaction of its own, and asked for
outside of any. Killed at any moment, it falls due again; what was taken is taken once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from campaigns.horizons import Horizon, PointState, Provenance, missed_at
from campaigns.models import CollectionPoint
from campaigns.results.connectors import connectors
from campaigns.results.connectors.base import Asked, Connector
from campaigns.results.observed import Observed
from campaigns.results.outcomes import record_due_outcomes
from campaigns.results.taking import ObservationsRefused, take_observations

log = structlog.get_logger(__name__)
CHUNK = 200
MOST_CHUNKS = 10
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class CollectionReport:
    asked: int
    stored: int
    refused: int
    missed: int
    outcomes: int


def collect_results(*, now: datetime) -> CollectionReport:
    """Ask for what is due, note what is missed, and record what has come to its end."""
    asked = stored = refused = 0
    own = connectors()
    for _ in range(MOST_CHUNKS if own else 0):
        claimed = _claim(now=now)
        if not claimed:
            break
        asked += len(claimed)
        for name, connector in own.items():
            for one in _ask(name, connector, claimed, now=now):
                taken = _take(name, one, now=now)
                stored += taken or 0
                refused += taken is None
    missed = mark_missed(now=now)
    return CollectionReport(asked, stored, refused, missed, record_due_outcomes(now=now))


@transaction.atomic(durable=True)
def _claim(*, now: datetime) -> list[Asked]:
    """Points to be asked for now; nobody else asks for them until their wait has passed."""
    points = list(
        CollectionPoint.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("deliverable__publication__account")
        .filter(ask_at__lte=now)
        .order_by("ask_at", "pk")[:CHUNK]
    )
    for point in points:
        end = missed_at(Horizon(point.horizon), due=point.due_at)
        again = now + min(FIRST_WAIT * 2 ** min(point.asked, 10), LONGEST_WAIT)
        point.asked = min(point.asked + 1, 1_000)
        point.ask_at = again if again <= end else None
    CollectionPoint.objects.bulk_update(points, ["ask_at", "asked"])
    # What is past its grace cannot fall into its window any more.
    return [
        _asked(point)
        for point in points
        if now <= missed_at(Horizon(point.horizon), due=point.due_at)
    ]


def _asked(point: CollectionPoint) -> Asked:
    publication = point.deliverable.publication
    return Asked(
        deliverable_id=point.deliverable_id,
        horizon=Horizon(point.horizon),
        due_at=point.due_at,
        published_at=publication.published_at,
        platform=point.deliverable.platform,
        url=publication.url,
        external_id=publication.external_id,
        handle=publication.account.handle if publication.account else "",
        tries=point.asked,
    )


def _ask(
    name: str, connector: Connector, points: Sequence[Asked], *, now: datetime
) -> list[Observed]:
    """One by one where asking for all fails, so that one bad point hinders no other."""
    try:
        return list(connector.collect(points, now=now))
    except Exception as error:
        # A platform's client may fail in ways of its own.
        if len(points) > 1:
            return [one for point in points for one in _ask(name, connector, [point], now=now)]
        log.warning("results_unavailable", connector=name, error=str(error)[:200])
        CollectionPoint.objects.filter(
            deliverable=points[0].deliverable_id, horizon=points[0].horizon
        ).update(message=f"{name}: {error}"[:300])
        return []


def _take(name: str, one: Observed, *, now: datetime) -> int | None:
    """How many observations are new; None if it is refused."""
    if one.provenance in (Provenance.CREATOR, Provenance.BRAND):
        log.error("results_of_no_connector", connector=name, deliverable=one.deliverable_id)
        return None
    try:
        return len(take_observations([one], source=name, actor=None, now=now).stored)
    except ObservationsRefused as error:
        log.error(
            "results_refused", connector=name, deliverable=one.deliverable_id, error=error.message
        )
        return None


@transaction.atomic
def mark_missed(*, now: datetime) -> int:
    """Points whose grace has passed without an observation; they stay empty, not zero."""
    count = 0
    for horizon in Horizon:
        late = missed_at(horizon, due=now) - now
        over = (
            CollectionPoint.objects.select_for_update(skip_locked=True)
            .filter(horizon=horizon, state=PointState.DUE, due_at__lt=now - late)
            .order_by("pk")
            .values_list("pk", flat=True)[: CHUNK * MOST_CHUNKS]
        )
        count += CollectionPoint.objects.filter(pk__in=list(over)).update(
            state=PointState.MISSED, ask_at=None
        )
    return count
