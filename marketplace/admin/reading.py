"""What the desk's lists have in common."""

import re
from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin, StackedInline, TabularInline

_PLAIN_ID = re.compile(r"[0-9]{1,18}")


def read_id(text: str) -> int:
    """The id an address names; 0, which no row has, for what can be none."""
    return int(text) if _PLAIN_ID.fullmatch(text) else 0


class Desk(ModelAdmin):
    """Lists of any length in a constant number of queries."""

    list_per_page = 50
    # Counting a whole table for each page takes longer than showing the page.
    show_full_result_count = False


class ReadOnly:
    """Nobody adds, changes or deletes here, superusers included."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyTable(ReadOnly, TabularInline):
    extra = 0


class ReadOnlyStack(ReadOnly, StackedInline):
    extra = 0
