"""The market value of an account and its rank, with the parts they are multiplied from."""

from typing import Final

from accounts.models import SocialAccount
from scoring.justifying.documents import Figure, Section, Unit
from scoring.valuing.reading import Valuation, current_value

TITLE: Final = "Market value"
DRAWS: Final = "holds 90 % of the values that drawing the evidence again gave (bootstrap)"
PARTS: Final = (
    ("engagement", "Factor: engagements of an ordinary post, predicted", Unit.COUNT),
    ("authenticity", "Factor: authenticity", Unit.TIMES),
    ("consistency", "Factor: consistency", Unit.TIMES),
)


def value_section(account: SocialAccount) -> Section:
    """What the latest run says, or why there is no value. One query."""
    found = current_value(account)
    if found is None:
        return Section(
            name="value", title=TITLE, unknown="No market value has been computed for it yet."
        )
    if found.abstained or found.value is None:
        return Section(
            name="value",
            title=TITLE,
            unknown=f"No value is given: {found.reason or 'there is not enough evidence.'}",
        )
    return Section(
        name="value",
        title=TITLE,
        figures=[_value(found), *_rank(found), *_parts(found)],
        sentences=_sentences(found),
    )


def _value(found: Valuation) -> Figure:
    in_money = found.unit == "money"
    return Figure(
        name="value",
        label="Value of one ordinary post"
        if in_money
        else "Value of one ordinary post, in engagements",
        unit=Unit.MONEY if in_money else Unit.COUNT,
        value=found.value,
        low=found.low,
        high=found.high,
        currency=found.currency,
        interval=DRAWS,
        source=f"By a stated formula over the whole history ({found.formula_version}); every "
        "coefficient is on the page “How market values come about”",
        model_version=found.model_version,
        as_of=found.as_of.isoformat(),
        simulated=found.simulated,
    )


def _rank(found: Valuation) -> list[Figure]:
    if found.rank is None:
        return []
    return [
        Figure(
            name="rank",
            label=f"Rank among {found.ranked:,} accounts that can be compared with it",
            unit=Unit.RANK,
            value=found.rank,
            low=found.rank_low,
            high=found.rank_high,
            interval="holds 90 % of the ranks in the same draws",
            source="By the value, the highest first",
            model_version=found.model_version,
            as_of=found.as_of.isoformat(),
            simulated=found.simulated,
        )
    ]


def _parts(found: Valuation) -> list[Figure]:
    figures = []
    for name, label, unit in PARTS:
        part = found.parts.get(name) or {}
        if part.get("value") is None:
            continue
        figures.append(
            Figure(
                name=name,
                label=label,
                unit=unit,
                value=part["value"],
                low=part.get("low"),
                high=part.get("high"),
                interval="90 %, from the same draws",
                model_version=found.model_version,
                as_of=found.as_of.isoformat(),
                simulated=found.simulated,
            )
        )
    return figures


def _sentences(found: Valuation) -> list[str]:
    said = []
    if found.unit != "money":
        said.append(
            "There is no market to tell a going rate here, so the value counts engagements and "
            "not money."
        )
    if found.band is not None:
        said.append(
            f"It is in band {found.band}: accounts of one band cannot be told apart by their "
            "values."
        )
    return said
