"""Keep the facts that only matches read in step: audiences, and what captions tell.

Set by set: the audiences in one statement, then the captions of those accounts whose captions
changed. Reading changed captions again is the only work that grows with their length.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from django.db import connection

from scoring.ml import encoding
from scoring.ml.match.repetition import caption_repetition, visual_repetition
from scoring.ml.match.tone import MOST_TEXTS, measure_tone
from scoring.models import MatchFacts

CHUNK = 500
# What of the newest captions becomes a vector: about what the encoder reads at once.
EMBEDDED_CHARACTERS = 1_000

SYNC_AUDIENCES = """
INSERT INTO scoring_matchfacts AS facts (
    entry_id, ages, genders, interests, captions_hash, worked_in, updated_at
)
SELECT entry.id, coalesce(audience.age, '{}'), coalesce(audience.gender, '{}'),
       coalesce(audience.interests, '{}'), '', '{}', now()
FROM scoring_searchentry entry
LEFT JOIN LATERAL (
    SELECT age, gender, interests FROM accounts_audiencesnapshot
    WHERE account_id = entry.account_id ORDER BY day DESC, recorded_at DESC LIMIT 1
) audience ON true
WHERE %(all)s OR entry.account_id = ANY(%(ids)s)
ORDER BY entry.id
ON CONFLICT (entry_id) DO UPDATE SET
    ages = excluded.ages, genders = excluded.genders, interests = excluded.interests,
    updated_at = now()
WHERE (facts.ages, facts.genders, facts.interests)
      IS DISTINCT FROM (excluded.ages, excluded.genders, excluded.interests)
"""

# The newest captions of each account and the newest picture hashes, as one digest; an account
# whose digest is what was read last has nothing new to say.
NEWEST: Final = """
WITH newest AS (
    SELECT account_id, id, caption, row_number() OVER (
        PARTITION BY account_id ORDER BY published_at DESC NULLS LAST, id DESC
    ) AS place
    FROM accounts_post WHERE %(all)s OR account_id = ANY(%(ids)s)
), told AS (
    SELECT newest.account_id, newest.place, newest.caption, picture.hash
    FROM newest LEFT JOIN LATERAL (
        SELECT extra ->> 'picture_hash' AS hash FROM accounts_postmetric
        WHERE post_id = newest.id AND extra ->> 'picture_hash' ~ '^[0-9a-f]{16}$'
        ORDER BY observed_at DESC, recorded_at DESC LIMIT 1
    ) picture ON true
    WHERE newest.place <= %(most)s AND (newest.caption <> '' OR picture.hash IS NOT NULL)
)
"""
CHANGED: Final = """
SELECT entry.account_id, entry.id, digest.hash
FROM (
    SELECT account_id,
        md5(string_agg(md5(caption) || coalesce(hash, ''), ',' ORDER BY place)) AS hash
    FROM told GROUP BY account_id
) digest
JOIN scoring_searchentry entry ON entry.account_id = digest.account_id
JOIN scoring_matchfacts facts ON facts.entry_id = entry.id
WHERE facts.captions_hash <> digest.hash || %(version)s
ORDER BY entry.account_id
"""
CAPTIONS: Final = "SELECT account_id, caption, hash FROM told ORDER BY account_id, place"


def sync_match_facts(
    *, account_ids: Sequence[int] | None = None, advance: Callable[[], None] = lambda: None
) -> int:
    """Bring the facts of the accounts, or of all, up to date; rows written.

    The search rows must exist (`entries.sync_entries`). Two statements, and two more for each
    500 accounts whose captions are new.
    """
    some: dict[str, Any] = {"all": account_ids is None, "ids": list(account_ids or [])}
    with connection.cursor() as cursor:
        cursor.execute(SYNC_AUDIENCES, some)
        written = cursor.rowcount
    for chunk in _changed(some):
        _read_captions(chunk)
        written += len(chunk)
        advance()
    return written


def _changed(some: dict[str, Any]) -> Iterator[list[tuple[int, int, str]]]:
    """(account, entry, digest) of those with captions that were never read, in chunks."""
    with connection.cursor() as cursor:
        # Vectors of another encoder cannot be compared with a brief's.
        cursor.execute(NEWEST + CHANGED, {**some, "most": MOST_TEXTS, "version": _version()})
        changed = cursor.fetchall()
    for start in range(0, len(changed), CHUNK):
        yield changed[start : start + CHUNK]


def _read_captions(chunk: Sequence[tuple[int, int, str]]) -> None:
    captions: dict[int, list[str]] = defaultdict(list)
    pictures: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        ids = [account_id for account_id, _, _ in chunk]
        cursor.execute(NEWEST + CAPTIONS, {"all": False, "ids": ids, "most": MOST_TEXTS})
        for account_id, caption, picture in cursor.fetchall():
            if caption:
                captions[account_id].append(caption)
            if picture:
                pictures[account_id].append(int(picture, 16))
    texts = {pk: "\n".join(said)[:EMBEDDED_CHARACTERS] for pk, said in captions.items()}
    texts = {pk: text for pk, text in texts.items() if not encoding.is_empty(text)}
    vectors = {}
    if texts:
        encoded = encoding.get_encoder().encode(list(texts.values()))
        vectors = dict(zip(texts, encoded, strict=True))
    rows = []
    for account_id, entry_id, digest in chunk:
        tone = measure_tone(captions[account_id])
        rows.append(
            MatchFacts(
                entry_id=entry_id,
                captions_hash=digest + _version(),
                captions_vector=vectors.get(account_id),
                tone=asdict(tone) if tone else None,
                repeated_captions=caption_repetition(captions[account_id]),
                repeated_pictures=visual_repetition(pictures[account_id]),
            )
        )
    MatchFacts.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=[
            "captions_hash", "captions_vector", "tone", "repeated_captions", "repeated_pictures",
            "updated_at",
        ],
    )  # fmt: skip


def _version() -> str:
    """Of what reads captions: eight letters of the encoder's version."""
    return encoding.text_hash(encoding.ENCODER_VERSION)[:8]
