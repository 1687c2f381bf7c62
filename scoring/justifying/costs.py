"""What the asked price comes to, if the next post does as the recent ones did."""

from typing import Final

from scoring.justifying.documents import Figure, Section, Unit

PER_VIEWS: Final = 1_000


def cost_section(performance: Section, *, asked_minor: int, currency: str) -> Section:
    """The asked price per thousand views and per like or comment, from the medians.

    Arithmetic on other figures, so the interval is theirs turned round: the more views, the
    less each costs.
    """
    figures = [
        _cost(performance.figure(of), name, label, price=asked_minor * times, currency=currency)
        for of, name, label, times in (
            ("views", "per_thousand_views", "Asked price per 1,000 views", PER_VIEWS),
            ("interactions", "per_interaction", "Asked price per like or comment", 1),
        )
    ]
    return Section(name="costs", title="What the price comes to", figures=figures)


def _cost(count: Figure | None, name: str, label: str, *, price: int, currency: str) -> Figure:
    if count is None or not count.value:
        why = count.unknown if count and count.unknown else "The median is zero."
        return Figure(
            name=name, label=label, unit=Unit.MONEY, value=None, currency=currency, unknown=why
        )
    return Figure(
        name=name,
        label=label,
        unit=Unit.MONEY,
        value=price / count.value,
        low=price / count.high if count.low and count.high else None,
        high=price / count.low if count.low and count.high else None,
        currency=currency,
        interval="follows from that of the median" if count.low and count.high else "",
        source="The asked price and the median of recent posts; a single post can do better or "
        "worse, and nothing here is promised",
        as_of=count.as_of,
        simulated=count.simulated,
    )
