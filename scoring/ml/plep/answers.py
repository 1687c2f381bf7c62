"""What is answered about a planned post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ConfidenceLevel = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class Contributor:
    """One human fact behind the middle of a prediction.

    `effect` is what it adds to the log of the count, against a typical post of the platform;
    `factor` is exp of that (1.2: a fifth more).
    """

    fact: str
    text: str
    effect: float
    factor: float


@dataclass(frozen=True)
class PlepPrediction:
    """Expected engagement of a planned post as counts, low <= middle <= high.

    [low, high] is meant to hold the share `nominal_coverage` of posts. `confidence` is the
    share of held-out posts, among those with a range about as wide, whose engagement lay
    within a factor of two of the middle. `positive` and `negative` are the strongest facts
    first. `notes` say what was cut, assumed or not used.
    """

    platform: str
    low: int
    middle: int
    high: int
    nominal_coverage: float
    confidence: float
    level: ConfidenceLevel
    positive: tuple[Contributor, ...]
    negative: tuple[Contributor, ...]
    meaning: str
    basis: str
    notes: tuple[str, ...]
    model_version: str


@dataclass(frozen=True)
class NoPrediction:
    """There is nothing to reckon from; `reason` says what is missing."""

    platform: str
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """How much a change of the draft would change engagement, as factors (1.1: a tenth more).

    `predicted` is the model's own difference. `expected` is the part of such differences that
    was borne out between held-out posts of one creator, [low, high] its 95 % interval;
    `supported` says whether that interval leaves out no change (1.0). A change of time also
    changes the days since the creator's last post; that part is in `predicted` alone. The three
    are None, with a `reason`, where the model has learned nothing of what was changed.
    """

    changed: tuple[str, ...]
    predicted: float
    low: float | None
    expected: float | None
    high: float | None
    supported: bool
    reason: str | None
    before: PlepPrediction
    after: PlepPrediction


@dataclass(frozen=True)
class Suggestion:
    """A change whose interval lies above no change; `change` is what `what_if` takes."""

    text: str
    change: dict[str, object]
    what_if: WhatIf
