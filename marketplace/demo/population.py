"""Who a simulated creator is, before anything is counted."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from accounts.models import Platform
from marketplace.demo.tongues import COUNTRIES, TONGUES
from marketplace.demo.vocabulary import NICHES, Niche

PLATFORMS = (Platform.INSTAGRAM, Platform.TIKTOK, Platform.YOUTUBE, Platform.DOUYIN)
PLATFORM_SHARES = (0.40, 0.28, 0.18, 0.14)
TONGUE_SHARES = {"en": 0.78, "de": 0.06, "fr": 0.05, "es": 0.06, "pt": 0.05}

# Followers from, below, and the share of creators in the tier.
TIERS = (
    (1_000, 10_000, 0.26),
    (10_000, 50_000, 0.36),
    (50_000, 250_000, 0.22),
    (250_000, 1_000_000, 0.12),
    (1_000_000, 5_000_000, 0.04),
)


@dataclass(frozen=True)
class Person:
    """A creator's traits. The name says that it is simulated."""

    number: int
    platforms: tuple[str, ...]
    niche: Niche
    tongue: str
    country: str
    size: float  # followers on the first platform at the start

    @property
    def handle(self) -> str:
        return f"sim_{self.niche.role}_{self.number:03d}"

    @property
    def display_name(self) -> str:
        return f"Simulated {self.niche.role} {self.number:03d}"


@dataclass(frozen=True)
class Traits:
    """Account facts that do not move; None where the platform would not tell."""

    is_verified: bool
    is_business: bool | None
    has_picture: bool
    has_link: bool
    opened_on: dt.date
    following: int
    declares_niche: bool


def draw_person(rng: np.random.Generator, *, number: int) -> Person:
    # The first creator's platform is fixed, so that the demo log-in finds every kind of score.
    first = str(rng.choice(PLATFORMS, p=PLATFORM_SHARES)) if number > 1 else Platform.INSTAGRAM
    if first == Platform.DOUYIN:
        tongue = "zh"
    else:
        tongue = str(rng.choice(list(TONGUE_SHARES), p=list(TONGUE_SHARES.values())))
    spoken = [niche for niche in NICHES if tongue == "en" or niche.label in TONGUES[tongue].words]
    platforms = [first]
    if first != Platform.DOUYIN and rng.random() < 0.15:
        others = [p for p in PLATFORMS if p not in (first, Platform.DOUYIN)]
        platforms.append(str(rng.choice(others)))
    return Person(
        number=number,
        platforms=tuple(str(platform) for platform in platforms),
        niche=spoken[int(rng.integers(len(spoken)))],
        tongue=tongue,
        country=str(rng.choice(COUNTRIES[tongue])),
        size=draw_size(rng, smallest_tier=1 if first == Platform.DOUYIN else 0),
    )


def draw_size(rng: np.random.Generator, *, smallest_tier: int = 0) -> float:
    """Log-normal within a tier: ``ln F ~ N(middle, (width / 4)^2)`` clipped to the tier.

    The rates that prices are learnt from begin at 10,000 followers, so Douyin starts there.
    """
    shares = np.array([share for _, _, share in TIERS[smallest_tier:]])
    tier = TIERS[smallest_tier + int(rng.choice(len(shares), p=shares / shares.sum()))]
    low, high = np.log(tier[0]), np.log(tier[1])
    return float(np.exp(np.clip(rng.normal((low + high) / 2, (high - low) / 4), low, high)))


def draw_traits(rng: np.random.Generator, *, size: float, today: dt.date) -> Traits:
    """Verification grows with size: logistic in ln F around 300,000 followers."""
    verified = 1.0 / (1.0 + np.exp(-1.4 * (np.log(size) - np.log(300_000))))
    return Traits(
        is_verified=bool(rng.random() < verified),
        is_business=bool(rng.random() < 0.4) if rng.random() < 0.8 else None,
        has_picture=bool(rng.random() < 0.99),
        has_link=bool(rng.random() < 0.7),
        opened_on=today - dt.timedelta(days=int(rng.integers(400, 4000))),
        following=int(np.exp(rng.normal(np.log(500), 0.7))),
        declares_niche=bool(rng.random() < 0.6),
    )
