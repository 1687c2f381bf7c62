"""What simulated creators talk about: forty niches from vocabulary.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Niche:
    """One field: how its people call themselves, and what bios and captions are made of."""

    label: str
    role: str
    emoji: str
    topics: tuple[str, ...]
    acts: tuple[str, ...]
    tags: tuple[str, ...]
    young: float
    female: float


def _niche(entry: dict[str, Any]) -> Niche:
    return Niche(
        label=entry["label"],
        role=entry["role"],
        emoji=entry["emoji"],
        topics=tuple(entry["topics"]),
        acts=tuple(entry["acts"]),
        tags=tuple(entry["tags"]),
        young=entry["young"],
        female=entry["female"],
    )


_FILE = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
NICHES: tuple[Niche, ...] = tuple(_niche(entry) for entry in _FILE["niche"])
VALUES: tuple[str, ...] = tuple(_FILE["values"])
