"""Taking observations in: the one place that writes them, wherever they come from."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import DomainError
from accounts.models import PostMetric, User
from accounts.models.facts import Provenance as FactProvenance
from campaigns.horizons import (
    RANK,
    STATED,
    Horizon,
    PointState,
    Provenance,
    is_within,
)
from campaigns.models import CollectionPoint, Observation, Publication
from campaigns.results.observed import Observed, Problem, list_problems
from campaigns.results.plausibility import list_warnings

# What one side says of itself must not move a creator's scores.
AS_FACTS = {
    Provenance.MEASURED: FactProvenance.MEASURED,
    Provenance.SIMULATED: FactProvenance.SIMULATED,
}
FACT_COUNTS = ("views", "likes", "comments", "shares", "saves")
History = dict[tuple[int, str], list[tuple[datetime, int, Observation]]]


class ObservationsRefused(DomainError):
    """Nothing was kept; ``problems`` says why, one by one."""

    code = "observations_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more like this)" if len(problems) > 1 else ""
        super().__init__(
            first.message + more,
            code=first.code,
            details={
                "problems": [
                    {"place": one.place, "field": one.attr, "message": one.message}
                    for one in problems[:100]
                ]
            },
        )
        self.problems = list(problems)
        # 409: the observation itself is sound, what is kept already stands against it.
        self.http_status = 400 if any(p.code == "observation_refused" for p in problems) else 409


@dataclass(frozen=True)
class Taken:
    """``stored`` are new; ``known`` had been taken before with the same values."""

    stored: list[Observation]
    known: list[Observation]

    @property
    def warnings(self) -> int:
        return sum(bool(one.warnings) for one in self.stored)


@transaction.atomic
def take_observations(
    observed: Sequence[Observed],
    *,
    source: str,
    actor: User | None,
    now: datetime,
    dry_run: bool = False,
) -> Taken:
    """Keep all of them or none; the same one again changes nothing. Seven queries.

    Points whose window an observation falls into get the best one, and what was measured is
    written to the creator's facts. Implausible values are kept, with a warning.

    :raises ObservationsRefused: for values that cannot be, pieces that are not published, and
        other values for a moment, source and provenance that are already kept.
    """
    ids = {one.deliverable_id for one in observed}
    published = {p.deliverable_id: p for p in Publication.objects.filter(deliverable_id__in=ids)}
    # Whoever takes observations of a piece has its points; the next one waits.
    points = list(
        CollectionPoint.objects.select_for_update()
        .filter(deliverable_id__in=ids)
        .order_by("deliverable_id", "pk")
    )
    history = _history(ids)
    stored: list[Observation] = []
    known: list[Observation] = []
    problems: list[Problem] = []
    for place, one in enumerate(observed):
        publication = published.get(one.deliverable_id)
        published_at = publication.published_at if publication else None
        found = list_problems(place, one, published_at=published_at, now=now)
        problems += found
        if found:
            continue
        before = _same(history, one, source)
        if before is None:
            stored.append(_add(history, one, source=source, actor=actor, now=now))
        elif before.counts == one.known():
            known.append(before)
        else:
            problems.append(
                Problem(
                    place,
                    "observed_at",
                    f"Other values are kept for {one.observed_at:%d %b %Y %H:%M} UTC; "
                    "they are not changed. Give the later values with their own time.",
                    "other_values_kept",
                )
            )
    if problems:
        raise ObservationsRefused(problems)
    if not dry_run and stored:
        Observation.objects.bulk_create(stored)
        _write_facts(stored, published, now=now)
        _fill_points(points, history)
    return Taken(stored, known)


def _history(ids: set[int]) -> History:
    """Deliverable and provenance → its observations in order of time."""
    history: History = {}
    rows = Observation.objects.filter(deliverable_id__in=ids).order_by("observed_at", "pk")
    for number, row in enumerate(rows):
        history.setdefault((row.deliverable_id, row.provenance), []).append(
            (row.observed_at, number, row)
        )
    return history


def _same(history: History, one: Observed, source: str) -> Observation | None:
    rows = history.get((one.deliverable_id, one.provenance), [])
    start = bisect_left(rows, (one.observed_at, -1))
    for moment, _, row in rows[start:]:
        if moment != one.observed_at:
            break
        if row.source == source:
            return row
    return None


def _add(
    history: History, one: Observed, *, source: str, actor: User | None, now: datetime
) -> Observation:
    rows = history.setdefault((one.deliverable_id, one.provenance), [])
    place = bisect_left(rows, (one.observed_at, -1))
    after = next((row for moment, _, row in rows[place:] if moment > one.observed_at), None)
    row = Observation(
        deliverable_id=one.deliverable_id,
        observed_at=one.observed_at,
        source=source,
        provenance=one.provenance,
        **one.known(),
        warnings=list_warnings(
            one.known(),
            before=rows[place - 1][2].counts if place else None,
            after=after.counts if after else None,
        ),
        actor=actor,
        recorded_at=now,
    )
    insort(rows, (one.observed_at, len(rows) + 10**9, row), key=lambda entry: entry[:2])
    return row


def _write_facts(
    stored: Sequence[Observation], published: dict[int, Publication], *, now: datetime
) -> None:
    """What was measured, as counts of the creator's post."""
    PostMetric.objects.bulk_create(
        [
            PostMetric(
                post_id=post_id,
                observed_at=one.observed_at,
                **{name: getattr(one, name) for name in FACT_COUNTS},
                provenance=AS_FACTS[Provenance(one.provenance)],
                recorded_at=now,
            )
            for one in stored
            if one.provenance in AS_FACTS
            and (post_id := published[one.deliverable_id].post_id) is not None
            and any(getattr(one, name) is not None for name in FACT_COUNTS)
        ],
        ignore_conflicts=True,  # two pieces in one post have the same counts
    )


def _fill_points(points: Sequence[CollectionPoint], history: History) -> None:
    """Give each point the best observation within its window."""
    by_piece: dict[int, list[Observation]] = {}
    for (deliverable_id, _), rows in history.items():
        by_piece.setdefault(deliverable_id, []).extend(row for _, _, row in rows)
    changed = []
    for point in points:
        within = [
            row
            for row in by_piece.get(point.deliverable_id, [])
            if is_within(Horizon(point.horizon), due=point.due_at, observed_at=row.observed_at)
        ]
        if not within:
            continue
        best = min(within, key=lambda row: _order(row, point))
        if best.pk == point.observation_id:
            continue
        point.state, point.observation = PointState.COLLECTED, best
        point.source, point.observed_at, point.message = best.source, best.observed_at, ""
        if best.provenance not in STATED:
            point.ask_at = None
        changed.append(point)
    CollectionPoint.objects.bulk_update(
        changed, ["state", "observation", "source", "observed_at", "message", "ask_at"]
    )


def _order(row: Observation, point: CollectionPoint) -> tuple[int, float, int]:
    """What is measured before what is stated, then the nearest to the moment."""
    distance = abs((row.observed_at - point.due_at).total_seconds())
    return RANK[Provenance(row.provenance)], distance, row.pk
