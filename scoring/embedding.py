"""Give every account's text a vector, once per text and encoder version."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import F, Q

from accounts.models import SocialAccount
from scoring.ml import encoding
from scoring.models import EntryEmbedding, SearchEntry

# Texts encoded and stored together: enough for the encoder to sort by length, few enough
# that a killed worker loses seconds of work.
CHUNK = 2_048
# Building the graph at once is several times quicker than inserting row by row, and
# until it stands searches scan exactly, which is correct and merely slower.
REBUILD_FROM = 5_000
INDEX = next(index for index in EntryEmbedding._meta.indexes)


def list_unembedded(*, account_ids: Sequence[int] | None = None) -> list[int]:
    """Ids of accounts with text but no vector of the present encoder for that text.

    One query over ids, text hashes and texts, streamed.
    """
    accounts = SocialAccount.objects.filter(~Q(bio="") | ~Q(hashtags=[]))
    if account_ids is not None:
        accounts = accounts.filter(pk__in=account_ids)
    rows = accounts.annotate(
        stored=F("search_entry__embedding__text_hash"),
        version=F("search_entry__embedding__encoder_version"),
    ).only("bio", "hashtags")
    return [account.pk for account in rows.iterator(chunk_size=5_000) if _is_stale(account)]


def _is_stale(account: Any) -> bool:
    text = account.text()
    return not encoding.is_empty(text) and (account.version, account.stored) != (
        encoding.ENCODER_VERSION,
        encoding.text_hash(text),
    )


def embed_accounts(*, account_ids: Sequence[int], advance: Callable[[int], None]) -> int:
    """Encode and store the texts of accounts whose search rows exist.

    :param advance: called with the number of accounts done after each chunk; may raise
        to stop, whereupon the chunks so far stay.
    :returns: vectors written.
    """
    written = 0
    with _index_for(len(account_ids)):
        for chunk in _chunks(account_ids):
            written += embed_chunk(chunk)
            advance(len(chunk))
    return written


def embed_chunk(account_ids: Sequence[int]) -> int:
    """Encode and store some accounts' texts; vectors written. Three queries."""
    entry_ids = dict(
        SearchEntry.objects.filter(account_id__in=account_ids).values_list("account_id", "pk")
    )
    accounts = SocialAccount.objects.filter(pk__in=account_ids).only("bio", "hashtags")
    texts = {
        account.pk: account.text()
        for account in accounts
        if account.pk in entry_ids and not encoding.is_empty(account.text())
    }
    vectors = encoding.get_encoder().encode(list(texts.values()))
    EntryEmbedding.objects.bulk_create(
        [
            EntryEmbedding(
                entry_id=entry_ids[account_id],
                vector=vector,
                encoder_version=encoding.ENCODER_VERSION,
                text_hash=encoding.text_hash(text),
            )
            for (account_id, text), vector in zip(texts.items(), vectors, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["vector", "encoder_version", "text_hash"],
    )
    return len(texts)


@contextmanager
def _index_for(rows: int) -> Iterator[None]:
    """Take the HNSW index away while many rows are written; leave it standing in any case.

    Also when there is little to write: an earlier worker may have been killed in between.
    """
    if rows >= REBUILD_FROM:
        drop_index()
    try:
        yield
    finally:
        build_index()


def drop_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX IF EXISTS "{INDEX.name}"')


def build_index() -> None:
    """Build the HNSW index if it is not there, with memory enough to do so in one pass.

    One that a concurrent build left unfinished is not there: PostgreSQL never reads it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [INDEX.name]
        )
        found = cursor.fetchone()
        if found and found[0]:
            return
        if found:
            drop_index()
        cursor.execute("SET maintenance_work_mem = '512MB'")
    try:
        with connection.schema_editor(atomic=False) as editor:
            editor.add_index(EntryEmbedding, INDEX)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET maintenance_work_mem")


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
