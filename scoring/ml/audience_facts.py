"""How an audience is spread over countries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AudienceSpread:
    """`entropy` is Shannon's, in bits; `known_share` how much of the audience has a country.

    `largest` is the country with the largest share of the part that is known.
    """

    entropy: float
    countries: int
    largest: str
    largest_share: float
    known_share: float


def measure_spread(countries: Mapping[str, float]) -> AudienceSpread | None:
    """The spread of shares by country, scaled to sum to 1; None where no share is known.

    Entropy says nothing certain about fakes: a seller's bots may be of five countries or of
    one, and so may an honest audience. It is shown, and weighs nothing.
    """
    shares = {
        name: float(share)
        for name, share in countries.items()
        if isinstance(share, int | float) and math.isfinite(share) and share > 0
    }
    total = sum(shares.values())
    if not shares:
        return None
    largest = max(shares, key=lambda name: (shares[name], name))
    parts = [share / total for share in shares.values()]
    return AudienceSpread(
        entropy=abs(-sum(part * math.log2(part) for part in parts)),
        countries=len(parts),
        largest=largest,
        largest_share=shares[largest] / total,
        known_share=min(total, 1.0),
    )
