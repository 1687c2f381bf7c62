"""Insert many rows with one statement and without a model instance each.

`QuerySet.bulk_create` spends most of an import's time making instances and preparing their
fields; here values go to the driver as they are (benchmarks/bench_import.py).
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg2.extras import Json, execute_values


def insert_rows(
    model: type[Model],
    fields: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: Sequence[str] = (),
    update: Sequence[str] = (),
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert ``rows``, given as values of ``fields`` (foreign keys as ids, JSON as `as_json`).

    :param key: fields of a unique constraint; a row that is there already gets the values
        of ``update`` instead.
    :returns: the ``returning`` fields of every row. One query, none without rows.
    """
    if not rows:
        return []
    table = connection.ops.quote_name(model._meta.db_table)
    # Every name is a model's own; the values are the driver's business.
    sql = f"INSERT INTO {table} ({', '.join(_columns(model, fields))}) VALUES %s"  # noqa: S608
    if key:
        changes = ", ".join(f"{name} = excluded.{name}" for name in _columns(model, update))
        sql += f" ON CONFLICT ({', '.join(_columns(model, key))}) DO UPDATE SET {changes}"
    if returning:
        sql += f" RETURNING {', '.join(_columns(model, returning))}"
    with connection.cursor() as cursor:
        found = execute_values(cursor, sql, rows, page_size=len(rows), fetch=bool(returning))
    return found or []


def as_json(document: Any) -> Json:
    """A value for a JSON field."""
    return Json(document)


def _columns(model: type[Model], fields: Sequence[str]) -> list[str]:
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(columns[name] or name) for name in fields]
