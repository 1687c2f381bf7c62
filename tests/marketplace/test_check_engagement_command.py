"""`check_engagement`: files and standard input, table and JSON, rows named."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.scoring.post_series import Counts, organic_counts, with_bought_likes

NAMES = ("views", "likes", "comments", "shares")


def rows(name: str, counts: Counts) -> list[str]:
    return [
        f"{name},2026-01-{5 + hour // 24:02}T{hour % 24:02}:00:00Z,"
        + ",".join(str(counts[metric][hour]) for metric in NAMES)
        for hour in range(len(counts["views"]))
    ]


def text(*series: list[str]) -> str:
    header = "video_id,observed_at," + ",".join(NAMES)
    return "\n".join([header, *(row for own in series for row in own)]) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "series.csv"
    bought = with_bought_likes(organic_counts(), first=60)
    path.write_text(text(rows("organic", organic_counts()), rows("bought", bought)))
    return path


def run(*arguments: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("check_engagement", *arguments, "--json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def test_json_tells_each_series_in_order(file: Path) -> None:
    report = run(str(file))
    assert report["rows"] == 194
    assert report["refused"] == []
    told = {one["video_id"]: one for one in report["results"]}
    assert list(told) == ["organic", "bought"]
    assert told["bought"]["flagged"]
    assert not told["organic"]["flagged"]
    assert any("likes" in window["metrics"] for window in told["bought"]["windows"])
    assert report["model_version"].startswith("engagement/")


def test_the_table_has_a_sentence_for_flagged_hours(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_engagement", str(file))
    out = capsys.readouterr().out
    assert "1 of 2 series flagged, 0 not judged" in out
    assert out.index("bought") < out.index("organic")
    assert "2026-01-07T" in out


def test_standard_input_is_a_file_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = SimpleNamespace(buffer=io.BytesIO(file.read_bytes()))
    monkeypatch.setattr("sys.stdin", given)
    assert run("-")["results"] == run(str(file))["results"]


def test_a_bad_series_is_named_by_row_and_column_and_sinks_no_other(file: Path) -> None:
    bad = rows("bad", organic_counts(hours=24))
    bad[4] = bad[4].rsplit(",", 3)[0] + ",many,1,1"
    file.write_text(file.read_text() + "\n".join(bad) + "\n")
    report = run(str(file))
    assert len(report["results"]) == 2
    [refused] = report["refused"]
    assert (refused["video_id"], refused["row"], refused["column"]) == ("bad", 200, "likes")
    assert refused["code"] == "unreadable_count"


def test_a_detector_can_be_named(file: Path) -> None:
    assert run(str(file), "--detector", "ratio_residuals")["detector"] == "ratio_residuals"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "video_id"),
        ("video_id,date\nx,2026-01-01\n", "none of the columns views"),
        ("video_id,date,views\nx,2026-01-01,-4\n", "row 2"),
        ("", ""),
    ],
)
def test_a_file_of_another_kind_is_one_line_of_error(
    tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=words) as caught:
        run(str(path))
    assert "\n" not in str(caught.value)


def test_missing_files_and_unknown_detectors_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(str(tmp_path / "absent.csv"))
    with pytest.raises(CommandError, match="ensemble"):
        run(str(file), "--detector", "tarot")
