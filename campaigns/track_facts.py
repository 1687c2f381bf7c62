"""What the events say of how a side keeps its word, one row per thing that happened, as SQL.

Each query yields ``subject, figure, collaboration, piece, amount, events``: the amount is hours,
one or zero for a share, or a count, and the events are those it was read from. Only events of
the window are looked at, so one outside it changes nothing; where a question was asked before
the window began, its answer is not counted either.
"""

from typing import Any, Final

from django.db import connection

from campaigns.states import Side

# Answers to what the other side sent, and what happens where none came.
_TOLD = """
WITH told AS (
    SELECT collaboration.{subject} AS subject, event.collaboration_id AS collaboration, event.id,
        event.name, event.side, event.at, event.data,
        CASE WHEN jsonb_typeof(event.data -> 'deliverable') = 'number'
            THEN (event.data ->> 'deliverable')::integer ELSE 0 END AS piece
    FROM campaigns_collaboration collaboration
    JOIN campaigns_collaborationevent event ON event.collaboration_id = collaboration.id
    WHERE collaboration.{subject} = ANY(%(ids)s)
        AND event.at > %(start)s AND event.at <= %(end)s
), turns AS (
    SELECT told.*, lead(id) OVER turn AS next_id, lead(name) OVER turn AS next_name,
        lead(side) OVER turn AS next_side, lead(at) OVER turn AS next_at
    FROM told
    WHERE name IN ('invite', 'apply', 'offer', 'counter', 'accept', 'decline', 'reject',
        'withdraw', 'expire', 'submit_draft', 'approve', 'request_revision', 'approve_by_silence')
    WINDOW turn AS (PARTITION BY collaboration, piece ORDER BY id)
), answers AS (
    SELECT subject, collaboration, piece, ARRAY[id, next_id] AS events,
        extract(epoch FROM next_at - at) / 3600 AS hours,
        next_name IN ('expire', 'approve_by_silence') AS silent
    FROM turns
    WHERE side = '{other}' AND name IN ({questions})
        AND (next_name IN ('expire', 'approve_by_silence') OR next_side = '{own}')
), ends AS (
    SELECT DISTINCT ON (collaboration) subject, collaboration, id, name
    FROM told
    WHERE name IN ('complete', 'agree_to_cancel', 'cancel_by_silence', 'lapse')
        OR (name = 'settle' AND piece = 0)
    ORDER BY collaboration, id DESC
), ended AS (
    SELECT ends.*, asked.id AS asked_id, asked.side AS asked_by, dispute.id AS dispute_id,
        waived.id AS waived_id
    FROM ends
    LEFT JOIN LATERAL (
        SELECT id, side FROM told WHERE told.collaboration = ends.collaboration
            AND told.name = 'ask_to_cancel' AND told.id < ends.id
            AND ends.name IN ('agree_to_cancel', 'cancel_by_silence')
        ORDER BY id DESC LIMIT 1
    ) asked ON true
    LEFT JOIN LATERAL (
        SELECT id FROM told WHERE told.collaboration = ends.collaboration
            AND told.name = 'dispute' ORDER BY id LIMIT 1
    ) dispute ON true
    LEFT JOIN LATERAL (
        SELECT id FROM told WHERE told.collaboration = ends.collaboration
            AND told.name = 'waive' ORDER BY id LIMIT 1
    ) waived ON true
), approved AS (
    SELECT DISTINCT ON (collaboration, piece) subject, collaboration, piece, id
    FROM told WHERE name IN ('approve', 'approve_by_silence')
    ORDER BY collaboration, piece, id DESC
), facts AS (
    SELECT subject, 'answer_hours' AS figure, collaboration, piece, hours AS amount, events
    FROM answers
    UNION ALL
    SELECT subject, 'silence_share', collaboration, piece, silent::integer, events FROM answers
    UNION ALL
    SELECT subject, 'dispute_share', collaboration, 0, (dispute_id IS NOT NULL)::integer,
        array_remove(ARRAY[dispute_id, id], NULL)
    FROM ended WHERE name <> 'lapse'
    UNION ALL
    SELECT approved.subject, 'revisions_per_piece', approved.collaboration, approved.piece,
        count(told.id), array_remove(array_agg(told.id ORDER BY told.id), NULL) || approved.id
    FROM approved
    LEFT JOIN told ON told.collaboration = approved.collaboration AND told.piece = approved.piece
        AND told.name = 'request_revision'
    GROUP BY approved.subject, approved.collaboration, approved.piece, approved.id
    UNION ALL
    SELECT subject, 'collaborations', collaboration, 0, 1, ARRAY[min(id), max(id)]
    FROM told GROUP BY subject, collaboration
    {more}
)
"""

