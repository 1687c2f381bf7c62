"""The first price model, of one marketplace's asking prices, behind the same questions.

It stays so that prices it gave can be computed again, and so that one can go back to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from scoring.features.account_facts import price_columns
from scoring.ml.match.exposure import tier_of
from scoring.ml.prices.conformal import wilson
from scoring.ml.prices.suggestions import Coverage, NoComparableMarketData, PriceSuggestion
from scoring.ml.pricing import NoComparableMarketData as NothingToCompare
from scoring.ml.pricing import PriceModel
from scoring.ml.pricing import PriceSuggestion as FirstSuggestion
from scoring.ml.pricing_features import CURRENCY, PLATFORM, PRICED_DELIVERABLES
from scoring.pricing.knowing import Known
from scoring.pricing.quoting import Asked, Quote
from scoring.snapshots import columns_of, snapshot


class FirstQuoter:
    """:param metadata: of the artefact: what it held on creators not learned from."""

    is_simulated = False

    def __init__(self, model: PriceModel, *, version: str, metadata: Mapping[str, Any]) -> None:
        self.model = model
        self.version = version
        self.feature_set = model.feature_set
        observed = float(metadata["metrics"]["coverage"])
        self.error = float(metadata["metrics"]["median_ape"])
        creators = int(metadata["extra"]["priced_creators"])
        low, high = wilson(observed, creators)
        self.coverage = Coverage(
            nominal=model.settings.nominal_coverage,
            observed=observed,
            low=low,
            high=high,
            prices=int(metadata["extra"]["asking_prices"]),
            creators=creators,
            part="all",
            borrowed=True,
        )

    def inputs_of(self, known: Known) -> dict[str, Any]:
        return {"platform": known.platform, **snapshot(price_columns([known.facts]), 0)}

    def deliverables_on(self, platform: str) -> tuple[str, ...]:
        return PRICED_DELIVERABLES if platform == PLATFORM else ()

    def held_out_error(self, platform: str, currency: str) -> float | None:
        return self.error if (platform, currency) == (PLATFORM, CURRENCY) else None

    def depends_on_day(self, platform: str) -> bool:
        return False

    def quote(self, asked: Sequence[Asked], *, on: date) -> list[Quote]:
        """It knows neither month nor kind of campaign, and no currency but its own."""
        if not asked:
            return []
        rows = [columns_of(one.inputs) for one in asked]
        columns = {
            name: np.concatenate([row[name] for row in rows])
            for name in rows[0]
            if name != "platform"
        }
        answers = self.model.suggest(
            columns=columns,
            platforms=[str(one.inputs["platform"]) for one in asked],
            deliverable_types=[one.deliverable for one in asked],
        )
        return [self._quote(one, answer) for one, answer in zip(asked, answers, strict=True)]

    def _quote(self, asked: Asked, answer: FirstSuggestion | NothingToCompare) -> Quote:
        platform = str(asked.inputs["platform"])
        if isinstance(answer, NothingToCompare):
            return NoComparableMarketData(platform=platform, reason=answer.reason)
        if asked.currency and asked.currency != answer.currency:
            return NoComparableMarketData(
                platform=platform,
                reason=f"No comparable market data: there are no prices in {asked.currency}.",
            )
        factors = asdict(answer.factors)
        premium = np.prod([value for value in factors.values() if value is not None])
        return PriceSuggestion(
            platform=platform,
            deliverable=asked.deliverable,
            currency=answer.currency,
            minor_digits=2,
            min_minor=answer.min_minor,
            suggested_minor=answer.suggested_minor,
            max_minor=answer.max_minor,
            base=float(answer.suggested_minor / 100 / premium),
            confidence=answer.confidence,
            coverage=self.coverage,
            factors=factors,
            unsupported={
                name: "The prices it was learned from do not say."
                for name, value in factors.items()
                if value is None
            },
            tier=tier_of(asked.inputs.get("followers")) or "",
            comparable_creators=answer.comparable_rows,
            basis=answer.basis,
            model_version=self.version,
            simulated=False,
        )
