"""Text in PDFs: the font that is put into them, and what it can show."""

from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT = "Vera"


@cache
def load_font() -> TTFont:
    font = TTFont(FONT, str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
    pdfmetrics.registerFont(font)
    return font


def shown(text: str) -> str:
    """Characters the font lacks become “?”."""
    glyphs = load_font().face.charToGlyph
    return "".join(letter if ord(letter) in glyphs else "?" for letter in text)


def marked_up(text: str) -> str:
    """For a paragraph: nothing in the text is taken for markup."""
    return escape(shown(text))


def number_page(canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawRightString(A4[0] - 15 * mm, 10 * mm, f"Page {document.page}")
