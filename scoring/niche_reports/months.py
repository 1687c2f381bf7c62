"""Calendar months, and which of them can be reported on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from accounts.errors import DomainError

FIRST_YEAR: Final = 2000
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class MonthRefused(DomainError):
    """``details["field"]`` is always "month"."""

    code = "invalid_month"

    def __init__(self, message: str) -> None:
        super().__init__(message, details={"field": "month"})


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in UTC, by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.replace(day=1))

    @classmethod
    def parse(cls, text: str) -> Month:
        """:raises MonthRefused: on anything but a month like 2026-03."""
        match = _MONTH.fullmatch(text)
        if match is None or not 1 <= int(match[2]) <= 12:
            raise MonthRefused(f"“{text[:20]}” is no month; write one like 2026-03.")
        if int(match[1]) < FIRST_YEAR:
            raise MonthRefused(f"Months before {FIRST_YEAR} have no facts.")
        return cls(date(int(match[1]), int(match[2]), 1))

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        return Month.of(self.first + timedelta(days=31))

    @property
    def before(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return f"{self.first:%B %Y}"


def last_full_month(now: datetime) -> Month:
    return Month.of(now.date()).before


def check_has_begun(month: Month, *, now: datetime) -> None:
    """:raises MonthRefused: if the month lies in the future."""
    if month.first > now.date():
        raise MonthRefused(f"{month.words} has not begun.")
