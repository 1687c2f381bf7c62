"""Decisions as a file to judge models on."""

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Creator, ModerationCase, SocialAccount, User
from scoring.ml.authenticity_data import read_accounts
from scoring.moderation.appealing import decide_appeal, file_appeal
from scoring.moderation.exporting import COLUMNS
from tests.cast import NOW
from tests.scoring.moderation.conftest import HOUR, account, case, flagged, milo, mona

__all__ = ["account", "case", "flagged", "milo", "mona"]

pytestmark = pytest.mark.django_db


def export(file: Path, *arguments: str) -> tuple[dict[str, int], list[dict[str, str]]]:
    out = StringIO()
    call_command("export_evaluation_set", str(file), *arguments, "--json", stdout=out)
    with file.open() as lines:
        return json.loads(out.getvalue()), list(csv.DictReader(lines))


def test_a_decision_is_a_row_that_says_what_it_is_for(
    flagged: ModerationCase, account: SocialAccount, tmp_path: Path
) -> None:
    told, [row] = export(tmp_path / "set.csv")
    assert (told["rows"], told["fake"]) == (1, 1)
    assert list(row) == list(COLUMNS)
    assert (row["account_id"], row["is_fake"], row["evaluation_only"]) == (
        str(account.pk), "1", "1",
    )  # fmt: skip
    assert (row["followers"], row["following"]) == ("1000.0", ""), "unknown stays empty"
    assert row["model_version"] == "authenticity/v1"


def test_the_file_is_in_the_labelled_layout(flagged: ModerationCase, tmp_path: Path) -> None:
    export(tmp_path / "set.csv")
    table, [rows] = read_accounts([tmp_path / "set.csv"])
    assert rows == 1
    assert table.number("is_fake").tolist() == [1.0]


def test_an_overturned_decision_leaves_its_newest_label(
    flagged: ModerationCase, creator_user: User, milo: User, tmp_path: Path
) -> None:
    file_appeal(case=flagged, text="No.", actor=creator_user, now=NOW + 2 * HOUR)
    decide_appeal(
        case=flagged, step="grant_appeal", reasons="True.", actor=milo, now=NOW + 3 * HOUR
    )
    _, [row] = export(tmp_path / "set.csv")
    assert row["is_fake"] == "0"
    before = (NOW + 2 * HOUR).isoformat()
    _, [row] = export(tmp_path / "frozen.csv", "--until", before)
    assert row["is_fake"] == "1", "a frozen set can be made again"
    told, rows = export(tmp_path / "none.csv", "--until", (NOW - timedelta(days=1)).isoformat())
    assert (told["rows"], rows) == (0, [])


def test_made_up_accounts_are_left_out(flagged: ModerationCase, tmp_path: Path) -> None:
    Creator.objects.update(is_simulated=True)
    assert export(tmp_path / "set.csv")[0]["rows"] == 0


def test_unusable_arguments_are_told(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        export(tmp_path / "nowhere" / "set.csv")
    with pytest.raises(CommandError, match="no date"):
        export(tmp_path / "set.csv", "--until", "soon")
