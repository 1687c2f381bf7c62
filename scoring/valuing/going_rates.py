"""Going rates of each market as they were known at one moment."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np

from accounts.models import Platform
from accounts.money import exponent
from scoring.ml.prices.facts import MarketRow
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.formula import Formula, RateLine
from scoring.ml.value.rates import Priced, TooFewPrices, fit_rate
from scoring.ml.value.valuing import ValueModel
from scoring.pricing.deliverables import deliverables_on
from scoring.pricing.market_rows import Scope, read_market_rows
from scoring.valuing.facts import market_name

RECORDED = "prices recorded here"


def find_rates(model: ValueModel, *, as_of: datetime) -> dict[str, RateLine]:
    """Market → its going rate. Markets without enough prices have none, and none is made up.

    Prices recorded here outrank those a model was shipped with. Simulated accounts have rates
    of simulated prices only, real ones of real prices only.
    """
    found: dict[str, RateLine] = {}
    for platform, rate in model.coefficients.rates.items():
        if rate.priced_to <= as_of.date().isoformat()[: len(rate.priced_to)]:
            found[market_name(platform=platform, simulated=False)] = rate
    for simulated in (False, True):
        rows = read_market_rows(Scope(simulated=simulated, as_of=as_of))
        for platform in sorted({row.platform for row in rows}):
            market = market_name(platform=platform, simulated=simulated)
            own = [row for row in rows if row.platform == platform]
            try:
                found[market] = rate_of_rows(model, own, market=market, simulated=simulated)
            except TooFewPrices:
                continue
    return found


def rate_of_rows(
    model: ValueModel, rows: Sequence[MarketRow], *, market: str, simulated: bool
) -> RateLine:
    """The line through one platform's prices, each creator's newest of the usual kind of work.

    The kind of work is the platform's plainest that enough creators have a price for, the
    currency the one that most of them have it in; what a price buys is the engagement the
    formula predicts from the facts known beside it.

    :raises TooFewPrices: see `fit_rate`.
    """
    rows = [row for row in rows if row.priced_at is not None]
    if not rows:
        raise TooFewPrices(f"{market} has no dated price.")
    deliverable = _ordinary(rows, model.formula)
    rows = [row for row in rows if row.deliverable == deliverable]
    currency = _most_priced(rows, [row.currency for row in rows])
    newest: dict[str, MarketRow] = {}
    for row in sorted(rows, key=_day):
        if row.currency == currency:
            newest[row.creator_key] = row
    priced = list(newest.values())
    valued = model.value(_evidence(model, priced), rates={})
    return fit_rate(
        Priced(
            prices=np.array([row.price * 10 ** exponent(currency) for row in priced]),
            engagement=valued.value,
            followers=_numbers([row.followers for row in priced]),
            days=np.array([_day(row).isoformat() for row in priced], dtype=object),
        ),
        market=market,
        currency=currency,
        deliverable=deliverable,
        source=RECORDED,
        formula=model.formula,
        simulated=simulated,
    )


def _ordinary(rows: Sequence[MarketRow], formula: Formula) -> str:
    """The plainest kind of work with enough priced creators, else the one most have priced."""
    for name in deliverables_on(rows[0].platform):
        creators = {row.creator_key for row in rows if row.deliverable == name}
        if len(creators) >= formula.fewest_priced:
            return name
    return _most_priced(rows, [row.deliverable for row in rows])


def _day(row: MarketRow) -> date:
    assert row.priced_at is not None
    return row.priced_at


def _most_priced(rows: Sequence[MarketRow], names: Sequence[str]) -> str:
    """The name that most creators have a price under; the first of several by the alphabet."""
    pairs = {(name, row.creator_key) for name, row in zip(names, rows, strict=True)}
    counts = Counter(name for name, _ in pairs)
    return min(counts, key=lambda name: (-counts[name], name))


def _evidence(model: ValueModel, rows: Sequence[MarketRow]) -> Evidence:
    n = len(rows)
    platform = rows[0].platform
    # On Douyin a price list's rate is one of views, elsewhere one of followers.
    per_follower = np.nan if platform == Platform.DOUYIN else 1.0
    # Rows have medians; the formula lowers means by this factor to get at those.
    lifted = np.exp(model.coefficients.prior(platform).within_sd ** 2 / 2.0)
    return Evidence(
        keys=np.arange(n, dtype=np.uint64),
        platforms=np.full(n, platform, dtype=object),
        markets=np.full(n, "", dtype=object),
        followers=_numbers([row.followers for row in rows]),
        engagement_rate=_numbers([row.engagement_rate for row in rows]) * per_follower,
        average_engagement=_numbers([row.median_interactions for row in rows]) * lifted,
        risk=1.0 - _numbers([row.authenticity for row in rows]),
        starts=np.zeros(n + 1, dtype=int),
        engagement=np.zeros(0),
        ages=np.zeros(0),
    )


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values])
