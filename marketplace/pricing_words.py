"""What stands behind a price, in sentences."""

import math
from typing import Any

from accounts.money import exponent, readable
from marketplace.readable import UNBROKEN, percent
from scoring.answers import premium_words
from scoring.ml.match.exposure import TIERS
from scoring.pricing.suggesting import Coverage, Suggestion

TIER_NAMES = {name for name, _ in TIERS}


def coverage_sentences(coverage: Coverage) -> list[str]:
    """How often such ranges were right: aimed at, on creators not seen, on later agreements."""
    interval = f"{percent(coverage.held_out_low, 0)}–{percent(coverage.held_out_high, 0)}"
    whose = f"{coverage.part} creators" if coverage.part in TIER_NAMES else "creators of all sizes"
    said = [
        f"Such a range is meant to hold {percent(coverage.nominal, 0)} of prices. On "
        f"{coverage.held_out_prices:,} prices by {whose} that were not learned from, it held "
        f"{percent(coverage.held_out, 0)} (95{UNBROKEN}% interval {interval})."
    ]
    if coverage.observed is None:
        said.append("No price has been agreed here since, so nothing is known of that.")
    else:
        many = "" if coverage.observed_prices == 1 else "s"
        said.append(
            f"Of {coverage.observed_prices:,} price{many} agreed on this platform since, "
            f"{percent(coverage.observed, 0)} lay in the range that could be seen before."
        )
    return said


def factor_bars(suggestion: Suggestion) -> list[dict[str, Any]]:
    """Premiums for `c-signed-bars`; a premium of 1 has no effect."""
    return [
        {"feature": name, "text": premium_words(name).format(value), "effect": math.log(value)}
        for name, value in suggestion.factors.items()
        if value is not None and value > 0
    ]


def missing_factors(suggestion: Suggestion) -> list[tuple[str, str]]:
    """(what, why) for factors the market cannot say anything about."""
    return [
        (premium_words(name).partition(":")[0], suggestion.unsupported.get(name, ""))
        for name, value in suggestion.factors.items()
        if value is None
    ]


def recent_sentence(suggestion: Suggestion) -> str:
    """What near prices of the last year were and how they moved; "" where too few are known."""
    recent, currency = suggestion.market.recent, suggestion.market.currency
    if recent.typical is None:
        return ""
    minor = 10 ** exponent(currency)
    said = (
        f"Over the last year {recent.creators:,} creators near this one had {recent.prices:,} "
        f"prices for it, {readable(recent.typical * minor, currency)} in the middle."
    )
    if recent.trend is None or recent.trend_low is None or recent.trend_high is None:
        return f"{said} {recent.reasons.get('trend', '')}".strip()
    return (
        f"{said} The later half of the year is × {recent.trend:.2f} of the earlier (95{UNBROKEN}% "
        f"interval {recent.trend_low:.2f}–{recent.trend_high:.2f})."
    )
