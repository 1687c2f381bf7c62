"""The document behind a price, as values that say where they come from, and as canonical JSON.

A figure without a value says why there is none; unknown is never a zero. The same document gives
the same bytes, so that its SHA-256 says whether a copy is the one that was made.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

FORMAT: Final = "price-justification-1"
DIGITS: Final = 6


class Unit(StrEnum):
    MONEY = "money"  # minor units of ``currency``
    COUNT = "count"
    SHARE = "share"  # 0 to 1
    SIGNED_SHARE = "signed_share"  # a change, of which 0.1 is ten per cent more
    POINTS = "points"  # of 100
    RANK = "rank"
    HOURS = "hours"
    RATIO = "ratio"
    TIMES = "times"  # a factor, of which 1 changes nothing


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number. ``interval`` says what lies between ``low`` and ``high``, how often that was
    right where it is known, and ``source`` how the number came about.

    ``unknown`` is the reason where ``value`` is None. ``as_of`` is an ISO date or moment.
    """

    name: str
    label: str
    unit: Unit
    value: float | None
    low: float | None = None
    high: float | None = None
    currency: str = ""
    interval: str = ""
    source: str = ""
    model_version: str = ""
    as_of: str = ""
    simulated: bool = False
    unknown: str = ""

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            object.__setattr__(self, name, _rounded(getattr(self, name)))


@dataclass(frozen=True, kw_only=True)
class Comparable:
    """A price somebody asked or was paid, without who. ``distance`` is 0 for the same facts."""

    price: str
    kind: str
    when: str
    followers: str
    distance: float | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """Figures of one kind. ``unknown`` says why there are none; ``is_left_out`` that the creator
    chose not to show them."""

    name: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    comparables: list[Comparable] = field(default_factory=list)
    unknown: str = ""
    is_left_out: bool = False

    @property
    def is_simulated(self) -> bool:
        """Whether all that is known in it is; of single figures it is said beside them."""
        known = [figure for figure in self.figures if figure.value is not None]
        return bool(known) and all(figure.simulated for figure in known)

    def figure(self, name: str) -> Figure | None:
        return next((one for one in self.figures if one.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is shown to a brand. ``about`` is what the account says of itself, ``verdict`` compares
    the asked price with the suggestion."""

    made_at: str
    expires_at: str
    creator: str
    platform: str
    handle: str
    is_simulated: bool
    is_flagged: bool
    deliverable: str
    deliverable_label: str
    asked_minor: int
    currency: str
    note: str
    verdict: str
    sections: list[Section]
    about: str = ""
    format: str = FORMAT

    def section(self, name: str) -> Section | None:
        return next((one for one in self.sections if one.name == name), None)

    def figures(self) -> dict[tuple[str, str], Figure]:
        """(section, figure) → figure."""
        return {(part.name, one.name): one for part in self.sections for one in part.figures}

    def to_text(self) -> str:
        """Canonical: names in order, no spaces, UTF-8 as it is, no NaN."""
        return json.dumps(
            asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )


def hash_of(text: str) -> str:
    """SHA-256 of a document's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_document(text: str) -> Document:
    """The reverse of `Document.to_text`. Names that this program does not know are passed over,
    so that a later program can still show what an earlier one made."""
    content: dict[str, Any] = json.loads(text)
    document: Document = _known(Document, content)
    return replace(document, sections=[_section(one) for one in content["sections"]])


def _section(content: Mapping[str, Any]) -> Section:
    section: Section = _known(Section, content)
    return replace(
        section,
        figures=[
            replace(_known(Figure, one), unit=Unit(one["unit"])) for one in content["figures"]
        ],
        comparables=[_known(Comparable, one) for one in content["comparables"]],
    )


def _known(kind: Any, content: Mapping[str, Any]) -> Any:
    names = kind.__dataclass_fields__
    return kind(**{name: value for name, value in content.items() if name in names})


def _rounded(value: float | None) -> float | None:
    """Whole numbers stay whole; others keep six digits, which every platform writes alike."""
    if value is None or isinstance(value, int):
        return value
    return round(float(value), DIGITS)
