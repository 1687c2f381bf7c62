"""A price justification on paper: one or two A4 pages with the link that verifies it."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import reportlab
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from accounts.money import exact
from campaigns.pdf_text import FONT, load_font, marked_up, number_page, shown
from scoring.justifying.documents import Document, Figure, Section, read_document
from scoring.justifying.links import verify_url
from scoring.justifying.wording import (
    day_words,
    interval_words,
    origin_words,
    section_words,
    shared_facts,
    value_words,
)
from scoring.models import PriceJustification

INK, GREY, RULE, WASH = (HexColor(code) for code in ("#1b1b1f", "#5c5c66", "#d9d9e0", "#f4f4f7"))
BOLD: Final = "VeraBd"
# Signs that prices are written with and the font lacks.
SPELT: Final = {"₹": "INR "}
PADDING: Final = 6  # of a frame, in points
WIDTH: Final = A4[0] - 36 * mm - 2 * PADDING
PAIRS: Final = [WIDTH * share for share in (0.36, 0.12, 0.04, 0.36, 0.12)]
BODY = ParagraphStyle("body", fontName=FONT, fontSize=8, leading=11, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=6.5, leading=8.6, textColor=GREY)
FIGURE = ParagraphStyle("figure", parent=BODY, alignment=2)
HEAD = ParagraphStyle(
    "head", parent=BODY, fontName=BOLD, fontSize=9.5, leading=13, spaceBefore=7, spaceAfter=2
)
TITLE = ParagraphStyle("title", parent=BODY, fontName=BOLD, fontSize=18, leading=22)
PRICE = ParagraphStyle("price", parent=BODY, fontName=BOLD, fontSize=22, leading=28)


def justification_pdf(justification: PriceJustification) -> bytes:
    """The same row gives the same bytes, whatever happened since. No query.

    Characters the font lacks show as “?”; the page behind the link has them all.
    """
    load_font()
    _load_bold()
    document = read_document(justification.document)
    url = verify_url(justification)
    out = io.BytesIO()
    paper = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm,
        bottomMargin=16 * mm, title=shown(f"Price justification of {document.creator}"),
        author="Fairground", lang="en", invariant=1,
    )  # fmt: skip
    parts = _top(document, url)
    for section in document.sections:
        parts += _section(section)
    parts += _bottom(justification, document, url)
    paper.build(parts, onFirstPage=number_page, onLaterPages=number_page)
    return out.getvalue()


@cache
def _load_bold() -> None:
    path = Path(reportlab.__file__).parent / "fonts" / f"{BOLD}.ttf"
    pdfmetrics.registerFont(TTFont(BOLD, str(path)))


def _top(document: Document, url: str) -> list[Flowable]:
    simulated = " The creator and their figures are simulated." if document.is_simulated else ""
    flagged = " Moderators had flagged the profile then." if document.is_flagged else ""
    left: list[Flowable] = [
        _text("Price justification", TITLE),
        Spacer(0, 2 * mm),
        _text(f"{document.creator}, {document.handle} on {document.platform}", BODY),
        *([_text(document.about, SMALL)] if document.about else []),
        _text(f"For: {document.deliverable_label}", BODY),
        _text(exact(document.asked_minor, document.currency), PRICE),
        _text(document.verdict, BODY),
        _text(
            f"Made on {day_words(document.made_at)}, valid until "
            f"{day_words(document.expires_at)}.{simulated}{flagged}",
            BODY,
        ),
    ]
    right = [_qr(url, 32 * mm), _text("Check this document", SMALL)]
    head = Table([[left, right]], colWidths=[WIDTH - 34 * mm, 34 * mm])
    head.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_flush()]))
    parts: list[Flowable] = [head]
    if document.note:
        lines = [_text(line, BODY) for line in document.note.splitlines() if line.strip()]
        note = Table([[[_text("From the creator", SMALL), *lines]]], colWidths=[WIDTH])
        note.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, -1), WASH)]))
        parts += [Spacer(0, 2 * mm), note]
    return parts


def _section(section: Section) -> list[Flowable]:
    head = _text(section.title + (" (simulated)" if section.is_simulated else ""), HEAD)
    said: list[Flowable] = [_text(line, SMALL) for line in section_words(section)]
    if not section.figures:
        return [KeepTogether([head, *said])]
    shared = shared_facts(section)
    bare = [one for one in section.figures if not origin_words(one, shared) and one.low is None]
    tables = []
    if full := [one for one in section.figures if one not in bare]:
        tables.append(_ruled([_row(one, shared) for one in full], [WIDTH * 0.66, WIDTH * 0.34]))
    if bare:
        tables.append(_ruled(_in_pairs(bare), PAIRS))
    parts: list[Flowable] = [KeepTogether([head, tables[0]]), *tables[1:], *said]
    if section.comparables:
        parts.append(_comparables(section))
    return parts


def _row(figure: Figure, shared: Mapping[str, str]) -> list[Paragraph]:
    """Label and origin, value and interval."""
    origin, interval = origin_words(figure, shared), interval_words(figure)
    return [
        _pair(figure.label, origin, BODY),
        _pair(value_words(figure), f"({interval})" if interval else "", FIGURE),
    ]


def _in_pairs(figures: list[Figure]) -> list[list[Paragraph | str]]:
    """Figures of which only the value is to be told, two beside each other."""
    cells = [(_text(one.label, BODY), _text(value_words(one), FIGURE)) for one in figures]
    rows: list[list[Paragraph | str]] = []
    for place in range(0, len(cells), 2):
        right = cells[place + 1] if place + 1 < len(cells) else ("", "")
        rows.append([*cells[place], "", *right])
    return rows


def _pair(text: str, small: str, style: ParagraphStyle) -> Paragraph:
    """A text, and another in small grey letters behind it."""
    if not small:
        return _text(text, style)
    grey = f'<font size="6.5" color="{GREY.hexval().replace("0x", "#")}">'
    return Paragraph(
        f"{marked_up(_spelt(text))} &nbsp;{grey}{marked_up(_spelt(small))}</font>", style
    )


def _ruled(rows: Sequence[Sequence[object]], widths: list[float]) -> Table:
    table = Table(rows, colWidths=widths, spaceAfter=2)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEABOVE", (0, 0), (-1, -1), 0.4, RULE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                *_flush(sides_only=True),
            ]
        )
    )
    return table


def _comparables(section: Section) -> Flowable:
    head = ("Price", "Kind", "When", "Followers", "Distance")
    rows = [
        (one.price, one.kind, one.when, one.followers, _distance(one.distance))
        for one in section.comparables
    ]
    table = Table(
        [[_text(cell, SMALL) for cell in row] for row in [head, *rows]],
        colWidths=[WIDTH / 5] * 5,
        spaceBefore=2,
    )
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.6, GREY),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
                *_flush(sides_only=True),
            ]
        )
    )
    return table


def _bottom(justification: PriceJustification, document: Document, url: str) -> list[Flowable]:
    link = ParagraphStyle("link", parent=BODY, splitLongWords=1)
    lines: list[Flowable] = [
        _text("Check it", HEAD),
        Paragraph(f'<a href="{marked_up(url)}">{marked_up(url)}</a>', link),
        _text(
            "The page behind this link shows the figures as they were frozen when this document "
            "was made, and says whether it is still valid. Believe that page and not the paper: "
            "paper can be changed.",
            SMALL,
        ),
        _text(f"SHA-256 of the frozen figures: {justification.document_hash}", SMALL),
        _text(
            "The asked price is what the creator gets; the platform’s fee comes on top. Usage "
            "rights, exclusivity and rounds of changes are agreed in an offer and are not part of "
            "it.",
            SMALL,
        ),
    ]
    if shown(_spelt(justification.document)) != _spelt(justification.document):
        lines.append(
            _text("Characters this font lacks show as “?”; the page has all of them.", SMALL)
        )
    return [KeepTogether(lines)]


def _qr(text: str, size: float) -> Drawing:
    widget = QrCodeWidget(text, barLevel="M", barBorder=0)
    left, bottom, right, top = widget.getBounds()
    drawing = Drawing(
        size, size, transform=[size / (right - left), 0, 0, size / (top - bottom), 0, 0]
    )
    drawing.add(widget)
    return drawing


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(marked_up(_spelt(text)), style)


def _spelt(text: str) -> str:
    for sign, spelt in SPELT.items():
        text = text.replace(sign, spelt)
    return text


def _distance(distance: float | None) -> str:
    return "not known" if distance is None else f"{distance:.2f}"


def _flush(*, sides_only: bool = False) -> list[tuple[object, ...]]:
    """No padding, so that tables begin where the text does."""
    sides = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    ends = [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    return [*sides] if sides_only else [*sides, *ends]
