"""The suggested price beside the asked one, what moves it, and comparable prices of others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.models import SocialAccount
from accounts.money import readable
from scoring import registry
from scoring.justifying.documents import Comparable, Figure, Section, Unit
from scoring.justifying.wording import compare_ask, percent_words
from scoring.pricing.comparing import FEWEST_CREATORS, ComparablePrice
from scoring.pricing.deliverables import label_of
from scoring.pricing.errors import NoMarketData, RateMissing
from scoring.pricing.suggesting import Coverage, Suggestion, suggest_price

TITLE: Final = "Price and market"
FACTORS: Final = {
    "follower_count": "followers",
    "market_trend": "trend of the market",
    "seasonality": "season",
    "campaign_type": "kind of campaign",
    "deliverable_type": "kind of work",
}


@dataclass(frozen=True)
class Priced:
    """``verdict`` compares the asked price with the suggestion; "" where that cannot be done."""

    section: Section
    verdict: str


def price_section(
    account: SocialAccount, deliverable: str, *, asked_minor: int, currency: str, now: datetime
) -> Priced:
    """The market's answer in the currency of the asked price, else in its own. About ten
    queries; without a comparable market, or a model, it says so."""
    try:
        try:
            found = suggest_price(
                account=account, deliverable=deliverable, currency=currency, now=now
            )
        except RateMissing:
            found = suggest_price(account=account, deliverable=deliverable, now=now)
    except NoMarketData as refusal:
        return _nothing(refusal.message)
    except registry.NO_MODEL:
        return _nothing("The price model was not at hand when this was made.")
    sentences = _sentences(found)
    verdict = ""
    if found.currency == currency:
        verdict = compare_ask(
            asked_minor, low=found.min_minor, suggested=found.suggested_minor,
            high=found.max_minor, currency=currency,
        )  # fmt: skip
    else:
        sentences.insert(
            0,
            f"The prices of this market are in {found.currency}, and there is no recent rate to "
            f"{currency}; so the asked price is not compared with them.",
        )
    section = Section(
        name="price",
        title=TITLE,
        figures=[
            _suggested(found, account),
            *_recent(found),
            *_factors(found, account),
        ],
        sentences=sentences,
        comparables=_comparables(found),
    )
    return Priced(section, verdict)


def _nothing(reason: str) -> Priced:
    return Priced(Section(name="price", title=TITLE, unknown=reason), "")


def _suggested(found: Suggestion, account: SocialAccount) -> Figure:
    return Figure(
        name="suggested",
        label=f"Suggested price for {label_of(found.deliverable, found.platform)}",
        unit=Unit.MONEY,
        value=found.suggested_minor,
        low=found.min_minor,
        high=found.max_minor,
        currency=found.currency,
        interval=_coverage_words(found.coverage),
        source=" ".join(
            part
            for part in (
                _without_ranges(found.basis),
                f"{percent_words(found.confidence)} of held-out prices with ranges about as wide "
                "were within a factor of two of the suggestion.",
                found.conversion.sentence if found.conversion else "",
            )
            if part
        ),
        model_version=found.model_version,
        as_of=found.as_of.isoformat(),
        simulated=found.simulated or account.creator.is_simulated,
    )


def _coverage_words(coverage: Coverage) -> str:
    """How often such ranges were right: aimed at, on creators not learned from, and later."""
    where = "" if coverage.part == "all" else f" of {coverage.part} creators"
    said = (
        f"{percent_words(coverage.nominal)} of prices are to lie in it; of "
        f"{coverage.held_out_prices:,} prices{where} not learned from, "
        f"{percent_words(coverage.held_out)} did ({percent_words(coverage.held_out_low)} to "
        f"{percent_words(coverage.held_out_high)})"
    )
    if coverage.observed is not None:
        said += f", of {coverage.observed_prices:,} agreed later {percent_words(coverage.observed)}"
    return said


def _recent(found: Suggestion) -> list[Figure]:
    """The middle of prices near this one over the last year, and how it moved."""
    trend = found.market.recent.trend
    if trend is None:
        return []
    return [
        Figure(
            name="trend",
            label="Prices near this one, last half year against the one before",
            unit=Unit.TIMES,
            value=trend,
            low=found.market.recent.trend_low,
            high=found.market.recent.trend_high,
            interval="95 % interval (bootstrap over creators)",
            source=f"{found.market.recent.prices:,} prices of "
            f"{found.market.recent.creators:,} creators",
            as_of=found.as_of.isoformat(),
            simulated=found.simulated,
        )
    ]


def _factors(found: Suggestion, account: SocialAccount) -> list[Figure]:
    return [
        Figure(
            name=name,
            label=f"Effect on the price: {_factor_name(name)}",
            unit=Unit.TIMES,
            value=premium,
            as_of=found.as_of.isoformat(),
            simulated=found.simulated or account.creator.is_simulated,
        )
        for name, premium in found.factors.items()
        if premium is not None
    ]


def _without_ranges(basis: str) -> str:
    """The sentences that do not say how often ranges held: the interval says that."""
    kept = [part.rstrip(".") for part in basis.split(". ") if "range" not in part]
    return ". ".join(kept) + "." if kept else ""


def _factor_name(name: str) -> str:
    """``engagement_premium`` → ``engagement``."""
    plain = name.removesuffix("_premium")
    return FACTORS.get(plain, plain.replace("_", " "))


def _sentences(found: Suggestion) -> list[str]:
    silent = [_factor_name(name) for name, value in found.factors.items() if value is None]
    said = ["Effects are factors against the typical priced piece of this market."]
    if silent:
        said.append(f"The market says nothing about: {', '.join(silent)}.")
    if not _comparables(found):
        said.append(found.comparables_note or "No comparable prices can be shown.")
    else:
        said.append(
            "Comparable prices are of other creators, whose names are not told; counts are "
            "rounded, or not told where fewer than five are alike. A distance of 1 is as far as "
            "twice the followers."
        )
    return said


def _comparables(found: Suggestion) -> list[Comparable]:
    """None below `FEWEST_CREATORS`, so that no price can be told to be somebody's."""
    if len(found.comparables) < FEWEST_CREATORS:
        return []
    return [_comparable(one, found.platform) for one in found.comparables]


def _comparable(one: ComparablePrice, platform: str) -> Comparable:
    return Comparable(
        price=readable(one.price_minor, one.currency),
        kind=f"{one.kind}, {label_of(one.deliverable, platform)}",
        when="not known" if one.month is None else f"{one.month:%b %Y}",
        followers="not told" if one.followers is None else f"{one.followers:,}",
        distance=round(one.distance, 2),
    )
