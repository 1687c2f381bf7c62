"""What provable books cost: postings and transitions per second against a bare transaction.

    python -m benchmarks.bench_ledger [--seconds 8] [--postings 1000000]

Works in a scratch database. One account is given many postings, by SQL but through every
trigger, then read and posted to beside one that had nine. The bare transaction updates two rows
of a table without triggers and commits: the least that moving money can be. Rates are per second
of one connection, with the filled and analysed tables. The last line of stdout is one JSON
object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from itertools import count, cycle
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Collaboration, LedgerAccount

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEGS = 10
ROUNDS = 10
OPERATIONS_PER_TRANSACTION = 50
# Of every operation's ten legs nine add 1 to the account and one takes 9 from outside.
FILL = """
WITH made AS (
    INSERT INTO campaigns_operation
        (operation_id, kind, description, fingerprint, postings_count, at)
    SELECT 'fill:' || %(account)s || ':' || number, 'fill', '', '', 10, now()
    FROM generate_series(%(first)s, %(last)s) AS number
    RETURNING id
)
INSERT INTO campaigns_posting (operation_id, account_id, amount_minor)
SELECT made.id, CASE WHEN leg = 0 THEN %(outside)s ELSE %(account)s END,
    CASE WHEN leg = 0 THEN -9 ELSE 1 END
