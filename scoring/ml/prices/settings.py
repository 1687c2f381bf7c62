"""What training learned and measured for one market, as JSON beside its trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from scoring.ml.prices.conformal import Margins
from scoring.ml.prices.line import Line
from scoring.ml.prices.vocabulary import Vocabulary

LEVELS: Final = {"low": 0.1, "middle": 0.5, "high": 0.9}
SIZE_STEP: Final = 0.25


@dataclass(frozen=True)
class Counts:
    """Rows a market was learned from. `cut` were too far from the line to be learned from."""

    prices: int
    creators: int
    asked: int
    agreed: int
    cut: int


@dataclass(frozen=True)
class MarketSettings:
    """`sizes` counts creators per deliverable by log2 of followers in steps of `SIZE_STEP`
    from `size_start`; `figures` are measured on held-out creators; days are ISO dates or ""."""

    platform: str
    currency: str
    minor_digits: int
    simulated: bool
    vocabulary: Vocabulary
    line: Line
    margins: Margins
    width_edges: tuple[float, ...]
    confidences: tuple[float, ...]
    size_start: float
    sizes: Mapping[str, tuple[int, ...]]
    counts: Counts
    first_day: str
    last_day: str
    figures: Mapping[str, float | None]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> MarketSettings:
        values = dict(document)
        values["vocabulary"] = Vocabulary.from_json(document["vocabulary"])
        values["line"] = Line.from_json(document["line"])
        values["margins"] = Margins.from_json(document["margins"])
        values["counts"] = Counts(**document["counts"])
        values["sizes"] = {name: tuple(counts) for name, counts in document["sizes"].items()}
        for name in ("width_edges", "confidences"):
            values[name] = tuple(document[name])
        return cls(**values)
