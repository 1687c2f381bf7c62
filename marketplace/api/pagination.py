"""Cursor pages: stable while rows are added, equally quick on every page."""

import re

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

_POSITION = re.compile(r"\d{1,18}")


class NewestFirst(CursorPagination):
    """By falling id. :raises NotFound: on a cursor that no page here has given out."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-pk"

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor: Cursor | None = super().decode_cursor(request)
        # The position goes into a comparison with the id as it is.
        if cursor is None or cursor.position is None:
            return cursor
        if _POSITION.fullmatch(str(cursor.position)):
            return cursor
        raise NotFound(self.invalid_cursor_message)
