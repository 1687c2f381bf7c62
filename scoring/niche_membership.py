"""Who is in which niche group: the nearest centre, found in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from scoring.models import NicheClustering
from scoring.niche_groups import newest_clustering

# Only rows whose group may be another one now. A vector of another encoder lies elsewhere.
ASSIGN = """
INSERT INTO scoring_nichemembership AS member
    (entry_id, clustering_id, group_id, distance, text_hash)
SELECT embedding.entry_id, %(run)s, nearest.group_id, nearest.distance, embedding.text_hash
FROM scoring_entryembedding embedding
JOIN scoring_searchentry entry ON entry.id = embedding.entry_id
JOIN accounts_socialaccount account ON account.id = entry.account_id
LEFT JOIN scoring_nichemembership before ON before.entry_id = embedding.entry_id
CROSS JOIN LATERAL (
    SELECT centre.group_id, centre.vector <-> embedding.vector AS distance
    FROM scoring_nichecentre centre WHERE centre.clustering_id = %(run)s
    ORDER BY distance, centre.group_id LIMIT 1
) nearest
WHERE embedding.encoder_version = %(encoder)s
  AND (account.bio <> '' OR account.hashtags <> '{}')
  AND (before.entry_id IS NULL OR before.clustering_id <> %(run)s
       OR before.text_hash <> embedding.text_hash)
  AND (%(all)s OR embedding.entry_id = ANY(%(entries)s))
ORDER BY embedding.entry_id
ON CONFLICT (entry_id) DO UPDATE SET
    clustering_id = excluded.clustering_id, group_id = excluded.group_id,
    distance = excluded.distance, text_hash = excluded.text_hash
"""

# Who has no text any more, and whom the newest run could not place, is in no group.
FORGET = """
DELETE FROM scoring_nichemembership member
USING scoring_searchentry entry, accounts_socialaccount account
WHERE entry.id = member.entry_id AND account.id = entry.account_id
  AND (account.bio = '' AND account.hashtags = '{}' OR member.clustering_id <> %(run)s)
"""

COUNT = """
WITH members AS (
    SELECT member.group_id, entry.creator_id, entry.platform, entry.followers,
           entry.engagement_rate
    FROM scoring_nichemembership member
    JOIN scoring_searchentry entry ON entry.id = member.entry_id
    WHERE member.clustering_id = %(run)s AND entry.is_visible
), counted AS (
    SELECT group_id, count(*) AS accounts, count(DISTINCT creator_id) AS creators,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY followers) AS followers,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY engagement_rate) AS engagement
    FROM members GROUP BY group_id
), platforms AS (
    SELECT group_id, jsonb_object_agg(platform, accounts) AS accounts
    FROM (
        SELECT group_id, platform, count(*) AS accounts FROM members GROUP BY group_id, platform
    ) of_platform
    GROUP BY group_id
)
UPDATE scoring_nichecentre centre SET
    accounts = coalesce(counted.accounts, 0), creators = coalesce(counted.creators, 0),
    accounts_by_platform = coalesce(platforms.accounts, '{}'),
    median_followers = counted.followers, median_engagement_rate = counted.engagement,
    counted_at = %(now)s
FROM scoring_nichegroup of_group
LEFT JOIN counted ON counted.group_id = of_group.id
LEFT JOIN platforms ON platforms.group_id = of_group.id
WHERE of_group.id = centre.group_id AND centre.clustering_id = %(run)s
"""


def assign_accounts(*, run: NicheClustering, entry_ids: Sequence[int] | None = None) -> int:
    """Put accounts into the nearest group of a run; all when none is named. One statement.

    :returns: how many rows were new or changed. Doing it twice changes nothing.
    """
    parameters: dict[str, Any] = {
        "run": run.pk,
        "encoder": run.encoder_version,
        "all": entry_ids is None,
        "entries": list(entry_ids or []),
    }
    with connection.cursor() as cursor:
        cursor.execute(ASSIGN, parameters)
        return cursor.rowcount


def count_members(*, run: NicheClustering, now: datetime) -> None:
    """Drop who is in no group any more, and count every group of the run. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"run": run.pk})
        cursor.execute(COUNT, {"run": run.pk, "now": now})


def refresh_memberships(*, now: datetime) -> int:
    """Bring the groups in step with the catalogue: who is new, who changed, who fell silent.

    :returns: how many accounts were put into a group; 0 before the first run.
    """
    run = newest_clustering()
    if run is None:
        return 0
    assigned = assign_accounts(run=run)
    count_members(run=run, now=now)
    return assigned
