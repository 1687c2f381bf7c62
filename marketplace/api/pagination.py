"""Cursor pages: stable while rows are added, equally quick on every page."""

from rest_framework.pagination import CursorPagination


class CreatorCursorPagination(CursorPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-pk"
