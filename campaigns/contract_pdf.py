"""A contract on paper: its exact text, who signed it and when, and the hash they signed."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from campaigns.models import Contract
from campaigns.pdf_text import FONT, load_font, marked_up, number_page

BODY = ParagraphStyle("contract", fontName=FONT, fontSize=9, leading=13, spaceAfter=2)
SMALL = ParagraphStyle("contract-small", parent=BODY, fontSize=7.5, leading=10)


def contract_pdf(contract: Contract) -> bytes:
    """The same contract and signatures give the same bytes. One query for the signatures.

    Characters the font lacks show as “?”; the text file has them all, and is what was hashed.
    """
    load_font()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm,
        bottomMargin=18 * mm, title=f"Contract {contract.collaboration_id}", invariant=1,
    )  # fmt: skip
    parts: list[Flowable] = [
        Paragraph(marked_up(line), BODY) if line.strip() else Spacer(0, 4 * mm)
        for line in contract.text.splitlines()
    ]
    parts += [Spacer(0, 6 * mm), Paragraph("SIGNATURES", BODY)]
    parts += [
        Paragraph(marked_up(f"{one}, typed on {one.signed_at:%d %B %Y at %H:%M:%S} UTC"), BODY)
        for one in contract.signatures.all()
    ] or [Paragraph("Not signed.", BODY)]
    parts += [
        Spacer(0, 4 * mm),
        Paragraph(f"SHA-256 of the text: {contract.text_hash}", SMALL),
        Paragraph(f"SHA-256 of the terms: {contract.offer.terms_hash}", SMALL),
    ]
    document.build(parts, onFirstPage=number_page, onLaterPages=number_page)
    return out.getvalue()
