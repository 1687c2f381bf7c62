"""Figures and facts as people write them: for templates, files and programs alike.

Unknown is a dash, never a zero. Template libraries register what pages need of it.
"""

import re
from datetime import date

from django.utils import timezone

from accounts import money
from accounts.availability import Availability
from accounts.models import Creator, SocialAccount
from campaigns.transparency import Figure, Unit
from scoring.models import Score
from scoring.pricing.deliverables import label_of

UNKNOWN = "–"
UNBROKEN = "\N{NO-BREAK SPACE}"
NICHES_SHOWN = 4
WORTH_SHOWING = 0.05  # less likely niches are noise on a card; the creator's page has all
HOURS_SHOWN = 48
_PERCENT = re.compile(r"(?<=\d)%")


def compact(count: float | None) -> str:
    """34600 → ``34.6k``, 1200000 → ``1.2M``; below a thousand as it is."""
    if count is None:
        return UNKNOWN
    for size, suffix in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        # 999,950 would round to "1000.0k".
        if abs(count) >= size * 0.99995:
            figure = f"{count / size:.1f}" if abs(count) < 99.95 * size else f"{count / size:.0f}"
            return figure.removesuffix(".0") + suffix
    return f"{count:.0f}"


def percent(fraction: float | None, places: int = 1) -> str:
    """0.0523 → ``5.2 %``, with a space that does not break."""
    if fraction is None:
        return UNKNOWN
    figure = f"{100 * fraction:.{places}f}"
    if "." in figure:
        figure = figure.rstrip("0").rstrip(".")
    return f"{figure}{UNBROKEN}%"


def typeset(sentence: str) -> str:
    """A sentence of a score as pages write it: ``81%`` → ``81 %``, and a round apostrophe."""
    return _PERCENT.sub(f"{UNBROKEN}%", sentence).replace("'", "’")


def money_in(minor: float | None, currency: str) -> str:
    return UNKNOWN if minor is None else money.readable(minor, currency)


def confidence_words(confidence: float | None) -> str:
    """``94 % sure``, for a calibrated probability or a share of known inputs."""
    return "" if confidence is None else f"{100 * confidence:.0f}{UNBROKEN}% sure"


def about(value: float | None) -> str:
    """A figure that is an estimate, to three digits: ``12,300``."""
    if value is None:
        return UNKNOWN
    if abs(value) < 10:
        return f"{value:.2g}"
    places = max(len(str(int(abs(value)))) - 3, 0)
    return f"{round(value, -places):,.0f}"


def readable_name(name: str) -> str:
    """``engagement_rate_30d`` → ``Engagement rate 30d``, where nobody wrote a label."""
    text = str(name).replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def niche_name(tag: str) -> str:
    """``home-decor`` → ``home decor``."""
    return tag.replace("-", " ").replace("_", " ")


def deliverable(name: str) -> str:
    """What a price is for, in words."""
    return label_of(name)


def shown_niches(account: SocialAccount, score: Score | None) -> list[tuple[str, str]]:
    """(niche, how it is known) for a card: what is declared first, then what is likely."""
    declared = [(niche_name(name), "declared") for name in account.declared_niches]
    known = {name for name, _ in declared}
    labels = (score.details.get("labels") or []) if score else []
    likely = [
        (label["readable"], percent(label["probability"], 0))
        for place, label in enumerate(labels)
        if label["readable"] not in known
        and label["probability"] >= (0 if place == 0 and not known else WORTH_SHOWING)
    ]
    return (declared + likely)[:NICHES_SHOWN]


def figure_value(figure: Figure) -> str:
    """``3 hours``, ``2.5 days``, ``92 %`` or ``0.4``."""
    if figure.value is None:
        return "not enough yet"
    if figure.unit == Unit.SHARE:
        return percent(figure.value, 0)
    if figure.unit == Unit.COUNT:
        return f"{figure.value:.1f}"
    if figure.value < HOURS_SHOWN:
        hours = round(figure.value, 1)
        return f"{hours:g}{UNBROKEN}{'hour' if hours == 1 else 'hours'}"
    return f"{figure.value / 24:.1f}".removesuffix(".0") + f"{UNBROKEN}days"


def figure_basis(figure: Figure) -> str:
    """What the value rests on: ``of 12, between 64 % and 98 %``."""
    if figure.value is None or figure.low is None or figure.high is None:
        return f"of {figure.n:,}"
    return f"of {figure.n:,}, between {percent(figure.low, 0)} and {percent(figure.high, 0)}"


def availability_words(said: Availability, today: date | None = None) -> str:
    """``Takes on work, away until 3 Dec 2026``; empty if the creator says nothing."""
    today = today or timezone.now().date()
    parts = []
    if said.accepts_work is not None:
        parts.append("takes on work" if said.accepts_work else "takes on no work")
    if said.away_from is not None:
        begins = "" if said.away_from <= today else f" from {short_day(said.away_from)}"
        ends = f" until {short_day(said.away_until)}" if said.away_until else ", return not known"
        parts.append(f"away{begins}{ends}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def said_on(creator: Creator) -> str:
    """``said by the creator on 2 Nov 2026``."""
    said_at = creator.availability_said_at
    return f"said by the creator on {short_day(said_at.date())}" if said_at else ""


def short_day(day: date) -> str:
    """``3 Dec 2026``."""
    return f"{day.day} {day:%b %Y}"
