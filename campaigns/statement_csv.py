"""A statement as a table for spreadsheets."""

import csv
import io

from accounts.money import to_major
from campaigns.statements import Statement

HEADER = ("time", "operation", "cause", "details", "amount", "balance", "currency")
# A spreadsheet takes a cell that starts with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(statement: Statement) -> str:
    """UTF-8 text: the opening balance, one row per posting, the closing balance.

    Amounts are in major units with a point (``12.50``).
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)

    def total(day: object, title: str, minor: int) -> None:
        money = to_major(minor, statement.currency)
        writer.writerow([day, "", title, "", "", money, statement.currency])

    total(statement.first_day, "Opening balance", statement.opening_minor)
    for line in statement.lines:
        writer.writerow(
            [
                line.at.isoformat(),
                line.operation_id,
                line.cause,
                _as_text(line.details),
                to_major(line.amount_minor, statement.currency),
                to_major(line.balance_minor, statement.currency),
                statement.currency,
            ]
        )
    total(statement.last_day, "Closing balance", statement.closing_minor)
    if statement.set_aside_minor is not None:
        total(statement.last_day, "Set aside in collaborations", statement.set_aside_minor)
    return out.getvalue()


def _as_text(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
