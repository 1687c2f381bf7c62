"""Niche reports of the demo market: the months its facts lie in, after it was scored."""

import datetime as dt

from scoring.niche_reports.months import Month, MonthRefused
from scoring.niche_reports.writing import NothingToReport, write_month

MONTHS = 4
"""The running month and those before it; the market's oldest counts are 120 days old."""


def write_niche_reports(*, now: dt.datetime) -> int:
    """Report on simulated creators alone, the oldest month first. How many were written.

    Months before the market's facts, and a market without niches, are left out.
    """
    months = [Month.of(now.date())]
    while len(months) < MONTHS:
        months.insert(0, months[0].before)
    written = 0
    for month in months:
        try:
            written += len(write_month(month=month, now=now, kinds=(True,)))
        except (MonthRefused, NothingToReport):
            continue
    return written
