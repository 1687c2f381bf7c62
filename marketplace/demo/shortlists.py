"""Two shortlists of the first made-up brand, and what made-up creators say of their time.

Written with the services people use. Inside the transaction that makes the market.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.availability import Availability, say_availability
from accounts.models import Brand, Creator, SocialAccount, User
from campaigns.shortlist_entries import add_creator
from campaigns.shortlist_notes import write_note
from campaigns.shortlist_votes import Value, cast_vote
from campaigns.shortlists import create_shortlist
from marketplace.demo import cast

Voice = tuple[str, Value, str]  # address, vote, note ("" for none)


@dataclass(frozen=True)
class DemoList:
    """``words`` choose the creators: any of them in what an account says of itself."""

    name: str
    campaign: str
    days_ago: int
    words: tuple[str, ...]
    voices: tuple[tuple[Voice, ...], ...]  # of the first creator, of the second …


LISTS = (
    DemoList(
        "Sunscreen, first look",
        "Sunscreen for sensitive skin",
        10,
        ("skin", "beauty"),
        (
            (
                (cast.OWNER, Value.FOR, "The bio is about exactly this. Ask for past sunscreens."),
                (cast.MANAGER, Value.FOR, "Agreed. Short routines, which the brief asks for."),
            ),
            ((cast.OWNER, Value.FOR, ""), (cast.MANAGER, Value.AGAINST, "Too close to make-up.")),
            ((cast.MANAGER, Value.FOR, ""),),
            ((cast.OWNER, Value.AGAINST, "Look at the risk first, with the growth beside it."),),
        ),
    ),
    DemoList(
        "People who cook",
        "",
        6,
        ("cook", "bake", "bread", "recipe", "food"),
        (
            ((cast.MANAGER, Value.FOR, "For the knives, if they bake at all."),),
            ((cast.OWNER, Value.FOR, ""),),
            (),
        ),
    ),
)
# Of the creators with log-ins or teams behind them, in their order: takes on work, first day
# away and last day away in days from now.
AVAILABILITY: tuple[tuple[bool | None, int | None, int | None], ...] = (
    (True, 21, 35),
    (True, None, None),
    (None, -2, 12),
    (False, None, None),
    (True, 5, None),
)


def write_shortlists(
    *,
    brand: Brand,
    users: dict[str, User],
    accounts: Sequence[SocialAccount],
    now: dt.datetime,
) -> None:
    owner = users[cast.OWNER]
    for one in LISTS:
        begun = now - dt.timedelta(days=one.days_ago)
        made = create_shortlist(
            brand=brand,
            name=one.name,
            campaign=brand.campaigns.filter(title=one.campaign).first() if one.campaign else None,
            actor=owner,
            now=begun,
        )
        chosen = _choose(accounts, one.words, len(one.voices))
        for place, (creator, voices) in enumerate(zip(chosen, one.voices, strict=False)):
            at = begun + dt.timedelta(hours=place)
            entry, _ = add_creator(shortlist=made, creator=creator, actor=owner, now=at)
            for turn, (address, value, note) in enumerate(voices, start=1):
                said = at + dt.timedelta(days=turn)
                cast_vote(entry=entry, value=value, actor=users[address], now=said)
                if note:
                    write_note(entry=entry, text=note, actor=users[address], now=said)


def say_when_free(creators: Sequence[Creator], *, now: dt.datetime) -> None:
    """Each through their own user. Creators without one say nothing, as everywhere."""
    today = now.date()

    def day(offset: int | None) -> dt.date | None:
        return None if offset is None else today + dt.timedelta(days=offset)

    for creator, (accepts, first, last) in zip(creators, AVAILABILITY, strict=False):
        if creator.user is not None:
            say_availability(
                creator=creator,
                availability=Availability(accepts, day(first), day(last)),
                actor=creator.user,
                now=now,
            )


def _choose(accounts: Sequence[SocialAccount], words: Sequence[str], count: int) -> list[Creator]:
    """The first whose accounts speak of it, then the first of the others: always as many."""
    speaking: dict[int, Creator] = {}
    others: dict[int, Creator] = {}
    for account in accounts:
        text = " ".join([account.text(), *account.declared_niches]).lower()
        chosen = speaking if any(word in text for word in words) else others
        chosen.setdefault(account.creator_id, account.creator)
    return list((speaking | others).values())[:count]
