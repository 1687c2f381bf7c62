"""Make the demo market, or take it away: all of it or nothing."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import audit
from accounts.errors import Conflict, DomainError
from accounts.models import SocialAccount
from marketplace.demo import cast
from marketplace.demo.alerts import write_alerts
from marketplace.demo.answer_key import build_answer_key, write_answer_key
from marketplace.demo.brands import TEAMS, write_brands
from marketplace.demo.facts import write_facts
from marketplace.demo.growth_events import declare_causes
from marketplace.demo.interactions import write_interactions
from marketplace.demo.market import generate_market
from marketplace.demo.niche_reports import write_niche_reports
from marketplace.demo.prices import learn_simulated_prices, write_prices
from marketplace.demo.removal import is_seeded, remove_rows
from marketplace.demo.shortlists import say_when_free, write_shortlists
from marketplace.demo.stories import Stage, collect_past_results, tell_stories
from marketplace.demo.users import claim_creators, make_users
from marketplace.demo.values import write_values

MAX_CREATORS = 5_000
# Any number that nothing else in the product locks by.
_LOCK = 20_260_107
Progress = Callable[[str], None]


class MarketExists(Conflict):
    code = "demo_market_exists"
    message = (
        "There is a demo market already. Give --clear to replace it or --remove to take it away."
    )


class NoMarket(Conflict):
    code = "no_demo_market"
    message = "There is no demo market to take away."


class LoginsRefused(DomainError):
    code = "demo_logins_in_production"
    message = (
        "This is a production set-up, and the demo log-ins have public passwords. "
        "Give --without-logins to have the market without them."
    )


class SizeRefused(DomainError):
    code = "demo_size"
    message = f"Ask for between 1 and {MAX_CREATORS:,} creators, and a seed of 0 or more."


@dataclass(frozen=True)
class MarketReport:
    """What was made. ``seconds`` are without scoring; ``scores`` is None if none was asked."""

    creators: int
    accounts: int
    planted: int
    campaigns: int
    seconds: float
    scores: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def get_answer_key_path() -> Path:
    return Path(settings.VAR_DIR) / "demo" / "answer_key.json"


def seed_market(
    *,
    creators: int,
    seed: int,
    now: dt.datetime,
    clear: bool = False,
    with_logins: bool = True,
    with_scores: bool = True,
    with_stories: bool = True,
    say: Progress = lambda text: None,
) -> MarketReport:
    """Generate the market and write it in one transaction, then embed and score it.

    :param with_stories: whether brands and creators have worked together, and do. Only where
        all of them, and a moderator, have log-ins.
    :raises MarketExists: if there is one and ``clear`` is not given.
    :raises LoginsRefused: in production, unless ``with_logins`` is False.
    :raises SizeRefused: on no or too many creators, or a negative seed.
    """
    if not 1 <= creators <= MAX_CREATORS or seed < 0:
        raise SizeRefused
    if settings.PRODUCTION and with_logins:
        raise LoginsRefused
    started = time.monotonic()
    with transaction.atomic():
        _lock()
        if is_seeded():
            if not clear:
                raise MarketExists
            say("Removing the demo market that is there …")
            remove_rows(now=now)
        say(f"Simulating {creators:,} creators …")
        market = generate_market(creators=creators, seed=seed, today=now.date())
        say(f"Writing {len(market.accounts):,} accounts and their facts …")
        accounts = write_facts(market)
        write_prices(market, accounts, now=now)
        users = make_users(now=now, with_logins=with_logins)
        declare_causes(market, accounts, moderator=users.get(cast.MODERATOR), now=now)
        brands = write_brands(users=users, now=now)
        write_shortlists(brand=brands[0], users=users, accounts=accounts, now=now)
        if with_logins:
            claimed = claim_creators(market, accounts, users=users)
            say_when_free(claimed, now=now)
            stage = Stage(brands=brands, users=users, creators=claimed, now=now)
            if with_stories and stage.is_complete:
                tell_stories(stage)
        # After the profiles are claimed: those are hidden by nobody.
        owners = [users[team.members[0][0]] for team in TEAMS]
        write_interactions(market, accounts, brands=brands, owners=owners, now=now)
        write_alerts(brand=brands[0], users=users, accounts=accounts, now=now)
        audit.record(
            actor=None,
            verb="demo.seeded",
            subject=brands[0],
            data={"creators": creators, "seed": seed},
        )
        # Last, so that a failure before leaves the old key, and one here leaves no market.
        write_answer_key(get_answer_key_path(), build_answer_key(market))
    if with_stories and settings.RESULT_CONNECTORS:
        collect_past_results(now=now)
    seconds = time.monotonic() - started
    scores = None
    if with_scores:
        learn_simulated_prices(now=now)
        scores = _score(accounts, now=now, say=say)
        write_niche_reports(now=now)
        write_values(now=now)
    return MarketReport(
        creators=creators,
        accounts=len(accounts),
        planted=sum(account.fraud is not None for account in market.accounts),
        campaigns=sum(brand.campaigns.count() for brand in brands),
        seconds=round(seconds, 2),
        scores=scores,
    )


def remove_market(*, now: dt.datetime) -> None:
    """Take every simulated row away, and the answer key. Nothing else is touched.

    :raises NoMarket: if there is none.
    """
    with transaction.atomic():
        _lock()
        if not is_seeded():
            raise NoMarket
        remove_rows(now=now)
    get_answer_key_path().unlink(missing_ok=True)


def _lock() -> None:
    """Have a second seeding wait for the first, and then find its market."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _score(accounts: list[SocialAccount], *, now: dt.datetime, say: Progress) -> dict[str, Any]:
    from scoring.catalogue import Quiet, refresh_catalogue  # loads models: only scoring pays

    say("Embedding and scoring them …")
    ids = [account.pk for account in accounts]
    return refresh_catalogue(params={"account_ids": ids}, progress=Quiet(), now=now)
