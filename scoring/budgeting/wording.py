"""A plan's document with names and reasons in plain words."""

from collections.abc import Mapping
from typing import Any

from accounts.money import readable
from scoring.budgeting.terms import Goal

Document = dict[str, Any]
Names = Mapping[int, str]
GONE = "a creator who is gone"


def told(document: Document, names: Names) -> Document:
    """The document with ``creator`` and ``text`` in each pick and each of the best left out."""
    currency, goal = document["currency"], document["goal"]
    return {
        **document,
        "picks": [
            {**row, "creator": _name(names, row), "text": why_picked(row, names, currency, goal)}
            for row in document["picks"]
        ],
        "best_left_out": [
            {**row, "creator": _name(names, row), "text": why_left_out(row, names, currency, goal)}
            for row in document["best_left_out"]
        ],
    }


def why_picked(row: Document, names: Names, currency: str, goal: str) -> str:
    text = f"Without it the plan would lack {amount_of(goal, row['adds'])}"
    text += f" for {readable(row['price']['middle_minor'], currency)}"
    if row["shared_with"] is not None and row["shared"] >= 1:
        other = names.get(row["shared_with"], GONE)
        text += f"; about {rounded(row['shared'])} people are assumed to see {other} as well"
    if row["is_asked_for"]:
        text += "; you asked for it"
    return f"{text}."


def why_left_out(row: Document, names: Names, currency: str, goal: str) -> str:
    """By its ``why``, a name of `scoring.ml.budgeting.explaining.Why`."""
    adds = amount_of(goal, row["adds"])
    short = readable(row["short_minor"], currency)
    other = None if row["other"] is None else names.get(row["other"], GONE)
    match row["why"]:
        case "too_dear":
            return f"Too dear by {short}, and no swap for one pick makes room."
        case "shared":
            dear = f", and is too dear by {short}" if row["short_minor"] > 0 else ""
            people = rounded(row["loss"])
            return (
                f"Audience shared with {other}: about {people} would see both; adds {adds}{dear}."
            )
        case "full" if other:
            return f"The number of creators is reached; for {other} {_change(goal, row['loss'])}."
        case "full":
            return "The number of creators is reached."
        case "less":
            return f"Too dear by {short}; in place of {other} {_change(goal, row['loss'])}."
        case _:
            return f"Would fit and adds {adds}: the method did not find it better."


def amount_of(goal: str, value: float) -> str:
    """``12,300 people``, ``840 engagements`` or ``0.71 of match``."""
    if goal == Goal.MATCHES:
        return f"{value:.2f} of match"
    return f"{rounded(value)} {'people' if goal == Goal.REACH else 'engagements'}"


def rounded(value: float) -> str:
    """To three digits: what is estimated is not told to the last one."""
    places = max(len(str(int(abs(value)))) - 3, 0)
    return f"{round(value, -places):,.0f}"


def _change(goal: str, loss: float) -> str:
    return f"the plan would lose {amount_of(goal, loss)}" if loss > 0 else "nothing would be gained"


def _name(names: Names, row: Document) -> str:
    return names.get(row["creator_id"], GONE)
