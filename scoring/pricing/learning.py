"""Learn what work is priced at from this site's own prices, real and simulated ones apart."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import numpy as np
from django.db import connection, transaction

from accounts.money import exponent
from scoring.ml.prices.facts import MarketRow, PriceRequest, market_of
from scoring.ml.prices.model import PriceModel, train_market
from scoring.ml.prices.suggestions import PriceSuggestion
from scoring.models import PriceModelState
from scoring.models.prices import files_digest
from scoring.pricing.checks import record_checks
from scoring.pricing.market_rows import Scope, read_market_rows
from scoring.pricing.quoting import MarketQuoter, Quoter
from scoring.pricing.serving import shipped_quoter
from scoring.pricing.states import markets_of

SEED: Final = 42
COVERAGE_SHORT: Final = 0.1
"""A market whose ranges held this much less than they were meant to is not answered for."""


class Progress(Protocol):
    def set_total(self, total: int) -> None: ...
    def set_stage(self, stage: str) -> None: ...
    def advance(self, count: int = 1) -> None: ...


@dataclass(frozen=True)
class Learned:
    """What came of one kind of market; ``state_id`` is None where nothing was learned."""

    simulated: bool
    prices: int
    creators: int
    state_id: int | None
    why: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "simulated": self.simulated,
            "prices": self.prices,
            "creators": self.creators,
            "state": self.state_id,
            "why": self.why,
        }


def learn_prices(*, params: dict[str, Any], progress: Progress, now: datetime) -> dict[str, Any]:
    """Check the ranges against what was agreed since, then learn anew. A job handler.

    The same prices as last time make no new state. Killed anywhere, it leaves none behind.

    :param params: {"simulated"?: only that kind}.
    """
    kinds = [params["simulated"]] if "simulated" in params else [False, True]
    progress.set_total(len(kinds) + 1)
    progress.set_stage("Comparing ranges with agreements")
    checked = record_checks(now=now)
    progress.advance()
    learned = []
    for simulated in kinds:
        progress.set_stage(f"Learning {'simulated' if simulated else 'real'} prices")
        learned.append(learn_market(simulated=simulated, now=now).as_dict())
        progress.advance()
    return {"checks": checked, "learned": learned}


def learn_market(*, simulated: bool, now: datetime) -> Learned:
    """Learn one kind of market from every price known now."""
    rows = read_market_rows(Scope(simulated=simulated, as_of=now))
    creators = len({row.creator_key for row in rows})
    fingerprint = fingerprint_of(rows)

    def nothing(why: str) -> Learned:
        return Learned(simulated, len(rows), creators, None, why)

    newest = PriceModelState.objects.filter(is_simulated=simulated).defer("files").last()
    if newest is not None and newest.fingerprint == fingerprint:
        return nothing(f"The prices are those {newest.version} was learned from.")
    if not rows:
        return nothing("No prices are known.")
    try:
        model = train_market(
            rows,
            random_state=SEED,
            trained_at=now,
            minor_digits={row.currency: exponent(row.currency) for row in rows},
        )
    except ValueError as error:
        return nothing(str(error))
    model, left_out = keep_good_markets(model, rows, simulated=simulated, now=now)
    state = _keep(
        model, rows, simulated=simulated, fingerprint=fingerprint, left_out=left_out, now=now
    )
    return Learned(simulated, len(rows), creators, state.pk, state.why)


def keep_good_markets(
    model: PriceModel, rows: Sequence[MarketRow], *, simulated: bool, now: datetime
) -> tuple[PriceModel, list[str]]:
    """Without the markets whose ranges fall short, or that the shipped model answers better."""
    kept, left_out = {}, []
    shipped = None if simulated else shipped_quoter()
    for key, market in model.markets.items():
        figures = market.settings.figures
        coverage, nominal = figures["coverage"], figures["nominal_coverage"]
        error = figures["median_ape"]
        own = [row for row in rows if market_of(row) == key]
        theirs = shipped_error(shipped, key, own, now=now) if shipped else None
        if coverage is None or nominal is None or coverage < nominal - COVERAGE_SHORT:
            left_out.append(f"{market.name}: its ranges held {coverage or 0:.0%} of prices.")
        elif theirs is not None and error is not None and theirs < error:
            left_out.append(
                f"{market.name}: the shipped model is off by {theirs:.0%} in the middle, this "
                f"one by {error:.0%}."
            )
        else:
            kept[key] = market
    return PriceModel(kept, version=model.version, trained_at=model.trained_at), left_out


def shipped_error(
    quoter: Quoter, market: tuple[str, str], rows: Sequence[MarketRow], *, now: datetime
) -> float | None:
    """Median absolute percentage error of the shipped model; None if it has no such market.

    On the rows here where it can read them, but not less than on creators it did not learn
    from: the rows here may be those it learned from.
    """
    recorded = quoter.held_out_error(*market)
    if recorded is None or not isinstance(quoter, MarketQuoter):
        return recorded
    answers = quoter.model.suggest([request_of_row(row) for row in rows], now=now)
    errors = [
        abs(answer.suggested_minor / 10**answer.minor_digits - row.price) / row.price
        for row, answer in zip(rows, answers, strict=True)
        if isinstance(answer, PriceSuggestion)
    ]
    return max(recorded, float(np.median(errors))) if errors else recorded


def request_of_row(row: MarketRow) -> PriceRequest:
    """What would have been asked for a row."""
    return PriceRequest(
        platform=row.platform,
        deliverable=row.deliverable,
        followers=row.followers,
        engagement_rate=row.engagement_rate,
        authenticity=row.authenticity,
        niche=row.niche,
        country=row.country,
        campaign_type=row.campaign_type,
        month=row.month or (row.priced_at.month if row.priced_at else None),
        median_views=row.median_views,
        expected_views=row.expected_views,
        median_interactions=row.median_interactions,
        follower_growth=row.follower_growth,
        currency=row.currency,
    )


def fingerprint_of(rows: Sequence[MarketRow]) -> str:
    """SHA-256 of the rows, whatever their order."""
    digest = hashlib.sha256()
    for text in sorted(map(repr, rows)):
        digest.update(text.encode())
    return digest.hexdigest()


@transaction.atomic
def _keep(
    model: PriceModel,
    rows: Sequence[MarketRow],
    *,
    simulated: bool,
    fingerprint: str,
    left_out: Sequence[str],
    now: datetime,
) -> PriceModelState:
    """Write the state. Two who learned at once write one: the second finds the first's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('price-state', 0))")
    twin = PriceModelState.objects.filter(is_simulated=simulated).defer("files").last()
    if twin is not None and twin.fingerprint == fingerprint:
        return twin
    files = model.to_files()
    return PriceModelState.objects.create(
        is_simulated=simulated,
        serves=bool(model.markets),
        why=_why(model, left_out),
        fingerprint=fingerprint,
        rows=len(rows),
        creators=len({row.creator_key for row in rows}),
        learned_through=max(row.priced_at for row in rows if row.priced_at),
        markets=markets_of(model),
        figures=_figures(model),
        files=files,
        sha256=files_digest(files),
        created_at=now,
    )


def _why(model: PriceModel, left_out: Sequence[str]) -> str:
    parts = [
        f"{market.name}: off by {market.settings.figures['median_ape'] or 0:.0%} in the middle, "
        f"ranges held {market.settings.figures['coverage'] or 0:.0%}."
        for market in model.markets.values()
    ]
    return " ".join([*parts, *(f"Left out: {text}" for text in left_out)])[:400]


def _figures(model: PriceModel) -> Mapping[str, Any]:
    return {market.name: dict(market.settings.figures) for market in model.markets.values()}
