"""What accounts are worth now, and what they were worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import SocialAccount
from scoring.models import MarketValue, ValuationRun


@dataclass(frozen=True)
class Valuation:
    """The value of one ordinary post of an account as of one moment.

    Money is in minor units of ``currency``; where that is "" the value counts engagements.
    ``low`` and ``high`` hold 90 % of the bootstrap's draws, as do the ranks. ``ranked`` is how
    many are ranked in the same ``league``; accounts of one ``band`` cannot be told apart from
    its first. ``parts`` has the figures of the formula (`scoring.ml.value.wording`), ``rate``
    the going rate with its data. An abstained valuation has a ``reason`` and no figures.
    """

    account_id: int
    run_id: int
    as_of: datetime
    formula_version: str
    model_version: str
    simulated: bool
    platform: str
    league: str
    currency: str
    value: float | None
    low: float | None
    high: float | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    band: int | None
    ranked: int
    abstained: bool
    reason: str
    parts: dict[str, Any] = field(default_factory=dict)
    rate: dict[str, Any] | None = None

    @property
    def unit(self) -> str:
        """ "money" or "engagements"."""
        return "money" if self.currency else "engagements"


def current_value(account: SocialAccount) -> Valuation | None:
    """The value of the latest run that has this account, None before its first. One query."""
    row = _rows([account.pk]).first()
    return None if row is None else valuation_of(row)


def current_values(account_ids: Sequence[int]) -> dict[int, Valuation]:
    """Account id → its current value, those without one left out. One query."""
    rows = _rows(account_ids).order_by("account_id", "-run__as_of", "-run_id")
    return {row.account_id: valuation_of(row) for row in rows.distinct("account_id")}


def value_history(account: SocialAccount) -> list[Valuation]:
    """Every kept run's value, the oldest first. One query."""
    return [valuation_of(row) for row in reversed(_rows([account.pk]))]


def newest_run() -> ValuationRun | None:
    """The completed run with the latest moment; None before the first."""
    return completed_runs().first()


def run_before(run: ValuationRun) -> ValuationRun | None:
    """The completed run before this one, which changes are told against; None before the first.

    Of the same model: what another makes of the same facts is no change of the account.
    """
    earlier = completed_runs().filter(as_of__lt=run.as_of, model_version=run.model_version)
    return earlier.first()


def completed_runs() -> QuerySet[ValuationRun]:
    """The latest moment first."""
    return ValuationRun.objects.filter(completed_at__isnull=False).order_by("-as_of", "-pk")


def values_in(run: ValuationRun | None, account_ids: Iterable[int]) -> dict[int, Valuation]:
    """Account id → its value in one run. One query, none without a run."""
    if run is None:
        return {}
    rows = run.values.filter(account_id__in=list(account_ids)).select_related("run")
    return {row.account_id: valuation_of(row) for row in rows}


def valuation_of(row: MarketValue) -> Valuation:
    """:param row: with its run."""
    run = row.run
    market = f"{'simulated' if row.simulated else 'real'}:{row.platform}"
    return Valuation(
        account_id=row.account_id,
        run_id=run.pk,
        as_of=run.as_of,
        formula_version=run.formula_version,
        model_version=run.model_version,
        simulated=row.simulated,
        platform=row.platform,
        league=row.league,
        currency=row.currency,
        value=row.value,
        low=row.low,
        high=row.high,
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        band=row.band,
        ranked=int(run.leagues.get(row.league, 0)),
        abstained=row.abstained,
        reason=row.reason,
        parts=row.parts,
        rate=run.rates.get(market) if row.currency else None,
    )


def _rows(account_ids: Sequence[int]) -> QuerySet[MarketValue]:
    return (
        MarketValue.objects.filter(account_id__in=account_ids, run__completed_at__isnull=False)
        .select_related("run")
        .order_by("-run__as_of", "-run_id")
    )
