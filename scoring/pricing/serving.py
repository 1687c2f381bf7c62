"""Which model answers for whom: what this site learned, else what was shipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts.models import Platform
from scoring import registry
from scoring.ml.artifacts import ArtifactError
from scoring.ml.prices.model import PriceModel
from scoring.ml.prices.suggestions import NoComparableMarketData, PriceSuggestion
from scoring.ml.pricing import PriceModel as FirstModel
from scoring.models import Score
from scoring.pricing import states
from scoring.pricing.deliverables import deliverables_on
from scoring.pricing.first_model import FirstQuoter
from scoring.pricing.knowing import Known
from scoring.pricing.quoting import Asked, MarketQuoter, Quote, Quoter


@dataclass(frozen=True)
class Answered:
    """A quote, or why there is none, with the model that gave it and what that model read."""

    quote: Quote
    quoter: Quoter
    inputs: dict[str, Any]

    @property
    def suggestion(self) -> PriceSuggestion | None:
        return self.quote if isinstance(self.quote, PriceSuggestion) else None


def shipped_quoter(version: str | None = None) -> Quoter:
    """The artefact of ``version`` (default: the active one).

    :raises NoActiveVersion, ModelUnreadable: as `registry.load`.
    """
    task = Score.Task.PRICE
    version = version or registry.active_version(task)
    model = registry.load(task, version)
    name = f"{task}/{version}"
    if isinstance(model, FirstModel):
        return FirstQuoter(model, version=name, metadata=registry.get_metadata(task, version))
    assert isinstance(model, PriceModel)
    return MarketQuoter(model, version=name)


def quoter_of(version: str) -> Quoter:
    """The model behind a version that a score names.

    :raises ArtifactError: if it is no longer there.
    """
    task, _, version = version.partition("/")
    state_id = states.state_id_of(version)
    if state_id is None:
        return shipped_quoter(version)
    quoter = states.load_state(state_id)
    if quoter is None:
        raise ArtifactError(f"What was learned of prices as {task}/{version} is gone or damaged.")
    return quoter


def list_quoters(*, simulated: bool) -> list[Quoter]:
    """Who is asked, in this order. What simulated prices taught answers for simulated creators
    only. One query."""
    learned = states.get_serving(simulated=simulated)
    return [*([learned] if learned is not None else []), shipped_quoter()]


def list_offered(platform: str, *, quoters: Sequence[Quoter]) -> tuple[str, ...]:
    """Deliverables of a platform: those usually priced there, and others with prices."""
    priced = [name for quoter in quoters for name in quoter.deliverables_on(platform)]
    return tuple(dict.fromkeys([*deliverables_on(platform), *priced]))


def answer(
    known: Sequence[Known],
    works: Sequence[Sequence[Asked]],
    *,
    quoters: Sequence[Quoter],
    on: date,
) -> list[list[Answered]]:
    """For every account, for each of its works, the first quoter's answer that is a price.

    Where nobody has one, the refusal of the first that has prices on the platform at all, else
    of the first. No query. ``inputs`` of the works are left to the quoters.

    :param works: of the same length as ``known``.
    """
    found: dict[tuple[int, int], tuple[int, Answered]] = {}
    for quoter in quoters:
        inputs = [quoter.inputs_of(one) for one in known]
        left = [
            (row, place)
            for row, own in enumerate(works)
            for place in range(len(own))
            if (row, place) not in found or found[row, place][1].suggestion is None
        ]
        asked = [replace(works[row][place], inputs=inputs[row]) for row, place in left]
        for (row, place), quote in zip(left, quoter.quote(asked, on=on), strict=True):
            rank = 2 if isinstance(quote, PriceSuggestion) else 0
            rank = rank or int(bool(quoter.deliverables_on(known[row].platform)))
            if (row, place) not in found or rank > found[row, place][0]:
                found[row, place] = (rank, Answered(_named(quote), quoter, inputs[row]))
    return [[found[row, place][1] for place in range(len(own))] for row, own in enumerate(works)]


def _named(quote: Quote) -> Quote:
    """Platforms by the names people know, as models write their keys."""
    if isinstance(quote, PriceSuggestion):
        return quote
    reason = quote.reason
    for platform in Platform:
        for before in ("for ", "on "):
            reason = reason.replace(f"{before}{platform.value}", f"{before}{platform.label}")
    return NoComparableMarketData(platform=quote.platform, reason=reason, nearest=quote.nearest)
