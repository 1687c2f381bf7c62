"""Tell a file's layout from its header."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.importing.errors import LayoutUnknown
from accounts.importing.layout import Kind, Layout
from accounts.importing.layouts import LAYOUTS
from accounts.importing.refusals import REASON_COLUMNS
from accounts.importing.sources import DELIMITERS

# Files that look like ours and belong elsewhere: the columns that give them away, and where.
_ELSEWHERE = (
    (
        {"brand_id", "brand_description"},
        "This is a list of brands, not of creators. Brands are matched with creators by "
        "`manage.py analyze --influencers FILE --growth FILE --brands FILE --out DIR`.",
    ),
    (
        {"is_fake", "source"},
        "These are labelled accounts without an id, so no creator can be made of them. "
        "They train and test the risk model: `manage.py train authenticity --data FILE`.",
    ),
    (
        {"influencer_id", "fake_score"},
        "This is an output of `manage.py analyze`, not facts to import.",
    ),
)


@dataclass(frozen=True)
class Header:
    """The first row of a file, understood."""

    layout: Layout
    delimiter: str
    names: tuple[str, ...]

    @property
    def unused(self) -> list[str]:
        known = self.layout.known | set(REASON_COLUMNS)
        return [name for name in self.names if name not in known]


def read_header(line: str, *, kind: Kind) -> Header:
    """The layout of a file whose first line is ``line``. Names are compared without case.

    :raises LayoutUnknown: if no layout of ``kind`` fits, saying what does or what is missing.
    """
    readings = [(delimiter, _names(line, delimiter)) for delimiter in DELIMITERS]
    for delimiter, names in readings:
        fitting = [layout for layout in LAYOUTS if layout.needed <= set(names)]
        own = [layout for layout in fitting if layout.kind == kind]
        if own:
            _refuse_repeated(names)
            best = max(own, key=lambda layout: len(layout.needed))
            return Header(layout=best, delimiter=delimiter, names=names)
        if fitting:
            raise _wrong_command(max(fitting, key=lambda layout: len(layout.needed)), kind)
        for signs, message in _ELSEWHERE:
            if signs <= set(names):
                raise LayoutUnknown(message)
    raise _unknown(max((names for _, names in readings), key=len), kind)


def _names(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(cell.strip().lower() for cell in cells)


def _refuse_repeated(names: Sequence[str]) -> None:
    repeated = [name for name, times in Counter(names).items() if times > 1 and name]
    if repeated:
        raise LayoutUnknown(f"The header has the column {', '.join(repeated)} more than once.")


def _wrong_command(layout: Layout, kind: Kind) -> LayoutUnknown:
    return LayoutUnknown(
        f"This file holds {layout.title}, which are {layout.kind}, not {kind}. "
        f"Use `manage.py import_{layout.kind} FILE`."
    )


def _unknown(names: Sequence[str], kind: Kind) -> LayoutUnknown:
    candidates = [layout for layout in LAYOUTS if layout.kind == kind]
    nearest = max(candidates, key=lambda layout: _likeness(layout, names))
    lines = [f"The first row is of no known layout for {kind}. It reads: {_shortened(names)}."]
    if _likeness(nearest, names) >= 0.5:
        missing = [column.name for column in nearest.columns if column.name not in names]
        needed = [name for name in missing if name in nearest.needed]
        lines.append(f"It is nearest to {nearest.title}, but lacks: {', '.join(needed)}.")
    lines.append("Known layouts and the columns they need:")
    lines += [
        f"  {layout.title}: {', '.join(c.name for c in layout.columns if c.needed)}"
        for layout in candidates
    ]
    return LayoutUnknown(
        "\n".join(lines),
        details={
            "found": list(names)[:100],
            "layouts": {layout.name: sorted(layout.needed) for layout in candidates},
        },
    )


def _likeness(layout: Layout, names: Sequence[str]) -> float:
    return len(layout.needed & set(names)) / len(layout.needed)


def _shortened(names: Sequence[str], limit: int = 300) -> str:
    text = "".join(char if char.isprintable() else "�" for char in ", ".join(names))
    return text if len(text) <= limit else text[:limit] + "…"
