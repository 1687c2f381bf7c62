"""Keep each search row's language in step with what the account writes."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from scoring.ml.language_detection import DETECTOR_VERSION, detect_languages

CHUNK = 1_000
CAPTIONS = 20

# Bio and newest captions, of rows whose language was read from other texts or by another
# detector. PostgreSQL computes the digests, so texts that did not change stay where they are.
CHANGED = """
SELECT entry.id, texts.said, md5(%(version)s || texts.said)
FROM scoring_searchentry entry
JOIN accounts_socialaccount account ON account.id = entry.account_id
CROSS JOIN LATERAL (
    SELECT concat_ws(E'\\n', account.bio, (
        SELECT string_agg(left(caption, 500), E'\\n' ORDER BY place)
        FROM (
            SELECT caption, row_number() OVER () AS place FROM (
                SELECT caption FROM accounts_post
                WHERE account_id = account.id AND caption <> ''
                ORDER BY published_at DESC NULLS LAST, id DESC LIMIT %(captions)s
            ) newest
        ) numbered
    )) AS said
) texts
WHERE entry.id > %(after)s AND (%(all)s OR entry.account_id = ANY(%(ids)s))
  AND entry.language_basis <> md5(%(version)s || texts.said)
ORDER BY entry.id LIMIT %(chunk)s
"""
# Rows are locked in one order, so that two writers at once wait instead of blocking each other.
WRITE = """
WITH mine AS (
    SELECT id FROM scoring_searchentry WHERE id = ANY(%(ids)s)
    ORDER BY account_id FOR NO KEY UPDATE
)
UPDATE scoring_searchentry entry
SET language = new.language, language_basis = new.basis, updated_at = now()
FROM mine, unnest(%(ids)s::bigint[], %(languages)s::text[], %(bases)s::text[])
    AS new(id, language, basis)
WHERE entry.id = mine.id AND new.id = mine.id
"""


def read_languages(*, account_ids: Sequence[int] | None = None) -> int:
    """Detect the language of accounts whose texts changed; of all accounts when none is named.

    Rebuildable: empty `language_basis` and everything is read again, to the same answers.

    :returns: texts read. Two statements per thousand of them, and one more.
    """
    scope: dict[str, Any] = {"all": account_ids is None, "ids": list(account_ids or [])}
    fixed: dict[str, Any] = {"version": DETECTOR_VERSION, "captions": CAPTIONS, "chunk": CHUNK}
    read = after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(CHANGED, {**scope, **fixed, "after": after})
            rows = cursor.fetchall()
            if rows:
                ids, texts, bases = map(list, zip(*rows, strict=True))
                languages = detect_languages(texts)
                cursor.execute(WRITE, {"ids": ids, "languages": languages, "bases": bases})
                read, after = read + len(rows), ids[-1]
            if len(rows) < CHUNK:
                return read
