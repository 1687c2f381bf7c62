"""A budget plan as a table for spreadsheets: its picks, then the best who were left out."""

import csv
import io
from typing import Any

from accounts.importing.refusals import escape_formula
from accounts.money import to_major

HEADER = (
    "in_plan", "creator_id", "creator", "simulated", "platform", "size", "followers", "match",
    "deliverable", "currency", "price_low", "price", "price_high", "price_source", "reach_low",
    "reach", "reach_high", "reach_basis", "engagements_low", "engagements", "engagements_high",
    "engagements_basis", "why",
)  # fmt: skip


def plan_csv(plan: dict[str, Any]) -> str:
    """UTF-8 text; money in major units with a point, all of it estimated. Unknown is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for in_plan, rows in ((1, plan["picks"]), (0, plan["best_left_out"])):
        for row in rows:
            writer.writerow(_cells(in_plan, row, plan["currency"]))
    return out.getvalue()


def _cells(in_plan: int, row: dict[str, Any], currency: str) -> list[Any]:
    price = row["price"]
    prices = [to_major(price[f"{part}_minor"], currency) for part in ("low", "middle", "high")]
    return [
        in_plan, row["creator_id"], escape_formula(row["creator"]), int(row["is_simulated"]),
        row["platform"], row["tier"], row["followers"], row["match"],
        escape_formula(price["deliverable"]), currency, *prices, price["source"],
        *_counts(row["reach"]), *_counts(row["engagements"]), escape_formula(row["text"]),
    ]  # fmt: skip


def _counts(counts: dict[str, Any] | None) -> list[Any]:
    if counts is None:
        return [""] * 4
    figures = [counts[name] for name in ("low", "middle", "high")]
    return ["" if one is None else round(one) for one in figures] + [counts["basis"]]
