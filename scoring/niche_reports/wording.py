"""What a niche's figures mean, in sentences: only what its intervals carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from scoring.models.niche_reports import FEWEST_CREATORS
from scoring.niche_reports.computing import FEWEST_BRANDS
from scoring.niche_reports.reading import NicheReading

MINUS: Final = "\N{MINUS SIGN}"
_MIRRORED: Final = (("value", "value"), ("low", "high"), ("high", "low"))
FEW_EQUALS: Final = 5
"""Where so few equal accounts would share the followers alike, a handful holds them."""


@dataclass(frozen=True)
class Sentence:
    """``topic`` is what it is about; ``state`` one word that lists and programs can use."""

    topic: str
    state: str
    text: str


def describe(reading: NicheReading) -> list[Sentence]:
    """Competition, growth, engagement, posting, demand and the opportunity, in this order."""
    row = reading.row
    return [
        _competition(reading),
        _growth(row.growth, row.growth_change),
        _engagement(row.engagement, row.engagement_change),
        _posting(row.posts_per_week),
        _demand(row.campaigns, row.hires),
        _opportunity(row.opportunity),
    ]


def growth_words(growth: dict[str, Any] | None) -> str:
    """``growing 2.1 % a month (1.4–2.8)``; without a trend only that none is sure."""
    if growth is None:
        return "growth not known"
    trend = growth.get("trend", "")
    if trend == "fall":
        shrinking = {name: -growth[other] for name, other in _MIRRORED}
        return f"shrinking {percents(shrinking['value'])} % a month ({span(shrinking)})"
    words = "growing" if trend == "rise" else "no clear change:"
    return f"{words} {percents(growth['value'])} % a month ({span(growth)})"


def _competition(reading: NicheReading) -> Sentence:
    row = reading.row
    creators = f"{row.creators:,} creators"
    middle = reading.middle_creators
    beside = "" if middle is None else f" The middle niche has {middle:,.0f}."
    opening = {
        "crowded": f"Crowded: {creators}, more than in three quarters of the niches.",
        "thin": f"Thin: {creators}, fewer than in three quarters of the niches.",
        "ordinary": f"{creators}, as in half of the niches.",
        "": f"{creators}.",
    }[reading.level]
    held = ""
    if row.top_share is not None and reading.equals is not None:
        held = (
            f" The largest tenth of the accounts holds {100 * row.top_share:.0f} % of the "
            f"followers, as uneven as {reading.equals:,.0f} accounts of equal size."
        )
        if reading.equals < FEW_EQUALS:
            held += " A handful dominates."
    return Sentence("Competition", reading.level or "unknown", opening + beside + held)


def _growth(growth: dict[str, Any] | None, change: dict[str, Any] | None) -> Sentence:
    if growth is None:
        return Sentence(
            "Growth",
            "unknown",
            f"Not known: fewer than {FEWEST_CREATORS} accounts were counted twice, at least two "
            "weeks apart.",
        )
    words = growth_words(growth)
    text = f"{words[0].upper()}{words[1:]}, the median of {growth['n']:,} accounts counted twice."
    if change and change.get("trend"):
        faster = "Faster" if change["trend"] == "rise" else "Slower"
        text += (
            f" {faster} than the month before by {abs(100 * change['value']):.1f} points "
            f"({span(change)}), by the {change['n']:,} accounts known in both."
        )
    elif change:
        text += f" Against the month before no clear change, by {change['n']:,} accounts."
    return Sentence("Growth", {"rise": "growing", "fall": "shrinking", "": "unclear"}[
        growth.get("trend", "")], text)  # fmt: skip


def _engagement(rate: dict[str, Any] | None, change: dict[str, Any] | None) -> Sentence:
    if rate is None:
        return Sentence(
            "Engagement",
            "unknown",
            f"Not known: fewer than {FEWEST_CREATORS} accounts have a rate of this month.",
        )
    text = (
        f"The median rate is {percents(rate['value'])} % ({span(rate)}) of {rate['n']:,} accounts"
    )
    if "q1" in rate:
        text += f"; half of them lie between {percents(rate['q1'])} and {percents(rate['q3'])} %"
    text += "."
    state = "unclear"
    if change and change.get("trend"):
        state = "rising" if change["trend"] == "rise" else "falling"
        text += (
            f" It is {state}: by {percents(abs(change['value']))} % of itself ({span(change)}) "
            f"for the {change['n']:,} accounts known in both months."
        )
    elif change:
        text += f" Against the month before no clear change, by {change['n']:,} accounts."
    return Sentence("Engagement", state, text)


def _posting(pace: dict[str, Any] | None) -> Sentence:
    if pace is None:
        return Sentence("Posting", "unknown", "How often creators post is not known.")
    return Sentence(
        "Posting",
        "known",
        f"{pace['value']:.1f} posts a week ({pace['low']:.1f}–{pace['high']:.1f}), the median of "
        f"{pace['n']:,} accounts whose posts were counted twice.",
    )


def _demand(campaigns: int | None, hires: int | None) -> Sentence:
    if campaigns is None and hires is None:
        return Sentence(
            "Demand",
            "unknown",
            f"Not shown: fewer than {FEWEST_BRANDS} brands are behind campaigns that name the "
            "niche, and behind hires in it.",
        )
    parts = []
    if campaigns is not None:
        parts.append(f"{campaigns:,} campaigns begun in the month name it")
    if hires is not None:
        parts.append(f"{hires:,} times a creator of it was hired")
    return Sentence("Demand", "known", f"{'; '.join(parts)}.".capitalize())


def _opportunity(chance: dict[str, Any] | None) -> Sentence:
    if chance is None:
        return Sentence(
            "Opportunity",
            "unknown",
            "Not read: it needs demand and growth, of at least five niches.",
        )
    state = "above" if chance["low"] > 0 else "below" if chance["high"] < 0 else "unclear"
    words = {
        "above": "More demand and growth than the middle niche",
        "below": "Less demand and growth than the middle niche",
        "unclear": "Not surely different from the middle niche",
    }[state]
    return Sentence(
        "Opportunity",
        state,
        f"{words}: {chance['value']:+.1f} points ({chance['low']:+.1f} to "
        f"{chance['high']:+.1f}).".replace("-", MINUS),
    )


def span(one: dict[str, Any]) -> str:
    """``1.4–2.8``, or ``−0.3 to 1.2`` where one end is below zero; in per cent."""
    between = "–" if one["low"] >= 0 else " to "
    return f"{percents(one['low'])}{between}{percents(one['high'])}"


def percents(share: float) -> str:
    """0.0213 → ``2.1``; small ones keep a second place, and a minus is a minus."""
    figure = 100 * share
    text = f"{figure:.2f}" if 0 < abs(figure) < 1 else f"{figure:.1f}"
    return text.replace("-", MINUS)
