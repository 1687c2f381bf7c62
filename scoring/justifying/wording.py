"""Figures and comparisons in words: the same on the page, in the PDF and in what the API says."""

from datetime import date, datetime
from typing import Final

from accounts.money import readable
from scoring.justifying.documents import Figure, Section, Unit

UNKNOWN: Final = "not known"
SPACE: Final = "\N{NO-BREAK SPACE}"


def value_words(figure: Figure) -> str:
    return UNKNOWN if figure.value is None else _in_unit(figure.value, figure)


def interval_words(figure: Figure) -> str:
    """``500 to 1,600``, or "" where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{_in_unit(figure.low, figure)} to {_in_unit(figure.high, figure)}"


def origin_words(figure: Figure) -> str:
    """How a figure came about and as of when, with the model that gave it."""
    if figure.value is None:
        return figure.unknown
    parts = [
        figure.source,
        figure.interval if figure.low is None else f"interval: {figure.interval}",
        figure.model_version and f"model {figure.model_version}",
        figure.as_of and f"as of {day_words(figure.as_of)}",
        "simulated" if figure.simulated else "",
    ]
    return "; ".join(part.rstrip(".") for part in parts if part) + "."


def section_words(section: Section) -> list[str]:
    """What is said beside its figures."""
    if section.is_left_out:
        return ["The creator left this out."]
    return [*([section.unknown] if section.unknown else []), *section.sentences]


def day_words(moment: str) -> str:
    """``21 Nov 2026`` of an ISO date or moment."""
    day = datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
    return f"{day:%-d %b %Y}"


def compare_ask(asked: int, *, low: int, suggested: int, high: int, currency: str) -> str:
    """Where the asked price lies, all amounts in minor units of one currency."""
    if asked == suggested:
        middle = f"as suggested ({readable(suggested, currency)})"
    else:
        side = "above" if asked > suggested else "below"
        middle = f"{side} the suggested {readable(suggested, currency)}"
    place = "inside" if low <= asked <= high else ("above" if asked > high else "below")
    interval = f"{readable(low, currency)} to {readable(high, currency)}"
    return f"Asked {readable(asked, currency)}: {middle}, {place} the interval {interval}."


def _in_unit(value: float, figure: Figure) -> str:
    match figure.unit:
        case Unit.MONEY:
            return readable(value, figure.currency)
        case Unit.SHARE:
            return percent_words(value)
        case Unit.SIGNED_SHARE:
            return f"{'+' if value > 0 else '−' if value < 0 else ''}{percent_words(abs(value))}"
        case Unit.POINTS:
            return f"{value:.0f} of 100"
        case Unit.RANK:
            return f"{value:,.0f}."
        case Unit.HOURS:
            return f"{value:.0f} hours" if value < 48 else f"{value / 24:.1f} days"
        case Unit.TIMES:
            return f"×{SPACE}{value:.2f}"
        case Unit.RATIO:
            return f"{value:.2f}".rstrip("0").rstrip(".")
        case _:
            return f"{value:,.0f}"


def percent_words(share: float) -> str:
    places = 0 if share >= 0.1 or share == 0 else 1 if share >= 0.01 else 2
    return f"{100 * share:.{places}f}{SPACE}%"
