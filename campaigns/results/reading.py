"""Reading pieces with what was seen of them, in as many queries for one as for thousands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from campaigns.contracts import last_day
from campaigns.horizons import COUNTS, Provenance
from campaigns.models import CollectionPoint, Deliverable
from campaigns.results.figures import PieceLine, Seen
from campaigns.states import DELIVERABLE_FINAL, DeliverableState

# Counts only grow, so the newest known value of each is what a later look at least has.
_NEWEST = ", ".join(
    f"(array_agg({name} ORDER BY observed_at DESC, id DESC) FILTER (WHERE {name} IS NOT NULL))[1]"
    for name in COUNTS
)
SEEN = f"""
SELECT deliverable_id, provenance, max(observed_at), {_NEWEST}
FROM campaigns_observation
WHERE deliverable_id = ANY(%s)
GROUP BY deliverable_id, provenance
"""  # noqa: S608 (the columns are the constant above)

Point = tuple[str, str, str | None, dict[str, int | None]]


def read_pieces(
    deliverables: QuerySet[Deliverable], *, now: datetime
) -> tuple[dict[int, list[PieceLine]], dict[int, list[Point]]]:
    """Collaboration → its pieces, and piece → its points. Three queries.

    A point is (horizon, state, provenance, counts); without an observation the last two are
    None and empty.
    """
    rows = list(
        deliverables.order_by("collaboration_id", "position").values(
            "pk", "collaboration_id", "position", "kind", "platform", "price_minor", "publish_by",
            "state", "publication__published_at", "publication__url", "collaboration__stood_still",
        )
    )  # fmt: skip
    ids = [row["pk"] for row in rows]
    seen, points = _seen(ids), _points(ids)
    lines: dict[int, list[PieceLine]] = {}
    for row in rows:
        published_at = row["publication__published_at"]
        lines.setdefault(row["collaboration_id"], []).append(
            PieceLine(
                deliverable_id=row["pk"],
                position=row["position"],
                kind=row["kind"],
                platform=row["platform"],
                price_minor=row["price_minor"],
                publish_by=row["publish_by"],
                state=row["state"],
                state_label=DeliverableState(row["state"]).label,
                published_at=published_at,
                url=row["publication__url"] or "",
                days_late=_days_late(row, published_at, now),
                points={point[0]: point[1] for point in points.get(row["pk"], [])},
                seen=seen.get(row["pk"], {}),
            )
        )
    return lines, points


def _days_late(row: Mapping[str, Any], published_at: datetime | None, now: datetime) -> int | None:
    due = last_day(row["publish_by"], stood_still=row["collaboration__stood_still"])
    if published_at is not None:
        return (published_at.date() - due).days
    over = (now.date() - due).days
    return over if over > 0 and row["state"] not in DELIVERABLE_FINAL else None


def _seen(ids: list[int]) -> dict[int, dict[Provenance, Seen]]:
    found: dict[int, dict[Provenance, Seen]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [ids])
        for deliverable_id, provenance, observed_at, *values in cursor.fetchall():
            counts = dict(zip(COUNTS, values, strict=True))
            found.setdefault(deliverable_id, {})[Provenance(provenance)] = Seen(counts, observed_at)
    return found


def _points(ids: Iterable[int]) -> dict[int, list[Point]]:
    rows = (
        CollectionPoint.objects.filter(deliverable_id__in=ids)
        .order_by("deliverable_id", "due_at")
        .values_list(
            "deliverable_id",
            "horizon",
            "state",
            "observation__provenance",
            *(f"observation__{name}" for name in COUNTS),
        )
    )
    found: dict[int, list[Point]] = {}
    for deliverable_id, horizon, state, provenance, *values in rows:
        counts = dict(zip(COUNTS, values, strict=True)) if provenance else {}
        found.setdefault(deliverable_id, []).append((horizon, state, provenance, counts))
    return found
