"""The tables of docs/collaborations.md say what `campaigns.states` says."""

from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.states import (
    DELIVERABLE_SILENCE,
    DELIVERABLE_TRANSITIONS,
    FINAL,
    TRANSITIONS,
    WAITING,
    DeliverableState,
    State,
)

GUIDE = Path(__file__).parents[2] / "docs" / "collaborations.md"


def span(lasts: timedelta | None) -> str:
    if lasts is None:
        return "–"
    hours = round(lasts.total_seconds() / 3600)
    return f"{hours // 24} days" if hours > 72 else f"{hours} hours"


def steps() -> list[str]:
    return [
        f"| {step.name} | {'; '.join(source.label for source in step.sources)} | "
        f"{step.target.label} | {step.who.label}{' (with a reason)' if step.needs_reason else ''} |"
        for step in TRANSITIONS.values()
    ]


def waits() -> list[str]:
    return [
        f"| {state.label} | {span(WAITING[state].lasts)} | {WAITING[state].silence} |"
        for state in State
        if state not in FINAL
    ]


def piece_steps() -> list[str]:
    rows = []
    for step in DELIVERABLE_TRANSITIONS.values():
        who = ", ".join(side.label for side in step.who)
        reason = " (with a reason)" if step.needs_reason else ""
        sources = "; ".join(source.label for source in step.sources)
        rows.append(f"| {step.name} | {sources} | {step.target.label} | {who}{reason} |")
    return rows


def piece_waits() -> list[str]:
    lasts = {step.target: span(step.lasts) for step in DELIVERABLE_TRANSITIONS.values()}
    lasts |= {
        DeliverableState.PENDING: "the contract's date for the draft",
        DeliverableState.APPROVED: "the contract's date for publishing",
    }
    return [
        f"| {state.label} | {lasts[state]} | {silence} |"
        for state, silence in DELIVERABLE_SILENCE.items()
    ]


@pytest.mark.parametrize("table", [steps, waits, piece_steps, piece_waits])
def test_the_guide_has_every_row(table: object) -> None:
    written = GUIDE.read_text().splitlines()
    assert not [row for row in table() if row not in written]  # type: ignore[operator]


def test_the_guide_has_no_other_rows() -> None:
    rows = {*steps(), *waits(), *piece_steps(), *piece_waits()}
    heads = ("| Step |", "| State |", "|--", "| Role |", "| Who |")
    found = [line for line in GUIDE.read_text().splitlines() if line.startswith("|")]
    assert not [row for row in found if row not in rows and not row.startswith(heads)]
