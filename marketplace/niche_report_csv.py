"""Niche reports as tables for spreadsheets: one row per niche, or per month of one niche."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from accounts.importing.refusals import escape_formula
from accounts.money import to_major
from scoring.models import NicheMonth, NicheReport
from scoring.niche_reports.reading import NicheReading
from scoring.niche_reports.statements import TIERS

INTERVAL = ("", "_low", "_high", "_accounts")
ESTIMATES = (
    "growth", "growth_change", "engagement", "engagement_change", "posts_per_week",
    "opportunity",
)  # fmt: skip
TESTED = ("growth", "growth_change", "engagement_change")
HEADER = (
    "month", "until", "version", "simulated", "niche", "platform", "creators", "accounts",
    "competition", "entrants", "active", "sized_accounts", "followers",
    *(f"accounts_{name}" for name in TIERS), "herfindahl", "top_tenth_share",
    *(f"{name}{part}" for name in ESTIMATES for part in INTERVAL),
    *(f"{name}_trend" for name in TESTED), "engagement_q1", "engagement_q3",
    "price_basis", "price_deliverable", "price_currency", "price_median", "price_low",
    "price_high", "price_creators", "campaigns", "hires", "hashtags",
)  # fmt: skip


def niche_csv(rows: Iterable[tuple[NicheReport, NicheReading]]) -> str:
    """UTF-8 text; shares and changes as fractions, money in major units. Unknown is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for report, reading in rows:
        writer.writerow(_cells(report, reading))
    return out.getvalue()


def _cells(report: NicheReport, reading: NicheReading) -> list[object]:
    row = reading.row
    return [
        f"{report.month:%Y-%m}",
        report.until.isoformat(),
        report.version,
        int(report.is_simulated),
        escape_formula(row.niche),
        row.platform,
        row.creators,
        row.accounts,
        reading.level,
        row.entrants,
        _known(row.active),
        row.sized,
        _known(row.followers),
        *(row.tiers.get(name, "") for name in TIERS),
        _known(row.herfindahl),
        _known(row.top_share),
        *(cell for name in ESTIMATES for cell in _estimate(getattr(row, name))),
        *_tested(row),
        *(_known((row.engagement or {}).get(name)) for name in ("q1", "q3")),
        *_price(reading.price),
        _known(row.campaigns),
        _known(row.hires),
        escape_formula("; ".join(tag["tag"] for tag in row.hashtags)),
    ]


def _estimate(one: dict[str, Any] | None) -> list[object]:
    return [""] * 4 if one is None else [one["value"], one["low"], one["high"], one["n"]]


def _tested(row: NicheMonth) -> list[object]:
    """ "none" where a change was tested and not found, empty where it could not be tested."""
    found = (getattr(row, name) for name in TESTED)
    return ["" if one is None else one.get("trend") or "none" for one in found]


def _price(price: dict[str, Any] | None) -> list[object]:
    if price is None:
        return [""] * 7
    currency = price["currency"]
    return [
        price["basis"],
        escape_formula(price["deliverable"]),
        escape_formula(currency),
        *(to_major(price[name], currency) for name in ("median_minor", "low_minor", "high_minor")),
        price["creators"],
    ]


def _known(value: float | None) -> object:
    return "" if value is None else value
