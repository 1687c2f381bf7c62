"""Pairs of campaign and creator with an outcome, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.ml.match.factors import FACTORS, factor_values
from scoring.ml.match.simulated_facts import (
    CONNECTED,
    Measuring,
    known_of_campaign,
    known_of_creators,
    known_of_pairs,
)
from scoring.ml.match.simulated_people import draw_brands, draw_creators, draw_niches
from scoring.ml.match.simulation import Noise, choose_candidates, draw_outcomes, outcome_signal

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """n pairs, those of one campaign next to each other.

    `values`: (n, factors) in [0, 1], NaN unknown or not asked. `asked`: (n, factors) of bool.
    `outcomes`: (n,) in [0, 1]. `signal`: what an all-knowing judge would say, NaN if real.
    """

    campaigns: NDArray[np.intp]
    creators: NDArray[np.intp]
    values: Floats
    asked: NDArray[np.bool_]
    outcomes: Floats
    signal: Floats

    def __len__(self) -> int:
        return len(self.campaigns)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Pairs:
        return Pairs(
            self.campaigns[rows],
            self.creators[rows],
            self.values[rows],
            self.asked[rows],
            self.outcomes[rows],
            self.signal[rows],
        )


@dataclass(frozen=True)
class Market:
    """How many campaigns, creators and candidates a simulated market has, for each of its parts.

    No campaign and no creator belongs to two parts.
    """

    campaigns: Mapping[str, int]
    creators: Mapping[str, int]
    candidates: Mapping[str, int]


def simulate_pairs(
    random_state: int, market: Market, noise: Noise, measuring: Measuring = CONNECTED
) -> dict[str, Pairs]:
    """The pairs of each part of a simulated market; the same seed gives the same market."""
    rng = np.random.default_rng(random_state)
    niches = draw_niches(rng)
    parts = {}
    for name, count in market.campaigns.items():
        creators = draw_creators(rng, niches, market.creators[name])
        brands = draw_brands(rng, niches, count)
        known = known_of_creators(rng, creators, niches, measuring)
        everybody = np.arange(len(creators))
        rows = []
        for campaign in range(count):
            who = choose_candidates(
                rng, creators, brands, everybody, campaign, market.candidates[name]
            )
            brief = known_of_campaign(rng, brands, campaign)
            about = known_of_pairs(rng, creators, brands, known, who, campaign, measuring)
            values, asked = as_table(factor_values(brief, about), len(who))
            outcomes = draw_outcomes(rng, creators, brands, who, campaign, noise)
            signal = outcome_signal(creators, brands, who, campaign)
            rows.append((np.full(len(who), campaign), who, values, asked, outcomes, signal))
        parts[name] = Pairs(*(np.concatenate(column) for column in zip(*rows, strict=True)))
    return parts


def as_table(factors: Mapping[str, Floats], count: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Values (n, factors) and whether asked (n, factors), in the order of `FACTORS`."""
    values, asked = np.full((count, len(FACTORS)), np.nan), np.zeros((count, len(FACTORS)), bool)
    for column, name in enumerate(FACTORS):
        if name in factors:
            values[:, column], asked[:, column] = factors[name], True
    return values, asked


def groups_of(campaigns: Sequence[int] | NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The rows of each campaign, in the order in which campaigns first appear."""
    keys = np.asarray(campaigns)
    cuts = np.flatnonzero(np.diff(keys)) + 1
    return list(np.split(np.arange(len(keys)), cuts))
