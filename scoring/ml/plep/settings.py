"""What training learned and measured for one platform, as JSON beside its trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

NOMINAL_COVERAGE: Final = 0.80
LEVELS: Final = {"low": 0.1, "middle": 0.5, "high": 0.9}


@dataclass(frozen=True)
class Line:
    """Two robust lines of log engagement, for creators with earlier posts and without.

    With c(x) = x - typical (0 where unknown), n earlier posts and q = 1 / (n + 1), they are
    `warm` · [1, c(level), c(followers), followers unknown, q c(level), q c(followers), q] and
    `cold` · [1, c(followers), followers unknown].
    """

    typical_followers: float
    typical_level: float
    warm: tuple[float, ...]
    cold: tuple[float, ...]


@dataclass(frozen=True)
class Effect:
    """How much of the model's differences is borne out between posts of one creator.

    `share` is the slope of what came about on what was predicted (1: all of it, 0: none), [low,
    high] its 95 % interval by bootstrap over creators; `pairs` of posts it was found from.
    """

    low: float
    share: float
    high: float
    pairs: int


@dataclass(frozen=True)
class PlatformSettings:
    """`off` are features not used here; `unlearned` the kinds of fact the data did not have.

    `margins` widen the range of creators with earlier posts ("warm") and without ("cold");
    `width_edges` and `confidences` give the confidence by log width of the range, thirds.
    `caption_free_line` belongs to the model without captions that evaluations compare with.
    `typical_log` is the median log engagement; `hours` counts training posts per UTC hour and
    `durations` are their deciles in seconds, so that nothing unheard of is suggested.
    """

    line: Line
    off: tuple[str, ...]
    unlearned: tuple[str, ...]
    tags: tuple[str, ...]
    margins: Mapping[str, float]
    width_edges: tuple[float, ...]
    confidences: tuple[float, ...]
    effects: Mapping[str, Effect]
    typical_log: float
    hours: tuple[int, ...]
    durations: tuple[float, ...]
    posts: int
    creators: int
    first_day: str
    last_day: str
    caption_free_line: Line | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> PlatformSettings:
        values = {name: _as_tuple(value) for name, value in document.items()}
        values["line"] = Line(**{k: _as_tuple(v) for k, v in document["line"].items()})
        free = document.get("caption_free_line")
        values["caption_free_line"] = (
            Line(**{k: _as_tuple(v) for k, v in free.items()}) if free else None
        )
        values["effects"] = {k: Effect(**v) for k, v in document["effects"].items()}
        return cls(**values)


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value
