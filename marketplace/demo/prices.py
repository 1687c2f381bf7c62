"""Simulated prices of the demo market: asked and agreed over two years, and what they teach.

The equations are those of `scoring.ml.prices.simulation` (docs/price-simulator.md). Douyin has
none: its creators are priced by the shipped model.
"""

import datetime as dt
from decimal import Decimal
from typing import Final

import numpy as np

from accounts.models import Provenance, SocialAccount
from accounts.money import to_minor
from marketplace.demo.market import Market, SimulatedAccount
from scoring.ml.match.limits import country_key
from scoring.ml.prices.simulation import (
    COUNTRIES,
    MARKETS,
    MarketSpec,
    SimulatedCreator,
    SimulatedPrice,
    simulate_prices,
)
from scoring.models import MarketPrice
from scoring.pricing.learning import learn_market
from scoring.pricing.market_rows import NAMED_FACTS, creator_key

SPAN: Final = dt.timedelta(days=760)
PRICES_EACH: Final = 6.0
ASKED_SHARE: Final = 0.35
FEWEST_FOLLOWERS: Final = 1_500
STREAM: Final = 3
SPECS: Final = {spec.platform: spec for spec in MARKETS}


def write_prices(market: Market, accounts: list[SocialAccount], *, now: dt.datetime) -> int:
    """Prices of every account on a platform the simulator knows. How many were written."""
    rows = []
    for number, (account, simulated) in enumerate(zip(accounts, market.accounts, strict=True)):
        spec = SPECS.get(account.platform)
        if spec is None or simulated.followers[-1] < FEWEST_FOLLOWERS:
            continue
        generator = np.random.default_rng([market.seed, number, STREAM])
        prices = simulate_prices(
            simulated_creator(account, simulated, spec, generator),
            count=int(generator.poisson(PRICES_EACH)),
            first_day=market.today - SPAN,
            last_day=market.today,
            asked_share=ASKED_SHARE,
            generator=generator,
        )
        rows += [market_price(account, price, now=now) for price in prices]
    MarketPrice.objects.bulk_create(rows, batch_size=2_000)
    return len(rows)


def learn_simulated_prices(*, now: dt.datetime) -> None:
    """What this market teaches; nothing where it has too few creators on every platform."""
    learn_market(simulated=True, now=now)


def simulated_creator(
    account: SocialAccount,
    simulated: SimulatedAccount,
    spec: MarketSpec,
    generator: np.random.Generator,
) -> SimulatedCreator:
    """The account's own size and engagement; what the market does not count is drawn."""
    followers = float(simulated.followers[-1])
    rate = float((simulated.likes[-1] + simulated.comments[-1]) / followers)
    country = country_key(account.country)
    bought = simulated.fraud is not None
    return SimulatedCreator(
        key=creator_key(account.creator_id),
        market=spec,
        followers=followers,
        engagement_rate=float(np.clip(rate, 0.001, 0.6)),
        authenticity=float(generator.beta(3, 5) if bought else generator.beta(12, 2)),
        niche=";".join(account.declared_niches),
        country=country if country in COUNTRIES else spec.countries[0],
        median_views=round(followers * 0.25 * float(np.exp(generator.normal(0, 0.6)))),
        temper=float(generator.normal(0, 0.15)),
    )


def market_price(account: SocialAccount, price: SimulatedPrice, *, now: dt.datetime) -> MarketPrice:
    row = price.row
    assert row.priced_at is not None
    facts = {name: getattr(row, name) for name in NAMED_FACTS}
    noon = dt.datetime.combine(row.priced_at, dt.time(12), tzinfo=dt.UTC)
    return MarketPrice(
        account=account,
        creator_key=row.creator_key,
        platform=account.platform,
        deliverable=row.deliverable,
        kind=row.kind,
        price_minor=to_minor(Decimal(str(row.price)), row.currency),
        currency=row.currency,
        priced_on=row.priced_at,
        followers=None if row.followers is None else round(row.followers),
        facts={name: value for name, value in facts.items() if value not in (None, "")},
        provenance=Provenance.SIMULATED,
        is_simulated=True,
        recorded_at=min(noon, now),
    )
