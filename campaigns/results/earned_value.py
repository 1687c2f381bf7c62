"""Earned media value: what counts would be worth at rates a brand typed. Pure.

An estimate computed from counts, never money: it enters no cost, and counts of different
provenance have each their own. A platform without rates, or a rated count that is unknown, makes
the value unknown; what the known counts come to is then a lower bound and is called so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from campaigns.horizons import Provenance
from campaigns.results.arithmetic import ENGAGEMENTS
from campaigns.results.figures import PieceLine

# Reach and impressions count the same looks as views do; a rate for them would count twice.
RATED: Final[Mapping[str, tuple[str, ...]]] = {
    platform: ("views", *engagements, "clicks") for platform, engagements in ENGAGEMENTS.items()
}
Rates = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True)
class EarnedPart:
    """One interaction on one platform: the sum of what is known, times its rate."""

    platform: str
    interaction: str
    rate_minor: Decimal
    count: int | None
    known: int
    of: int

    @property
    def minor(self) -> Decimal | None:
        return None if self.count is None else self.rate_minor * self.count


@dataclass(frozen=True)
class EarnedValue:
    """Of published pieces, by counts of one provenance; minor units of the formula's currency.

    ``minor`` is None unless everything rated is known of all ``of`` pieces; ``at_least_minor``
    is what is known, None where nothing is. ``without_rates`` pieces are on platforms that the
    formula has no rates for.
    """

    provenance: Provenance
    parts: list[EarnedPart]
    of: int
    without_rates: int

    @property
    def at_least_minor(self) -> Decimal | None:
        known = [part.minor for part in self.parts if part.minor is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def minor(self) -> Decimal | None:
        complete = self.of and not self.without_rates
        if not complete or any(part.known < part.of for part in self.parts):
            return None
        return self.at_least_minor


def earned_value(
    pieces: Iterable[PieceLine], provenance: Provenance, *, rates: Rates
) -> EarnedValue:
    """Over the published ones of ``pieces``."""
    published = [piece for piece in pieces if piece.published_at is not None]
    parts = []
    for platform, own in rates.items():
        there = [piece for piece in published if piece.platform == platform]
        if not there:
            continue
        for interaction in (name for name in RATED[platform] if name in own):
            counts = [piece.count(interaction, provenance) for piece in there]
            known = [count for count in counts if count is not None]
            total = sum(known) if known else None
            parts.append(
                EarnedPart(platform, interaction, own[interaction], total, len(known), len(counts))
            )
    return EarnedValue(
        provenance=provenance,
        parts=parts,
        of=len(published),
        without_rates=sum(not rates.get(piece.platform) for piece in published),
    )


def earned_values(
    pieces: Sequence[PieceLine], provenances: Iterable[Provenance], *, rates: Rates
) -> list[EarnedValue]:
    """One for each provenance, never added up."""
    return [earned_value(pieces, provenance, rates=rates) for provenance in provenances]
