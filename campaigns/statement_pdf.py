"""A statement on paper: A4 pages with a table that repeats its head."""

import io

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from accounts.money import to_major
from campaigns.pdf_text import FONT, load_font, marked_up, number_page, shown
from campaigns.statements import Statement, StatementTooLong

LONGEST_LINES = 2_000
WIDTHS = (29 * mm, 44 * mm, 59 * mm, 24 * mm, 24 * mm)
BODY = ParagraphStyle("body", fontName=FONT, fontSize=7.5, leading=9.5)
FIGURE = ParagraphStyle("figure", parent=BODY, alignment=2)
TITLE = ParagraphStyle("title", fontName=FONT, fontSize=15, leading=20)


def statement_pdf(statement: Statement) -> bytes:
    """A PDF with the font in it; characters the font lacks show as “?”, the CSV has them all.

    The same statement gives the same bytes.

    :raises StatementTooLong: above `LONGEST_LINES` postings; the CSV has room for them.
    """
    if len(statement.lines) > LONGEST_LINES:
        raise StatementTooLong(
            f"More than {LONGEST_LINES:,} postings do not fit a PDF; take the CSV, or a shorter "
            "period."
        )
    load_font()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=15 * mm,
        bottomMargin=18 * mm, title=shown(f"Statement of {statement.owner}"), invariant=1,
    )  # fmt: skip
    table = LongTable(_rows(statement), colWidths=WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), 0.2, colors.lightgrey),
            ]
        )
    )
    days = f"{statement.first_day:%d %b %Y} to {statement.last_day:%d %b %Y}, UTC"
    document.build(
        [
            Paragraph(marked_up(statement.owner), TITLE),
            Paragraph(marked_up(f"Statement of account, {days}, in {statement.currency}"), BODY),
            Spacer(0, 6 * mm),
            table,
        ],
        onFirstPage=number_page,
        onLaterPages=number_page,
    )
    return out.getvalue()


def _rows(statement: Statement) -> list[list[Paragraph]]:
    def row(*cells: str) -> list[Paragraph]:
        return [
            Paragraph(marked_up(cell), FIGURE if place >= 3 else BODY)
            for place, cell in enumerate(cells)
        ]

    def money(minor: int) -> str:
        return f"{to_major(minor, statement.currency):,}"

    rows = [
        row("Time", "Cause", "Details", "Amount", "Balance"),
        row(f"{statement.first_day}", "Opening balance", "", "", money(statement.opening_minor)),
        *(
            row(
                f"{line.at:%Y-%m-%d %H:%M}", line.cause, line.details, money(line.amount_minor),
                money(line.balance_minor),
            )
            for line in statement.lines
        ),
        row(f"{statement.last_day}", "Closing balance", "", "", money(statement.closing_minor)),
    ]  # fmt: skip
    if statement.set_aside_minor is not None:
        aside = money(statement.set_aside_minor)
        rows.append(row(f"{statement.last_day}", "Set aside in collaborations", "", "", aside))
    return rows