FROM made CROSS JOIN generate_series(0, 9) AS leg
"""


def rates(acts: dict[str, Callable[[], object]], seconds: float) -> dict[str, float]:
    """Median calls per second of each, measured in turn so that all meet the same machine."""
    found: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            act()
            done, started = 0, time.perf_counter()
            while (passed := time.perf_counter() - started) < seconds / ROUNDS:
                act()
                done += 1
            found[name].append(done / passed)
    return {name: round(statistics.median(each), 1) for name, each in found.items()}


def medians_ms(
    first: Callable[[], object], second: Callable[[], object], *, repeat: int
) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeat):
        for act, taken in zip((first, second), times, strict=True):
            started = time.perf_counter()
            act()
            taken.append(time.perf_counter() - started)
    small, large = (round(statistics.median(taken) * 1000, 3) for taken in times)
    return small, large


def make_bare() -> Callable[[], None]:
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id bigint PRIMARY KEY, balance bigint NOT NULL)")
        cursor.execute("INSERT INTO bare VALUES (1, 0), (2, 0)")

    def move() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bare SET balance = balance - 1 WHERE id = 1")
            cursor.execute("UPDATE bare SET balance = balance + 1 WHERE id = 2")

    return move


def accounts() -> "list[LedgerAccount]":
    """Outside, and three wallets."""
    from accounts.models import Brand
    from campaigns.ledger import account_of
    from campaigns.models import LedgerAccount

    Kind = LedgerAccount.Kind
    wallets = [
        account_of(Kind.BRAND_WALLET, "EUR", brand=Brand.objects.create(name=name))
        for name in ("Rate", "Few", "Many")
    ]
    return [account_of(Kind.EXTERNAL, "EUR"), *wallets]


def post(outside: "LedgerAccount", wallet: "LedgerAccount", operation_id: str) -> None:
    from campaigns.ledger import Leg, post_operation

    post_operation(
        operation_id=operation_id,
        kind="deposit",
        legs=[Leg(outside, -1), Leg(wallet, 1)],
        actor=None,
        now=NOW,
    )


def active_collaboration() -> "tuple[Collaboration, User]":
    """Taken from signing up to funded work by the services that do it in life."""
    from accounts.models import User
    from accounts.signup import complete_signup
    from campaigns import contracts
    from campaigns.briefs import create_campaign
    from campaigns.ledger import Leg, account_of, post_operation
    from campaigns.models import Contract, LedgerAccount
    from campaigns.offer_terms import DeliverableTerms, OfferTerms
    from campaigns.offers import accept_offer, make_offer
    from campaigns.running import change_campaign
    from campaigns.starting import invite_creator
    from campaigns.states import Side
    from campaigns.terms import BriefTerms

    def person(name: str) -> User:
        return User.objects.create_user(f"{name}@example.org", name=name)

    owner = complete_signup(user=person("owner"), name="Owner", side="brand", brand_name="Alder")
    maker = complete_signup(user=person("maker"), name="Maker", side="creator")
    brief = BriefTerms(text="Sunscreen", total_budget_minor=100_000, budget_currency="EUR")
    brand = owner.brands.get()
    campaign = create_campaign(brand=brand, title="Spring", terms=brief, actor=owner, now=NOW)
    for name, side in (("submit", Side.BRAND), ("approve", Side.MODERATOR)):
        campaign = change_campaign(campaign=campaign, name=name, side=side, actor=owner, now=NOW)
    collaboration = invite_creator(campaign=campaign, creator=maker.creator, actor=owner, now=NOW)
    piece = DeliverableTerms(
        kind="video",
        platform="instagram",
        description="A video",
        price_minor=50_000,
        draft_due_on=date(2026, 3, 20),
        publish_by=date(2026, 3, 30),
    )
    offer = make_offer(
        collaboration=collaboration,
        terms=OfferTerms(currency="EUR", deliverables=[piece]),
        side=Side.BRAND,
        actor=owner,
        now=NOW,
    )
    accept_offer(
        collaboration=collaboration,
        terms_hash=offer.terms_hash,
        side=Side.CREATOR,
        actor=maker,
        now=NOW,
    )
    text_hash = Contract.objects.get(collaboration=collaboration).text_hash
    for side, user in ((Side.BRAND, owner), (Side.CREATOR, maker)):
        contracts.sign(
            collaboration=collaboration,
            typed_name=user.name,
            text_hash=text_hash,
            side=side,
            actor=user,
            now=NOW,
        )
    Kind = LedgerAccount.Kind
    wallet = account_of(Kind.BRAND_WALLET, "EUR", brand=brand)
    post_operation(
        operation_id="deposit:0",
        kind="deposit",
        legs=[Leg(account_of(Kind.EXTERNAL, "EUR"), -100_000), Leg(wallet, 100_000)],
        actor=None,
        now=NOW,
    )
    return contracts.fund(collaboration=collaboration, actor=owner, now=NOW), owner


def make_transition() -> Callable[[], None]:
    """Asking to cancel and refusing in turn: real transitions of an active collaboration."""
    from campaigns.cancelling import ask_to_cancel, refuse_to_cancel
    from campaigns.states import Side

    collaboration, owner = active_collaboration()
    turns = cycle(((ask_to_cancel, Side.BRAND), (refuse_to_cancel, Side.CREATOR)))

    def transition() -> None:
        service, side = next(turns)
        service(collaboration=collaboration, side=side, actor=owner, now=NOW, reason="Late.")

    return transition


def fill(outside: "LedgerAccount", account: "LedgerAccount", postings: int) -> None:
    """Give the account that many postings, in transactions of a few hundred.

    Larger ones would make every posting walk past all the account's row versions of its own
    transaction.
    """
    from django.db import connection, transaction

    operations = -(-postings // (LEGS - 1))
    for first in range(1, operations + 1, OPERATIONS_PER_TRANSACTION):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                FILL,
                {
                    "account": account.pk,
                    "outside": outside.pk,
                    "first": first,
                    "last": min(first + OPERATIONS_PER_TRANSACTION - 1, operations),
                },
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_posting, campaigns_operation, campaigns_ledgeraccount")


def measure_accounts(
    outside: "LedgerAccount", few: "LedgerAccount", many: "LedgerAccount"
) -> dict[str, dict[str, float]]:
    """Median milliseconds on each account, in turn, and the ratio of the two."""
    from django.db.models import Sum

    from campaigns.ledger import list_postings
    from campaigns.models import LedgerAccount, Posting

    numbers = count()

    def balance(wallet: LedgerAccount) -> None:
        _ = LedgerAccount.objects.get(pk=wallet.pk).balance_minor

    def latest(wallet: LedgerAccount) -> None:
        list(list_postings(wallet)[:50])

    def adding_up(wallet: LedgerAccount) -> None:
        Posting.objects.filter(account=wallet).aggregate(Sum("amount_minor"))

    def posting(wallet: LedgerAccount) -> None:
        post(outside, wallet, f"one:{next(numbers)}")

    found = {}
    for act, repeat in ((balance, 500), (posting, 200), (latest, 200), (adding_up, 5)):
        small, large = medians_ms(partial(act, few), partial(act, many), repeat=repeat)
        found[act.__name__] = {
            "few_ms": small,
            "many_ms": large,
            "ratio": round(large / small, 2),
        }
    return found


def measure(seconds: float, postings: int) -> dict[str, Any]:
    from campaigns.ledger import check_books

    outside, busy, few, many = accounts()
    started = time.perf_counter()
    fill(outside, few, LEGS - 1)
    fill(outside, many, postings)
    filled = time.perf_counter() - started
    print(f"filled in {filled:.0f} s", flush=True)
    numbers = count()
    found = rates(
        {
            "bare": make_bare(),
            "operation": lambda: post(outside, busy, f"rate:{next(numbers)}"),
            "transition": make_transition(),
        },
        seconds,
    )
    print(f"per second: {found}", flush=True)
    by_account = measure_accounts(outside, few, many)
    started = time.perf_counter()
    right = check_books().is_right
    return {
        "postings": postings,
        "per_second": found,
        "operation_over_bare": round(found["operation"] / found["bare"], 3),
        "transition_over_bare": round(found["transition"] / found["bare"], 3),
        "fill_postings_per_second": round(postings * LEGS / (LEGS - 1) / filled),
        "account": by_account,
        "check_books_seconds": round(time.perf_counter() - started, 2),
        "books_are_right": right,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8.0, help="For each rate.")
    parser.add_argument("--postings", type=int, default=1_000_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    with scratch_database():
        report = {"benchmark": "ledger", **measure(options.seconds, options.postings)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
