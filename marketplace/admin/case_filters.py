"""Filters of the queue of cases."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.case_states import UNDER_REVIEW
from accounts.models import Appeal, ModerationCase


class AgeFilter(admin.SimpleListFilter):
    """How long an undecided case has waited."""

    title = "age of undecided cases"
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("day", "Up to a day"), ("week", "Up to a week"), ("older", "Older")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ModerationCase]
    ) -> QuerySet[ModerationCase]:
        now = timezone.now()
        waiting = queryset.filter(state__in=UNDER_REVIEW)
        week_ago = now - timedelta(days=7)
        if self.value() == "day":
            return waiting.filter(opened_at__gt=now - timedelta(days=1))
        if self.value() == "week":
            return waiting.filter(opened_at__gt=week_ago)
        return waiting.filter(opened_at__lte=week_ago) if self.value() == "older" else queryset


class AppealFilter(admin.SimpleListFilter):
    title = "appeal"
    parameter_name = "appeal"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("soon", "Due within 3 days"), ("late", "Late")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ModerationCase]
    ) -> QuerySet[ModerationCase]:
        if self.value() not in {"waiting", "soon", "late"}:
            return queryset
        now = timezone.now()
        waiting = queryset.filter(appeal__outcome=Appeal.Outcome.PENDING)
        if self.value() == "late":
            return waiting.filter(appeal__due_at__lt=now)
        if self.value() == "soon":
            return waiting.filter(appeal__due_at__lt=now + timedelta(days=3))
        return waiting
