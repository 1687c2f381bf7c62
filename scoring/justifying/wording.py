"""Figures and comparisons in words: the same on the page, in the PDF and in what the API says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from accounts.money import estimate, readable
from scoring.justifying.documents import Figure, Section, Unit

UNKNOWN: Final = "not known"
SIMULATED: Final = "simulated"
SPACE: Final = "\N{NO-BREAK SPACE}"


def value_words(figure: Figure) -> str:
    return UNKNOWN if figure.value is None else _in_unit(figure.value, figure)


def interval_words(figure: Figure) -> str:
    """``500 to 1,600``, or "" where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{_in_unit(figure.low, figure)} to {_in_unit(figure.high, figure)}"


def shared_facts(section: Section) -> dict[str, str]:
    """What every known figure of a section says alike, to be said once below them."""
    known = [figure for figure in section.figures if figure.value is not None]
    shared = {"simulated": SIMULATED} if section.is_simulated else {}
    if len(known) < 2:
        return shared
    for name in ("source", "model_version", "as_of"):
        said = {getattr(figure, name) for figure in known}
        if len(said) == 1 and (only := said.pop()):
            shared[name] = only
    bounds = {figure.interval for figure in known if figure.low is not None}
    if len(bounds) == 1 and sum(figure.low is not None for figure in known) > 1:
        shared["interval"] = bounds.pop()
    return shared


def origin_words(figure: Figure, shared: Mapping[str, str] | None = None) -> str:
    """How a figure came about and as of when, with the model that gave it; without what is
    ``shared``."""
    if figure.value is None:
        return figure.unknown
    facts = {
        "source": figure.source,
        "interval": figure.interval,
        "model_version": figure.model_version,
        "as_of": figure.as_of,
        "simulated": SIMULATED if figure.simulated else "",
    }
    said = {name: fact for name, fact in facts.items() if (shared or {}).get(name) != fact}
    return _facts_words(said, bounds=figure.low is not None)


def section_words(section: Section) -> list[str]:
    """What is said beside its figures."""
    if section.is_left_out:
        return ["The creator left this out."]
    said = [*([section.unknown] if section.unknown else []), *section.sentences]
    shared = shared_facts(section)
    shared.pop("simulated", None)  # the heading says so
    if common := _facts_words(shared, bounds=True):
        said.append(f"All of these: {common[:1].lower()}{common[1:]}")
    return said


def _facts_words(facts: Mapping[str, str], *, bounds: bool) -> str:
    interval = facts.get("interval", "")
    parts = [
        facts.get("source", ""),
        f"interval: {interval}" if interval and bounds else interval,
        f"model {facts['model_version']}" if facts.get("model_version") else "",
        f"as of {day_words(facts['as_of'])}" if facts.get("as_of") else "",
        facts.get("simulated", ""),
    ]
    text = "; ".join(part.rstrip(".") for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


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
            return estimate(value, figure.currency)
        case Unit.SHARE:
            return percent_words(value)
        case Unit.SIGNED_SHARE:
            return f"{'+' if value > 0 else '−' if value < 0 else ''}{percent_words(abs(value))}"
        case Unit.POINTS:
            return f"{value:.0f} of 100"
        case Unit.RANK:
            return f"{value:,.0f}"
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
