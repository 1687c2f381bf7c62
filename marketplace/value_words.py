"""Market values in words and figures, for pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts import money
from accounts.models import Platform
from marketplace.readable import UNKNOWN, about, deliverable, percent
from scoring.ml.value.formula import Formula
from scoring.valuing.reading import Valuation

_PLATFORMS: dict[str, str] = {str(value): str(label) for value, label in Platform.choices}
BASIS = {
    "posts": "from {posts} post{s} with known engagement, the recent ones weighing most",
    "averages": "from the averages on the profile, because no single post is known",
    "rate": "from followers × engagement rate, because no post is known",
}
_WIDTH, _HEIGHT, _PAD = 640.0, 220.0, 24.0


def amount(value: float | None, currency: str) -> str:
    """``€1,250``, or ``1,490,000 engagements`` where there is no market."""
    if value is None:
        return UNKNOWN
    if currency:
        return money.estimate(value, currency)
    return f"{about(value)} engagements"


def amount_range(valuation: Valuation) -> str:
    """``€900 to €1,600``."""
    if valuation.low is None:
        return UNKNOWN
    low, high = (amount(one, valuation.currency) for one in (valuation.low, valuation.high))
    return f"{low.removesuffix(' engagements')} to {high}"


def league_words(league: str, size: int | None = None) -> str:
    """``In CNY (real creators), 1,200 ranked``; ``TikTok, in engagements (simulated …)``."""
    kind, _, name = league.partition(":")
    people = "simulated creators" if kind == "simulated" else "real creators"
    what = f"{_PLATFORMS[name]}, in engagements" if name in _PLATFORMS else f"In {name}"
    return f"{what} ({people})" + (f", {size:,} ranked" if size is not None else "")


def market_words(market: str) -> str:
    """``simulated:tiktok`` → ``TikTok``; what is no platform with a capital letter."""
    name = market.rpartition(":")[2]
    return _PLATFORMS.get(name, name[:1].upper() + name[1:])


def places(valuation: Valuation) -> str:
    """``12th (9th to 17th) of 240``, with plain numbers."""
    if valuation.rank is None or valuation.rank_low is None or valuation.rank_high is None:
        return UNKNOWN
    return (
        f"{valuation.rank:,} (between {valuation.rank_low:,} and {valuation.rank_high:,}) "
        f"of {valuation.ranked:,}"
    )


@dataclass(frozen=True)
class Part:
    """One factor of the value: its name, figure, range and what it was read from."""

    name: str
    figure: str
    span: str
    why: str


def parts_of(valuation: Valuation, formula: Formula) -> list[Part]:
    """The four factors in words; none of an abstained valuation."""
    if valuation.abstained:
        return []
    parts = valuation.parts
    return [
        _engagement(parts["engagement"], parts.get("followers")),
        _rate(parts["rate"], valuation),
        _authenticity(parts["authenticity"], formula),
        _consistency(parts["consistency"], formula),
    ]


def _engagement(part: dict[str, Any], followers: float | None) -> Part:
    posts = part["posts"]
    basis = BASIS[part["basis"]].format(posts=f"{posts:,}", s="" if posts == 1 else "s")
    size = "unknown size" if followers is None else f"{followers:,.0f} followers"
    why = (
        f"Read {basis}: {about(part['own'])} for an ordinary post. Accounts of {size} usually "
        f"have {about(part['usual_for_size'])}; the account’s own figure counts "
        f"{part['own_weight']:.0%}."
    )
    return Part("Predicted engagement per post", about(part["value"]), _span(part, about), why)


def _rate(part: dict[str, Any], valuation: Valuation) -> Part:
    if not valuation.currency or valuation.rate is None:
        why = (
            "No market tells what engagement is paid on this platform, so the value counts "
            "engagements and stands in no currency."
        )
        return Part("Going rate per engagement", "none", "", why)
    rate, currency = valuation.rate, valuation.currency

    def paid(value: float) -> str:
        return f"{value / 10 ** money.exponent(currency):,.4g} {currency}"

    dated = rate["priced_from"]
    if rate["priced_to"] != dated:
        dated = f"{dated} to {rate['priced_to']}"
    kind = "simulated " if rate["simulated"] else ""
    why = (
        f"From the prices of {rate['creators']:,} {kind}creators "
        f"for {deliverable(rate['deliverable'])} ({dated}; {rate['source']}). Single prices "
        f"lie around it by a factor of about {math.exp(rate['scatter']):.1f}."
    )
    return Part("Going rate per engagement", paid(part["value"]), _span(part, paid), why)


def _authenticity(part: dict[str, Any], formula: Formula) -> Part:
    if not part["known"]:
        low, high = formula.unknown_authenticity
        why = (
            f"The fake-follower risk was not known at that moment, so anything from {low:.0%} to "
            f"{high:.0%} was thought possible."
        )
    else:
        why = f"1 minus the fake-follower risk of {percent(part['risk'], 0)}."
    return Part("Authenticity", _factor(part["value"]), _span(part, _factor), why)


def _consistency(part: dict[str, Any], formula: Formula) -> Part:
    if not part["known"]:
        return Part(
            "Consistency", _factor(part["value"]), _span(part, _factor),
            "Too few posts are known to say, so it neither raises nor lowers the value.",
        )  # fmt: skip
    spread = part["spread"] / part["usual_spread"]
    why = f"Engagement differs from post to post {spread:.2f} × as much as is usual."
    if part["silence_days"] is not None and part["usual_gap_days"] is not None:
        patience = formula.silence_patience * part["usual_gap_days"]
        why += (
            f" The newest post is {part['silence_days']:.0f} days old"
            f"{', which lowers it' if part['silence_days'] > patience else ''}."
        )
    return Part("Consistency", _factor(part["value"]), _span(part, _factor), why)


def _factor(value: float) -> str:
    return f"× {value:.2f}"


def _span(part: dict[str, Any], written: Any) -> str:
    if part["low"] == part["high"]:
        return ""
    return f"{written(part['low'])} to {written(part['high'])}"


@dataclass(frozen=True)
class Chart:
    """A line with its ranges in a box of 640 × 220, as points of SVG shapes."""

    line: str
    area: str
    dots: list[tuple[float, float]]
    top: str
    bottom: str
    first: str
    last: str


def chart_of(history: Sequence[Valuation]) -> Chart | None:
    """The values in the newest one's unit, on a scale of factors; None for fewer than two."""
    known = [one for one in history if one.value and one.low and one.high]
    known = [one for one in known if one.currency == known[-1].currency]
    if len(known) < 2:
        return None
    moments = [one.as_of.timestamp() for one in known]
    low = min(math.log(one.low or 1.0) for one in known)
    high = max(math.log(one.high or 1.0) for one in known)
    span, duration = max(high - low, 1e-9), max(moments[-1] - moments[0], 1.0)

    def point(moment: float, value: float | None) -> tuple[float, float]:
        across = _PAD + (_WIDTH - 2 * _PAD) * (moment - moments[0]) / duration
        up = (math.log(value or 1.0) - low) / span
        return round(across, 1), round(_HEIGHT - _PAD - (_HEIGHT - 2 * _PAD) * up, 1)

    dots = [point(moment, one.value) for moment, one in zip(moments, known, strict=True)]
    upper = [point(moment, one.high) for moment, one in zip(moments, known, strict=True)]
    lower = [point(moment, one.low) for moment, one in zip(moments, known, strict=True)]
    return Chart(
        line=_points(dots),
        area=_points([*upper, *reversed(lower)]),
        dots=dots,
        top=amount(math.exp(high), known[-1].currency),
        bottom=amount(math.exp(low), known[-1].currency),
        first=f"{known[0].as_of:%-d %b %Y}",
        last=f"{known[-1].as_of:%-d %b %Y}",
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{across},{down}" for across, down in points)
