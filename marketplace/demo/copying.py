"""Write many rows of one table at once, through PostgreSQL's COPY.

Forty thousand daily counts take a second this way and five through ``bulk_create``,
whose time goes into preparing each value.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert ``rows`` of the fields ``names``, in the current transaction; None is null.

    Values must be numbers, dates or text that is never empty (an empty one becomes null);
    JSON comes as text. Fields not named get the column's default, which must exist.
    """
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    quote = connection.ops.quote_name
    known = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(quote(known[name]) for name in names)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv)", text)
