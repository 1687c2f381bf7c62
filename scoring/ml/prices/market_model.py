"""The model of one market: a line, three trees' quantiles, margins, and what it knows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import lightgbm as lgb
import numpy as np

from scoring.ml.match.exposure import tier_of
from scoring.ml.prices.facts import PriceRequest, known_positive, plain
from scoring.ml.prices.features import is_priced_deliverable, request_features
from scoring.ml.prices.readings import FACTORS
from scoring.ml.prices.settings import SIZE_STEP, MarketSettings
from scoring.ml.prices.suggestions import Coverage, PriceSuggestion

FEWEST_COMPARABLE: Final = 5
MOST_DAYS: Final = 365
LABELS: Final = {"tiktok": "TikTok", "youtube": "YouTube"}
UNKNOWN_FACT: Final = "It is unknown here, or too few creators like this have a price."
ALIKE: Final = "All prices are alike in it."
Answer = PriceSuggestion | str


@dataclass(frozen=True)
class LogPrices:
    """Log prices in major units, (n,) each, low <= middle <= high, and what adds up to the
    middle: `contributions` of the columns (n, k) on top of `start` (n,)."""

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    start: np.ndarray
    contributions: np.ndarray


class MarketModel:
    """Read-only after construction and safe to share between threads."""

    def __init__(self, *, boosters: Mapping[str, lgb.Booster], settings: MarketSettings) -> None:
        self.boosters = boosters
        self.settings = settings
        self._places = settings.vocabulary.places()

    @property
    def name(self) -> str:
        platform = self.settings.platform
        return f"{LABELS.get(platform, platform.capitalize())} in {self.settings.currency}"

    def log_prices(self, features: np.ndarray, tiers: Sequence[str]) -> LogPrices:
        """Conformal range and median for the columns of the market's vocabulary."""
        settings = self.settings
        margins = np.array([settings.margins.margin(tier) for tier in tiers])
        line = settings.line.contributions(features)
        explained = np.asarray(
            self.boosters["middle"].predict(features, pred_contrib=True, num_threads=1)
        )
        start = explained[:, -1] + settings.line.intercept
        contributions = explained[:, :-1] + line
        middle = start + contributions.sum(axis=1)
        base = settings.line.intercept + line.sum(axis=1)
        low, high = (
            base + np.asarray(self.boosters[level].predict(features, num_threads=1))
            for level in ("low", "high")
        )
        # neither crossing quantiles nor a negative margin may push an end past the median
        return LogPrices(
            low=np.minimum(low - margins, middle),
            middle=middle,
            high=np.maximum(high + margins, middle),
            start=start,
            contributions=contributions,
        )

    def suggest(self, requests: Sequence[PriceRequest], *, now: date, version: str) -> list[Answer]:
        """A suggestion per request, or in words what is missing."""
        answers: list[Answer] = [self._missing(request) for request in requests]
        places = [place for place, reason in enumerate(answers) if not reason]
        if not places:
            return answers
        asked = [requests[place] for place in places]
        features = request_features(asked, self.settings.vocabulary, now)
        tiers = [tier_of(request.followers) for request in asked]
        prices = self.log_prices(features, tiers)
        for row, place in enumerate(places):
            answers[place] = self._suggestion(
                requests[place], tiers[row], features[row], prices, row, now, version
            )
        return answers

    def comparable_creators(self, deliverable: str, followers: float) -> int:
        """Creators with a price for it and half to twice the followers."""
        counts = self.settings.sizes.get(plain(deliverable), ())
        centre = math.floor((math.log2(followers) - self.settings.size_start) / SIZE_STEP)
        reach = round(1 / SIZE_STEP)
        return sum(counts[max(centre - reach, 0) : max(centre + reach + 1, 0)])

    def _missing(self, request: PriceRequest) -> str:
        if not is_priced_deliverable(request, self.settings.vocabulary):
            known = ", ".join(self.settings.vocabulary.deliverables)
            return (
                f"No comparable market data: too few prices for {request.deliverable!r} on "
                f"{self.name}, only for {known}."
            )
        followers = known_positive(request.followers)
        if followers is None:
            what = "unknown" if request.followers is None else "not above zero"
            return f"No comparable market data: the follower count is {what}."
        count = self.comparable_creators(request.deliverable, followers)
        if count < FEWEST_COMPARABLE:
            return (
                f"No comparable market data: {count} creators with half to twice the followers "
                f"have a price for it on {self.name}; at least {FEWEST_COMPARABLE} are needed."
            )
        return ""

    def _suggestion(
        self,
        request: PriceRequest,
        tier: str,
        features: np.ndarray,
        prices: LogPrices,
        row: int,
        now: date,
        version: str,
    ) -> PriceSuggestion:
        settings = self.settings
        factors, unsupported, base = self._factors(features, prices, row)
        low, middle, high = (float(v[row]) for v in (prices.low, prices.middle, prices.high))
        comparable = self.comparable_creators(request.deliverable, request.followers or 0.0)
        coverage = self.coverage_of(tier)
        return PriceSuggestion(
            platform=settings.platform,
            deliverable=plain(request.deliverable),
            currency=settings.currency,
            minor_digits=settings.minor_digits,
            min_minor=minor_units(low, settings.minor_digits),
            suggested_minor=minor_units(middle, settings.minor_digits),
            max_minor=minor_units(high, settings.minor_digits),
            base=base,
            confidence=settings.confidences[int(np.searchsorted(settings.width_edges, high - low))],
            coverage=coverage,
            factors=factors,
            unsupported=unsupported,
            tier=tier,
            comparable_creators=comparable,
            basis=self._basis(comparable, coverage, now),
            model_version=version,
            simulated=settings.simulated,
        )

    def _factors(
        self, features: np.ndarray, prices: LogPrices, row: int
    ) -> tuple[dict[str, float | None], dict[str, str], float]:
        """Premiums, why some are missing, and the base that is left, in major units."""
        contributions = prices.contributions[row].tolist()
        is_unknown = np.isnan(features).tolist()
        rest = float(prices.middle[row])
        factors: dict[str, float | None] = dict.fromkeys(FACTORS)
        unsupported: dict[str, str] = {}
        for factor, places in self._places.items():
            # what an unknown fact adds is not a premium and stays in the base
            known = [place for place in places if not is_unknown[place]]
            if known:
                added = sum(contributions[place] for place in known)
                factors[factor] = math.exp(added)
                rest -= added
            elif places:
                unsupported[factor] = UNKNOWN_FACT
            else:
                unsupported[factor] = self.settings.vocabulary.off.get(factor, ALIKE)
        return factors, unsupported, math.exp(rest)

    def coverage_of(self, tier: str) -> Coverage:
        """What was measured for the tier, or for the market where the tier borrows."""
        margins = self.settings.margins
        part = margins.part(tier)
        found = margins.coverage[part]
        return Coverage(
            nominal=float(self.settings.figures["nominal_coverage"] or 0.0),
            observed=found.observed,
            low=found.low,
            high=found.high,
            prices=found.prices,
            creators=found.creators,
            part=part,
            borrowed=part != tier,
        )

    def _basis(self, comparable: int, coverage: Coverage, now: date) -> str:
        settings = self.settings
        counts = settings.counts
        kinds = " and ".join(
            f"{count} {kind}"
            for kind, count in (("agreed", counts.agreed), ("asked", counts.asked))
            if count
        )
        aim = "agreed" if counts.agreed else "asked"
        if counts.asked and counts.agreed and not settings.vocabulary.has_kinds:
            aim = "asked or agreed"
        days = "undated"
        if settings.first_day:
            days = f"{settings.first_day} to {settings.last_day}"
        sentences = [
            f"{kinds} prices of {counts.creators} creators on {self.name}, {days}; {comparable} "
            "of them have a price for this work and half to twice the followers.",
            f"The range is meant to hold {coverage.nominal:.0%} of {aim} prices; it held "
            f"{coverage.observed:.0%} of {coverage.prices} prices by creators not learned from.",
        ]
        if settings.simulated:
            sentences.insert(0, "Simulated prices.")
        if coverage.borrowed:
            sentences.append(
                "Too few creators of this size have a price to check them apart: the share is "
                "the whole market's."
            )
        if settings.last_day and (now - date.fromisoformat(settings.last_day)).days > MOST_DAYS:
            sentences.append("The newest of these prices is more than a year old.")
        return " ".join(sentences)


def minor_units(log_price: float, minor_digits: int) -> int:
    """A price rounded to three significant digits, as people quote prices; at least 1."""
    return max(round(float(f"{math.exp(log_price):.3g}") * 10**minor_digits), 1)
