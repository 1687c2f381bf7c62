"""The table in docs/moderation.md is the table in the code."""

from pathlib import Path

from accounts.case_states import TRANSITIONS

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "moderation.md"


def test_the_guide_prints_the_table_of_transitions() -> None:
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in DOCUMENT.read_text().splitlines()
        if line.startswith("|") and not line.startswith(("|---", "| state"))
    ]
    assert rows == [
        (
            row.before.value,
            row.step.value,
            row.after.value,
            row.who.label,
            row.status or "–",
            row.verdict or "–",
        )
        for row in TRANSITIONS
    ]
