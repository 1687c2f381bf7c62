"""The three commands: what they print, where, and how they end."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.models import SocialAccount
from tests.accounts.csv_files import creator, post, write_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def run(command: str, *arguments: Any) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_person_reads_what_happened_and_what_comes_next(file: Path) -> None:
    write_rows(file, [creator(1, engagement_rate="99", shoe_size="43"), creator(2, shoe_size="")])
    text = run("import_creators", file)
    assert "Columns not used: shoe_size." in text
    assert "row 2, column engagement_rate: found '99', expected a ratio from 0 to 10" in text
    assert "Imported 2 rows of creators_catalogue: 2 created, 0 updated" in text
    assert "2 accounts created, 2 metrics added" in text
    assert "manage.py refresh_catalogue" in text


def test_a_program_reads_one_json_object(file: Path) -> None:
    write_rows(file, [post(1)])
    document = json.loads(run("import_posts", file, "--json", "--dry-run"))
    assert document["dry_run"] is True
    assert (document["rows"], document["created"], document["accounts_created"]) == (1, 1, 1)
    assert SocialAccount.objects.count() == 0


def test_bad_rows_end_the_command_with_their_places(file: Path) -> None:
    write_rows(file, [creator(number, followers="-1") for number in range(25)])
    out = io.StringIO()
    with pytest.raises(CommandError, match="25 of 25 rows are bad, so nothing was imported"):
        call_command("import_creators", str(file), stdout=out)
    assert "row 2, column followers: found '-1', expected a whole number" in out.getvalue()
    assert "… and 5 more." in out.getvalue()


def test_bad_rows_are_json_too(file: Path) -> None:
    write_rows(file, [creator(1, followers="-1")])
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_creators", str(file), "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert document["error"] == "file_refused"
    assert document["report"]["first_errors"][0]["column"] == "followers"


def test_skipped_rows_are_told_with_their_place(file: Path, tmp_path: Path) -> None:
    write_rows(file, [creator(1), creator(2, followers="-1")])
    text = run("import_creators", file, "--skip-bad", tmp_path / "refused.csv")
    assert f"1 refused rows are in {tmp_path / 'refused.csv'}." in text
    assert (tmp_path / "refused.csv").exists()


def test_metrics_take_a_day_and_a_platform(file: Path) -> None:
    row = {
        "influencer_id": "1",
        "followers": "5",
        "avg_likes": "1",
        "avg_comments": "1",
        "follower_growth_last_30_days": str([5] * 30),
    }
    write_rows(file, [row])
    run("import_metrics", file, "--as-of", "2026-01-31", "--platform", "tiktok")
    account = SocialAccount.objects.get()
    assert account.platform == "tiktok"
    assert str(account.metrics.latest("day").day) == "2026-01-31"


def test_the_wrong_command_names_the_right_one(file: Path) -> None:
    write_rows(file, [post(1)])
    with pytest.raises(CommandError, match=r"manage\.py import_posts FILE"):
        run("import_creators", file)


def test_a_closed_database_is_one_clear_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("marketplace.management.importing.import_file", refuse)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        run("import_creators", file)
