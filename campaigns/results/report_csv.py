"""A campaign's report as a table for spreadsheets: one row per piece and provenance."""

import csv
import io

from accounts.importing.refusals import escape_formula
from accounts.money import exponent, to_major
from campaigns.horizons import COUNTS, PointState, Provenance
from campaigns.results.earned_value import earned_value
from campaigns.results.figures import PieceLine
from campaigns.results.report import Report
from campaigns.results.report_formula import UsedFormula

HEADER = (
    "collaboration", "creator", "simulated", "state", "piece", "kind", "platform", "publish_by",
    "published_at", "days_late", "url", "currency", "price", "agreed_total", "paid", "fee",
    "points_in", "points_missing", "points_not_due", "provenance", "observed_at", *COUNTS,
    "engagements",
)  # fmt: skip
EARNED = (
    "earned_value_estimate", "earned_value_at_least", "earned_value_currency", "formula_version",
)  # fmt: skip
STATES = (PointState.COLLECTED, PointState.MISSED, PointState.DUE)


def report_csv(report: Report) -> str:
    """UTF-8 text; money in major units with a point. Unknown is an empty cell.

    ``agreed_total``, ``paid`` and ``fee`` are the whole collaboration's and stand in the row of
    its first piece only, so that a column can be added up. With a formula, columns of earned
    media value follow: an estimate in the formula's currency, of the row's counts.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    header = (*HEADER, *EARNED) if report.formula else HEADER
    writer.writerow(header)
    for line in report.lines:
        money = [
            to_major(amount, line.currency)
            for amount in (line.agreed_minor, line.paid_minor, line.fee_minor)
        ]
        start = [
            line.collaboration_id, escape_formula(line.creator), int(line.is_simulated), line.state,
        ]  # fmt: skip
        if not line.pieces:
            row = [*start, *[""] * 7, line.currency, "", *money]
            writer.writerow([*row, *[""] * (len(header) - len(row))])
        for place, piece in enumerate(line.pieces):
            states = list(piece.points.values())
            about = [
                piece.position, escape_formula(piece.kind), piece.platform, piece.publish_by,
                piece.published_at.isoformat() if piece.published_at else "", piece.days_late,
                escape_formula(piece.url), line.currency,
                to_major(piece.price_minor, line.currency),
            ]  # fmt: skip
            points = [states.count(state) for state in STATES]
            for number, provenance in enumerate(sorted(piece.seen) or [None]):
                owed = money if place == 0 and number == 0 else ["", "", ""]
                seen = piece.seen[provenance] if provenance else None
                writer.writerow(
                    [
                        *start, *about, *owed, *points,
                        provenance.value if provenance else "",
                        seen.observed_at.isoformat() if seen else "",
                        *(seen.counts[name] if seen else "" for name in COUNTS),
                        piece.engagements(provenance) if provenance else "",
                        *_earned(piece, provenance, report.formula),
                    ]
                )  # fmt: skip
    return out.getvalue()


def _earned(
    piece: PieceLine, provenance: Provenance | None, formula: UsedFormula | None
) -> list[object]:
    if formula is None:
        return []
    if provenance is None:
        return [""] * len(EARNED)
    value = earned_value([piece], provenance, rates=formula.rates)
    amounts = [
        "" if minor is None else f"{minor.scaleb(-exponent(formula.currency)):f}"
        for minor in (value.minor, value.at_least_minor)
    ]
    return [*amounts, formula.currency, formula.version]
