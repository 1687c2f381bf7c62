"""Causes that simulated creators declare for their growth: most true, a few false."""

import datetime as dt

from accounts.models import GrowthEvent, SocialAccount, User
from marketplace.demo.frauds import Fraud
from marketplace.demo.market import Market, SimulatedAccount, midnight

TRUE_STORY = (
    "One of my posts went round the whole platform; it is pinned on my profile. (Simulated.)"
)
FALSE_STORY = "I paid for advertising on this platform during these days. (Simulated.)"
# Every fourth honest jump stays unexplained, every third purchase comes with a story.
UNDECLARED, LYING = 4, 3


def declare_causes(
    market: Market, accounts: list[SocialAccount], *, moderator: User | None, now: dt.datetime
) -> list[GrowthEvent]:
    """Declare most honest jumps, accept every second of them, and add false declarations.

    Written as rows, because simulated creators have no users who could declare. Whether an
    account cheats is not written: a false cause looks like a true one nobody has looked at.
    """
    events: list[GrowthEvent] = []
    jumps = purchases = 0
    for account, simulated in zip(accounts, market.accounts, strict=True):
        first = market.today - dt.timedelta(days=len(simulated.followers) - 1)
        for jump in simulated.jumps:
            jumps += 1
            if jumps % UNDECLARED == 0:
                continue
            event = _declared(account, "viral_post", first, jump.day, story=TRUE_STORY, now=now)
            if jumps % 2:
                _accept(event, moderator=moderator, now=now)
            events.append(event)
        if _bought(simulated):
            purchases += 1
            if purchases % LYING == 0 and simulated.fraud:
                day = simulated.fraud.starts
                events.append(
                    _declared(account, "advertising", first, day, story=FALSE_STORY, now=now)
                )
    return GrowthEvent.objects.bulk_create(events)


def _bought(simulated: SimulatedAccount) -> bool:
    return simulated.fraud is not None and simulated.fraud.kind is Fraud.BOUGHT_FOLLOWERS


def _declared(
    account: SocialAccount, kind: str, first: dt.date, day: int, *, story: str, now: dt.datetime
) -> GrowthEvent:
    starts_on = first + dt.timedelta(days=day)
    return GrowthEvent(
        account=account,
        kind=kind,
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=2),
        description=story,
        declared_at=min(midnight(starts_on + dt.timedelta(days=4)), now),
    )


def _accept(event: GrowthEvent, *, moderator: User | None, now: dt.datetime) -> None:
    event.state = GrowthEvent.State.ACCEPTED
    event.decided_by = moderator
    event.closed_at = min(event.declared_at + dt.timedelta(days=1), now)
    event.reasons = "The post is there, and its reactions rose with the followers."
