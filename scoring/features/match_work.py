"""What creators' past collaborations here tell a match: kept, and in which trade.

Completion is counted as track records count it (`campaigns.track_facts`, figure
``completed_share``), over the same twelve months. Past work counts in its brief's category, or
where none is named in each of its niches.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from campaigns.models import Brief, Collaboration
from campaigns.states import Side, State
from campaigns.track_facts import read_facts
from campaigns.transparency import WINDOW
from scoring.ml.match.audience import tag_of

DONE = (State.COMPLETED, State.CLOSED)
_COMPLETED = """
SELECT subject, count(*), sum(amount)::integer FROM facts
WHERE figure = 'completed_share' GROUP BY subject
"""
_WRITE = """
WITH new AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
        creator_id bigint, accepted integer, completed integer, collaborations integer,
        worked_in jsonb
    )
)
UPDATE scoring_matchfacts facts SET
    accepted = new.accepted, completed = new.completed, collaborations = new.collaborations,
    worked_in = coalesce(new.worked_in, '{}'), updated_at = now()
FROM scoring_searchentry entry LEFT JOIN new ON new.creator_id = entry.creator_id
WHERE facts.entry_id = entry.id AND (%(all)s OR entry.creator_id = ANY(%(ids)s))
    AND (facts.accepted, facts.completed, facts.collaborations, facts.worked_in)
        IS DISTINCT FROM
        (new.accepted, new.completed, new.collaborations, coalesce(new.worked_in, '{}'))
"""


def sync_past_work(*, now: datetime, creator_ids: Collection[int] | None = None) -> int:
    """Write what collaborations tell into the match facts; rows changed. Three statements.

    Of the named creators, or of all; who has none has nothing known of them.
    """
    done = Collaboration.objects.filter(state__in=DONE)
    some = list(creator_ids) if creator_ids is not None else _with_collaborations()
    rows = _rows(done.filter(creator_id__in=some), some, now=now)
    given: dict[str, Any] = {
        "rows": json.dumps(rows),
        "all": creator_ids is None,
        "ids": some,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, given)
        return cursor.rowcount


def _with_collaborations() -> list[int]:
    return list(Collaboration.objects.order_by().values_list("creator_id", flat=True).distinct())


def _rows(done: Any, creator_ids: list[int], *, now: datetime) -> list[dict[str, Any]]:
    window = {"ids": creator_ids, "start": now - WINDOW, "end": now}
    kept = {pk: (n, k) for pk, n, k in read_facts(Side.CREATOR, _COMPLETED, window)}
    latest = Brief.objects.filter(campaign=OuterRef("campaign")).order_by("-version")
    trades: dict[int, Counter[str]] = defaultdict(Counter)
    counts: Counter[int] = Counter()
    for creator_id, category, niches in done.annotate(
        category=Subquery(latest.values("category")[:1]),
        niches=Subquery(latest.values("niches")[:1]),
    ).values_list("creator_id", "category", "niches"):
        counts[creator_id] += 1
        trades[creator_id].update({tag_of(name) for name in ([category] if category else niches)})
    return [
        {
            "creator_id": pk,
            "accepted": kept[pk][0] if pk in kept else None,
            "completed": kept[pk][1] if pk in kept else None,
            "collaborations": counts[pk] or None,
            "worked_in": dict(trades[pk]),
        }
        for pk in {*kept, *counts}
    ]
