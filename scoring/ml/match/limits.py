"""Hard limits of a campaign, and why a creator is not shown: which limit, and by how much.

The rules are those of retrieval: an unknown fact does not pass a limit on it, except that an
unknown price passes a budget, because most prices are unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from scoring.ml.match.audience import tag_of
from scoring.ml.match.countries import country_name, read_country


@dataclass(frozen=True)
class Limits:
    """What a campaign refuses by. Empty and None mean no limit. Money in minor units.

    Available from and until are the first and the last day of one period; one of them alone
    asks for that day. Whoever is known to be away on any of its days does not pass; those who
    say nothing pass unless it must be known (`needs_availability`).
    """

    platforms: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    niches: Sequence[str] = ()
    min_followers: int | None = None
    max_followers: int | None = None
    max_risk: float | None = None
    budget_minor: int | None = None
    currency: str = ""
    available_from: date | None = None
    available_until: date | None = None
    needs_availability: bool = False

    def period(self) -> tuple[date, date] | None:
        """The first and last day asked for, None where no day is."""
        first = self.available_from or self.available_until
        last = self.available_until or self.available_from
        return None if first is None or last is None else (first, last)


@dataclass(frozen=True)
class Limited:
    """The facts of one account that limits look at; None or empty where unknown.

    `available` is about the period the limits ask for, or about work at all if they ask for none.
    """

    platform: str | None = None
    country: str | None = None
    language: str | None = None
    niches: Sequence[str] | None = None
    followers: int | None = None
    risk: float | None = None
    price_low_minor: int | None = None
    price_currency: str = ""
    available: bool | None = None


@dataclass(frozen=True)
class Refusal:
    """One limit an account does not pass. `by` is how far off, as a share of the limit.

    None where it is a matter of yes or no, or the fact is unknown.
    """

    limit: str
    text: str
    by: float | None = None
    unknown: bool = False


class ContradictoryLimits(ValueError):
    """Limits that nobody can pass together; ``fields`` are their names in `Limits`."""

    def __init__(self, message: str, fields: tuple[str, ...]) -> None:
        super().__init__(message)
        self.fields = fields


CHECKED: Final = (
    "platform",
    "country",
    "language",
    "niche",
    "min_followers",
    "max_followers",
    "max_risk",
    "budget",
    "availability",
)


def country_key(name: str) -> str:
    """What two ways of writing one country have in common: its code, else the name in small.

    >>> country_key("Germany"), country_key("deutschland"), country_key(" Atlantis ")
    ('DE', 'DE', 'atlantis')
    """
    return read_country(name) or name.strip().casefold()


def why_not_shown(limits: Limits, account: Limited) -> list[Refusal]:
    """Every limit the account does not pass, in the order of `CHECKED`; empty if it is eligible.

    :raises ContradictoryLimits: a ValueError, where nobody at all could pass.
    """
    check_limits(limits)
    found = [
        _among("platform", "Platform", limits.platforms, account.platform),
        _among("country", "Country", limits.countries, account.country, countries=True),
        _among("language", "Language", limits.languages, account.language),
        _niche(limits.niches, account.niches),
        _at_least(limits.min_followers, account.followers),
        _at_most(
            "max_followers", "followers", "Followers", limits.max_followers, account.followers
        ),
        _at_most(
            "max_risk", "fake-follower risk", "Fake-follower risk", limits.max_risk, account.risk
        ),
        _budget(limits, account),
        _available(limits, account),
    ]
    return [refusal for refusal in found if refusal is not None]


def check_limits(limits: Limits) -> None:
    """:raises ContradictoryLimits: naming the limits nobody can pass together."""
    low, high = limits.min_followers, limits.max_followers
    if low is not None and high is not None and low > high:
        raise ContradictoryLimits(
            f"At least {low:,} and at most {high:,} followers contradict each other: "
            "nobody passes.",
            ("min_followers", "max_followers"),
        )
    if high is not None and high < 0:
        raise ContradictoryLimits("Fewer than 0 followers lets nobody pass.", ("max_followers",))
    if limits.max_risk is not None and limits.max_risk < 0:
        raise ContradictoryLimits("A highest risk below 0 lets nobody pass.", ("max_risk",))
    first, last = limits.available_from, limits.available_until
    if first is not None and last is not None and first > last:
        raise ContradictoryLimits(
            f"Available from {first} until {last} is no period: the last day is before the first.",
            ("available_from", "available_until"),
        )


def emptying_limits(limits: Limits, accounts: Sequence[Limited]) -> list[tuple[str, int]]:
    """Which limit empties the page: (limit, accounts that only this limit refuses), most first.

    Where no limit alone stands in anybody's way, the counts are of accounts it refuses at all.
    """
    refusals = [[refusal.limit for refusal in why_not_shown(limits, one)] for one in accounts]
    alone = Counter(names[0] for names in refusals if len(names) == 1)
    counts = alone or Counter(name for names in refusals for name in names)
    return sorted(counts.items(), key=lambda item: (-item[1], CHECKED.index(item[0])))


def _among(
    limit: str, label: str, wanted: Sequence[str], actual: str | None, *, countries: bool = False
) -> Refusal | None:
    if not wanted:
        return None
    words = " or ".join(country_name(w) for w in wanted) if countries else " or ".join(wanted)
    if not actual:
        return _unknown(limit, label, words)

    key = country_key if countries else str.casefold
    if key(actual) in {key(one) for one in wanted}:
        return None
    shown = country_name(actual) if countries else actual
    return Refusal(limit, f"{label} is {shown}; the campaign wants {words}")


def _niche(wanted: Sequence[str], actual: Sequence[str] | None) -> Refusal | None:
    words = " or ".join(wanted)
    if not wanted or {tag_of(w) for w in wanted} & {tag_of(own) for own in actual or ()}:
        return None
    if not actual:
        return _unknown("niche", "Niche", words)
    return Refusal("niche", f"Niches are {', '.join(actual)}; the campaign wants {words}")


def _at_least(least: int | None, followers: int | None) -> Refusal | None:
    if least is None or (followers is not None and followers >= least):
        return None
    if followers is None:
        return _unknown("min_followers", "Followers", f"at least {least:,}")
    short = least - followers
    return Refusal(
        "min_followers",
        f"{followers:,} followers; the campaign wants at least {least:,} "
        f"({short:,} or {short / least:.0%} too few)",
        short / least,
    )


def _at_most(
    limit: str, unit: str, label: str, most: float | None, actual: float | None
) -> Refusal | None:
    if most is None or (actual is not None and actual <= most):
        return None
    if actual is None:
        return _unknown(limit, label, f"at most {most:,.0f}")
    over = actual - most
    share = over / most if most else None
    words = f"{over:,.0f} too many" if limit == "max_followers" else f"{over:,.0f} too high"
    if share is not None and limit == "max_followers":
        words += f", {share:.0%}"
    return Refusal(
        limit,
        f"{label} {actual:,.0f}; the campaign wants {unit} of at most {most:,.0f} ({words})",
        share,
    )


def _budget(limits: Limits, account: Limited) -> Refusal | None:
    budget, lowest = limits.budget_minor, account.price_low_minor
    if budget is None or lowest is None or account.price_currency != limits.currency:
        return None
    if lowest <= budget:
        return None
    over = lowest - budget
    return Refusal(
        "budget",
        f"Lowest known price {lowest / 100:,.0f} {limits.currency}; the budget is "
        f"{budget / 100:,.0f} ({over / 100:,.0f} above)",
        over / budget if budget else None,
    )


def _available(limits: Limits, account: Limited) -> Refusal | None:
    period = limits.period()
    if account.available or (period is None and not limits.needs_availability):
        return None
    words = "Takes on work" if period is None else f"Available {_days(period)}"
    if account.available is None:
        if not limits.needs_availability:
            return None
        return Refusal(
            "availability", f"{words}: unknown; the campaign wants to know", unknown=True
        )
    if period is None:
        return Refusal("availability", "Takes on no work")
    return Refusal("availability", f"Not available {_days(period)}")


def _days(period: tuple[date, date]) -> str:
    """`on 5 Jan 2027`, or `on every day from 5 Jan 2027 to 8 Jan 2027`."""
    first, last = (f"{day.day} {day:%b %Y}" for day in period)
    return f"on {first}" if first == last else f"on every day from {first} to {last}"


def _unknown(limit: str, label: str, words: str) -> Refusal:
    return Refusal(limit, f"{label} unknown; the campaign wants {words}", unknown=True)