_OF_BRANDS = """
    UNION ALL
    SELECT signed.subject, 'fund_hours', signed.collaboration, 0,
        extract(epoch FROM funded.at - signed.at) / 3600, ARRAY[signed.id, funded.id]
    FROM told signed
    JOIN told funded ON funded.collaboration = signed.collaboration AND funded.name = 'fund'
    WHERE signed.name = 'sign'
    UNION ALL
    SELECT published.subject, 'pay_hours', published.collaboration, published.piece,
        extract(epoch FROM paid.at - published.at) / 3600, ARRAY[published.id, paid.id]
    FROM told published
    JOIN told paid ON paid.collaboration = published.collaboration
        AND paid.piece = published.piece AND paid.name = 'settle'
    WHERE published.name = 'publish' AND published.piece > 0
    UNION ALL
    SELECT subject, 'cancelled_share', collaboration, 0,
        (name = 'lapse' OR coalesce(asked_by = 'brand', false))::integer,
        array_remove(ARRAY[asked_id, id], NULL)
    FROM ended
"""

_OF_CREATORS = """
    UNION ALL
    SELECT subject, CASE due WHEN 'pending' THEN 'drafts_on_time' ELSE 'publications_on_time' END,
        collaboration, piece, (late_id IS NULL)::integer,
        array_remove(ARRAY[late_id, done_id], NULL)
    FROM (
        SELECT subject, collaboration, piece, due, min(id) FILTER (WHERE name = 'late') AS late_id,
            min(id) FILTER (WHERE name <> 'late') AS done_id
        FROM (
            SELECT told.*, CASE name WHEN 'submit_draft' THEN 'pending' WHEN 'publish'
                THEN 'approved' ELSE data ->> 'state' END AS due
            FROM told WHERE name IN ('submit_draft', 'publish', 'late')
        ) dated
        WHERE due IN ('pending', 'approved')
        GROUP BY subject, collaboration, piece, due
    ) kept
    UNION ALL
    SELECT subject, 'late_share', collaboration, piece, bool_or(name = 'late')::integer,
        array_agg(id ORDER BY id)
    FROM told WHERE name IN ('submit_draft', 'publish', 'late')
    GROUP BY subject, collaboration, piece
    UNION ALL
    SELECT subject, 'completed_share', collaboration, 0,
        (name = 'complete' AND waived_id IS NULL)::integer,
        array_remove(ARRAY[waived_id, asked_id, id], NULL)
    FROM ended
    WHERE name = 'complete' OR asked_by = 'creator'
"""

FACTS: Final = {
    Side.BRAND: _TOLD.format(
        subject="brand_id",
        own="brand",
        other="creator",
        questions="'apply', 'offer', 'counter', 'submit_draft'",
        more=_OF_BRANDS,
    ),
    Side.CREATOR: _TOLD.format(
        subject="creator_id",
        own="creator",
        other="brand",
        questions="'invite', 'offer', 'counter'",
        more=_OF_CREATORS,
    ),
}
SUMS: Final = """
SELECT subject, figure, count(*), avg(amount)::double precision,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY amount::double precision)
FROM facts GROUP BY subject, figure
"""
LISTING: Final = """
SELECT figure, collaboration, piece, amount::double precision, events
FROM facts ORDER BY figure, collaboration, piece, events
"""


def read_facts(side: Side, tail: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run one side's facts with `SUMS` or `LISTING` behind them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS[side] + tail, parameters)
        return cursor.fetchall()
