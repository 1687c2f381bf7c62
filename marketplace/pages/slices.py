"""Pages of a list by falling id: equally quick however deep, and stable while rows are added."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)


def below(rows: QuerySet[Row], request: HttpRequest, *, key: str) -> QuerySet[Row]:
    """The rows after ``?below=``; nonsense is the first page."""
    text = request.GET.get("below", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        return rows.filter(**{f"{key}__lt": int(text)})
    return rows


def next_below(rows: Sequence[Any], size: int, *, key: str) -> int | None:
    """Where the next page begins; None if ``rows``, one more than a page, are the last."""
    return getattr(rows[size - 1], key) if len(rows) > size else None
