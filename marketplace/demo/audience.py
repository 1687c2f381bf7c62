"""Who follows a simulated account: shares by age, gender, country and interest."""

import numpy as np

from marketplace.demo.tongues import ALL_COUNTRIES, COUNTRIES
from marketplace.demo.vocabulary import NICHES, Niche

AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")
_YOUNG = np.array([0.20, 0.45, 0.25, 0.07, 0.02, 0.01])
_GROWN = np.array([0.02, 0.10, 0.32, 0.28, 0.17, 0.11])
CONCENTRATION = 60.0

Shares = dict[str, dict[str, float]]


def simulate_audience(
    rng: np.random.Generator, *, niche: Niche, country: str, tongue: str
) -> Shares:
    """Four groups of shares, each summing to 1 but for rounding (Dirichlet around a mean)."""
    age = rng.dirichlet(CONCENTRATION * (niche.young * _YOUNG + (1 - niche.young) * _GROWN))
    female = rng.beta(CONCENTRATION * niche.female, CONCENTRATION * (1 - niche.female))
    return {
        "age": _rounded(dict(zip(AGES, age, strict=True))),
        "gender": _rounded({"female": female, "male": 1.0 - female}),
        "countries": _rounded(_countries(rng, country, tongue)),
        "interests": _rounded(_interests(rng, niche)),
    }


def mix_in_bots(rng: np.random.Generator, shares: Shares, *, bots: float) -> Shares:
    """The same audience when a share ``bots`` of it comes from five random other countries."""
    home = shares["countries"]
    strangers = [country for country in ALL_COUNTRIES if country not in home]
    drawn = rng.choice(strangers, size=5, replace=False)
    parts = rng.dirichlet(np.full(5, 4.0))
    mixed = {country: share * (1.0 - bots) for country, share in home.items()}
    mixed |= {str(name): bots * part for name, part in zip(drawn, parts, strict=True)}
    return {**shares, "countries": _rounded(mixed)}


def _countries(rng: np.random.Generator, country: str, tongue: str) -> dict[str, float]:
    neighbours = [name for name in COUNTRIES[tongue] if name != country]
    others = [name for name in ALL_COUNTRIES if name != country and name not in neighbours]
    near = list(rng.permutation(neighbours)[:3])
    far = list(rng.permutation(others)[: 5 - len(near)])
    home = rng.beta(8.0, 5.0)
    rest = rng.dirichlet([3.0] * len(near) + [1.0] * len(far)) * (1.0 - home)
    return {country: home} | {
        str(name): part for name, part in zip([*near, *far], rest, strict=True)
    }


def _interests(rng: np.random.Generator, niche: Niche) -> dict[str, float]:
    labels = [other.label for other in NICHES if other.label != niche.label]
    drawn = rng.choice(labels, size=4, replace=False)
    parts = rng.dirichlet([10.0, 3.0, 3.0, 2.0, 2.0])
    return {niche.label: parts[0]} | {
        str(label): part for label, part in zip(drawn, parts[1:], strict=True)
    }


def _rounded(shares: dict[str, float]) -> dict[str, float]:
    return {name: round(float(share), 4) for name, share in shares.items()}
