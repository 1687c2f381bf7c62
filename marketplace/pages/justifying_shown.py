"""A document as its templates show it: every figure in words, the same as in the PDF."""

from dataclasses import dataclass

from scoring.justifying.documents import Comparable, Document, Section
from scoring.justifying.wording import (
    interval_words,
    origin_words,
    section_words,
    shared_facts,
    value_words,
)


@dataclass(frozen=True)
class ShownFigure:
    label: str
    value: str
    interval: str
    origin: str
    is_known: bool


@dataclass(frozen=True)
class ShownSection:
    name: str
    title: str
    said: list[str]
    figures: list[ShownFigure]
    comparables: list[Comparable]
    is_simulated: bool


def show_sections(document: Document) -> list[ShownSection]:
    return [_show(section) for section in document.sections]


def _show(section: Section) -> ShownSection:
    shared = shared_facts(section)
    return ShownSection(
        name=section.name,
        title=section.title,
        said=section_words(section),
        figures=[
            ShownFigure(
                label=figure.label,
                value=value_words(figure),
                interval=interval_words(figure),
                origin=origin_words(figure, shared),
                is_known=figure.value is not None,
            )
            for figure in section.figures
        ],
        comparables=section.comparables,
        is_simulated=section.is_simulated,
    )
