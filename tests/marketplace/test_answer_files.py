"""`evaluate --out`: one answer a row, or a refusal that leaves the file as it was."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from marketplace.management.answer_files import (
    COLUMNS,
    UnwritableAnswers,
    check_destination,
    write_answers,
)
from scoring.ml.tasks import Answer

WINDOW = {"starts_at": "2026-01-03T03:00:00Z", "pattern": "sudden_spike", "sentence": "4,100 likes"}
ANSWERS = [
    Answer("v1", 91.0, "high", False, ("likes without views", 'a "quote", a comma'), (WINDOW,)),
    Answer("é2", None, None, True, ("Two observations; four are needed.",)),
]


def test_csv_has_one_row_an_answer_with_lists_as_json(tmp_path):
    out = tmp_path / "answers.csv"
    assert write_answers(iter(ANSWERS), out) == 2
    with out.open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert tuple(first) == COLUMNS
    assert (first["id"], first["score"], first["level"], first["abstained"]) == (
        "v1", "91.0", "high", "0",
    )  # fmt: skip
    assert json.loads(first["reasons"]) == list(ANSWERS[0].reasons)
    assert json.loads(first["flagged_windows"]) == [WINDOW]
    assert (second["id"], second["score"], second["level"], second["abstained"]) == (
        "é2", "", "", "1",
    )  # fmt: skip


def test_jsonl_has_one_object_a_line(tmp_path):
    out = tmp_path / "answers.jsonl"
    write_answers(ANSWERS, out)
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert first["flagged_windows"] == [WINDOW]
    assert second == {
        "id": "é2",
        "score": None,
        "level": None,
        "abstained": True,
        "reasons": ["Two observations; four are needed."],
        "flagged_windows": [],
    }


def test_a_failure_half_way_leaves_the_earlier_file_and_nothing_else(tmp_path):
    out = tmp_path / "answers.csv"
    out.write_text("earlier")

    def failing():
        yield ANSWERS[0]
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        write_answers(failing(), out)
    assert out.read_text() == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


@pytest.mark.parametrize("name", ["answers", "answers.xlsx", "absent/answers.csv", "."])
def test_destinations_that_cannot_be_written_are_refused_before_the_work(tmp_path, name):
    with pytest.raises(UnwritableAnswers):
        check_destination(tmp_path / name, data=tmp_path / "data.csv")


def test_the_data_file_is_not_overwritten(tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("followers\n10\n")
    with pytest.raises(CommandError, match="data file itself"):
        call_command("evaluate", "authenticity", data=data, out=data)
    assert data.read_text() == "followers\n10\n"


def test_a_task_without_answers_says_so(tmp_path):
    with pytest.raises(CommandError, match="has no answers to write"):
        call_command("evaluate", "niche", data=tmp_path / "x.csv", out=tmp_path / "out.csv")
