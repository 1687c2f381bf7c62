"""Simulated creators and brands: their hidden qualities, drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

NICHES: Final = 24
TRADES: Final = 8
TASTE: Final = 4
VALUES: Final = 8
TONES: Final = 5
BANDS: Final = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")
GENDERS: Final = ("female", "male")
COUNTRIES: Final = ("US", "GB", "DE", "FR", "ES", "BR", "IN", "JP", "IT", "MX", "CA", "PL")
_YOUNG: Final = np.array([0.20, 0.44, 0.25, 0.07, 0.03, 0.01])
_GROWN: Final = np.array([0.02, 0.10, 0.30, 0.28, 0.18, 0.12])


@dataclass(frozen=True)
class Creators:
    """Hidden qualities of n creators.

    `ages`, `genders`, `countries`: of the people who follow (bots left out), rows sum to 1.
    `human`: share of followers who are people. `response`, `diligence`, `craft`, `charm`:
    standard normal. `practice` and `fondness` by trade. `shown_taste` is what texts let guess.
    """

    taste: Floats
    shown_taste: Floats
    niche: NDArray[np.intp]
    followers: Floats
    ages: Floats
    genders: Floats
    countries: Floats
    human: Floats
    response: Floats
    diligence: Floats
    craft: Floats
    charm: Floats
    values: Floats
    tone: Floats
    practice: Floats
    fondness: Floats

    def __len__(self) -> int:
        return len(self.niche)


@dataclass(frozen=True)
class Brands:
    """Campaigns, one row each: what they want, hidden stress on it, and their season."""

    taste: Floats
    niches: list[list[int]]
    trade: NDArray[np.intp]
    wants_age: Floats
    wants_gender: Floats
    wants_country: Floats
    values: Floats
    tone: Floats
    stress: Floats
    season: Floats
    budget: Floats

    def __len__(self) -> int:
        return len(self.trade)


def draw_niches(rng: np.random.Generator) -> Floats:
    """Where niches lie in the space of taste, (NICHES, TASTE)."""
    return rng.normal(0.0, 0.9, size=(NICHES, TASTE))


def draw_creators(rng: np.random.Generator, niches: Floats, count: int) -> Creators:
    """`count` creators around the niches."""
    niche = rng.integers(NICHES, size=count)
    taste = niches[niche] + rng.normal(0.0, 0.3, size=(count, TASTE))
    young = expit(rng.normal(-0.2, 1.0, size=count) + 0.8 * taste[:, 0])
    female = expit(rng.normal(0.1, 0.9, size=count) + 0.8 * taste[:, 1])
    mean_age = young[:, None] * _YOUNG + (1 - young[:, None]) * _GROWN
    ages = np.array([rng.dirichlet(40 * row) for row in mean_age])
    home = rng.choice(len(COUNTRIES), size=count, p=_country_weights())
    at_home = rng.beta(5.0, 3.0, size=count)
    elsewhere = rng.dirichlet(np.full(len(COUNTRIES), 0.5), size=count)
    countries = elsewhere * (1 - at_home[:, None])
    countries[np.arange(count), home] += at_home
    bought = rng.random(count) < 0.18
    human = np.where(bought, rng.beta(3.0, 2.5, size=count), rng.beta(20.0, 1.6, size=count))
    diligence = rng.normal(size=count)
    trades = rng.dirichlet(np.full(TRADES, 0.4), size=count) * rng.gamma(1.5, 2.0, (count, 1))
    return Creators(
        taste=taste,
        shown_taste=taste + rng.normal(0.0, 0.12, size=taste.shape),
        niche=niche,
        followers=np.exp(np.clip(rng.normal(10.4, 1.4, size=count), 7.0, 16.0)),
        ages=ages,
        genders=np.column_stack([female, 1 - female]),
        countries=countries,
        human=np.clip(human, 0.05, 1.0),
        response=rng.normal(size=count),
        diligence=diligence,
        craft=0.3 * diligence + rng.normal(0.0, 0.95, size=count),
        charm=rng.normal(size=count),
        values=_unit(rng.normal(size=(count, VALUES))),
        tone=np.clip(rng.normal(0.5, 0.2, size=(count, TONES)), 0, 1),
        practice=trades,
        fondness=rng.normal(size=(count, TRADES)),
    )


def draw_brands(rng: np.random.Generator, niches: Floats, count: int) -> Brands:
    """`count` campaigns; a quarter ask for no gender, a tenth for no country or age."""
    main = rng.integers(NICHES, size=count)
    taste = niches[main] + rng.normal(0.0, 0.3, size=(count, TASTE))
    near = np.argsort(((niches[None] - taste[:, None]) ** 2).sum(axis=2), axis=1)
    ages, genders = np.ones((count, len(BANDS))), np.ones((count, len(GENDERS)))
    countries = np.ones((count, len(COUNTRIES)))
    for row in range(count):
        if rng.random() > 0.1:
            first = int(rng.integers(0, 4))
            ages[row] = 0.0
            ages[row, first : first + int(rng.integers(1, 4))] = 1.0
        if rng.random() > 0.25:
            genders[row] = np.eye(2)[int(rng.random() < 0.35)]
        if rng.random() > 0.1:
            wanted = rng.choice(
                len(COUNTRIES), size=int(rng.integers(1, 4)), replace=False, p=_country_weights()
            )
            countries[row] = np.isin(np.arange(len(COUNTRIES)), wanted)
    return Brands(
        taste=taste,
        niches=[list(map(int, row[: 1 + int(rng.random() < 0.4)])) for row in near],
        trade=main % TRADES,
        wants_age=ages,
        wants_gender=genders,
        wants_country=countries,
        values=_unit(rng.normal(size=(count, VALUES))),
        tone=np.clip(rng.normal(0.5, 0.2, size=(count, TONES)), 0, 1),
        stress=np.exp(rng.normal(0.0, 0.15, size=(count, 4))),
        season=rng.normal(size=count),
        budget=np.exp(rng.normal(11.0, 0.8, size=count)),
    )


def _country_weights() -> Floats:
    weights = 1.0 / np.arange(1, len(COUNTRIES) + 1) ** 0.7
    return np.asarray(weights / weights.sum())


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))
