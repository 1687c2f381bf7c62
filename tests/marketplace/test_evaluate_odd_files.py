"""`evaluate niche|match|recommend` on files as strangers have them: figures, null, or a reason."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.training import get_task

TASKS = ("niche", "match", "recommend")
HEADER = (
    "creator_id", "platform", "bio", "hashtags", "location", "followers", "engagement_rate",
    "comments_to_likes", "verified", "niches",
)  # fmt: skip
TOPICS = {
    "vegan": ("Vegan recipes from my kitchen", "vegan;recipe;food"),
    "photographers": ("Wedding photographer in Porto", "photo;photography;wedding"),
    "tattoo-artists": ("Fine line tattoo artist, books open", "tattoo;ink;tattooartist"),
}
Rows = list[dict[str, str]]


def rows(**changed: str) -> Rows:
    """Six creators for each of three niches."""
    made = []
    for niche, (bio, tags) in TOPICS.items():
        for number in range(6):
            values = (
                f"{niche}-{number}", ("instagram", "tiktok")[number % 2], f"{bio} no. {number}",
                tags, "Italy", str(1_000 + number), "0.05", "0.02", "0", niche,
            )  # fmt: skip
            made.append({**dict(zip(HEADER, values, strict=True)), **changed})
    return made


def text_of(rows: Rows, *, without: tuple[str, ...] = (), newline: str = "\n") -> str:
    out = io.StringIO()
    names = [name for name in HEADER if name not in without]
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def evaluate(task: str, path: Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("evaluate", task, data=path, json=True, stdout=out, stderr=io.StringIO())
    last = out.getvalue().splitlines()[-1]

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    answer: dict[str, Any] = json.loads(last, parse_constant=refuse)
    assert set(get_task(task).metric_names) <= set(answer["metrics"])
    assert answer["task"] == task
    return answer


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "creators.csv") -> Path:
        path = tmp_path / name
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write


@pytest.mark.parametrize("task", TASKS)
def test_one_table_has_one_answer_however_it_is_written(
    task: str, file: Callable[..., Path]
) -> None:
    plain = evaluate(task, file(text_of(rows())))
    others = (
        file(text_of(rows()), "zipped.csv.gz"),
        file(text_of(rows(), newline="\r\n"), "crlf.csv"),
        file("\ufeff" + text_of(rows()), "bom.csv"),
        file(text_of(rows()).replace("creator_id,", " creator_id ,", 1), "spaced.csv"),
    )
    for other in others:
        assert evaluate(task, other) == plain, other.name
    assert plain["rows"] == 18
    assert any(value is not None for value in plain["metrics"].values()) or task == "recommend"


@pytest.mark.parametrize(
    ("without", "changed"),
    [
        (("engagement_rate", "comments_to_likes"), {}),
        (("creator_id", "platform", "location", "followers", "verified"), {}),
        (("hashtags",), {}),
        ((*HEADER[:2], *HEADER[3:9]), {}),
        (("niches",), {}),
        ((), {"niches": ""}),
        ((), {"niches": "vegan"}),
        ((), {"niches": "beekeepers;moon-travel"}),
        ((), {"bio": "", "hashtags": ""}),
        ((), {"bio": "💈✂️", "hashtags": ""}),
        ((), {"bio": "\u200b", "hashtags": ";;;"}),
        ((), {"bio": "vegan " * 8_000, "hashtags": "a-" * 8_000}),
        ((), {"bio": '<script>alert("x")</script>\n"quoted", and a comma'}),
        ((), {"followers": "0", "engagement_rate": "-3"}),
        ((), {"creator_id": "one-and-the-same"}),
    ],
)
def test_what_a_file_lacks_is_null(
    without: tuple[str, ...], changed: dict[str, str], file: Callable[..., Path]
) -> None:
    path = file(text_of(rows(**changed), without=without))
    for task in TASKS:
        answer = evaluate(task, path)
        assert answer["rows"] == 18
        if task == "recommend" and "hashtags" in without:  # of tags it is that it recommends
            assert set(answer["metrics"].values()) == {None}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("latin.csv", text_of(rows()).encode() + b"x,tiktok,caf\xe9\n", "row 20, is not UTF-8"),
        ("utf16.csv", text_of(rows()).encode("utf-16"), "row 1, is not UTF-8"),
        ("empty.csv", b"", "is empty"),
        ("header.csv", text_of([]).encode(), "no rows"),
        ("long.csv", text_of(rows()).encode() + b"," * 20 + b"\n", "line 20"),
        ("open.csv", text_of(rows()).encode() + b'x,tiktok,"never closed\n', "row 19"),
        ("twice.csv", text_of(rows()).replace("location", "bio", 1).encode(), "twice"),
        ("plain.txt", b"a,b\n1,2\n", "neither .csv nor .csv.gz"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_name_and_place(
    task: str, name: str, content: bytes, reason: str, file: Callable[..., Path]
) -> None:
    path = file(content, name)
    with pytest.raises(CommandError) as refused:
        evaluate(task, path)
    assert str(path) in str(refused.value)
    if not (task == "recommend" and name == "twice.csv"):  # it reads no bio
        assert reason in str(refused.value)


@pytest.mark.parametrize("task", TASKS)
def test_a_damaged_gzip_file_is_refused(task: str, tmp_path: Path) -> None:
    whole = gzip.compress(text_of(rows()).encode())
    for name, raw in (
        ("cut.csv.gz", whole[: len(whole) // 2]),
        ("bent.csv.gz", whole[:60] + b"\xff\x00" * 20 + whole[100:]),
        ("not.csv.gz", b"creator_id,bio\n1,x\n"),
    ):
        path = tmp_path / name
        path.write_bytes(raw)
        with pytest.raises(CommandError, match=r"cannot be read|is not"):
            evaluate(task, path)


def test_niches_are_compared_however_they_are_spelled(file: Callable[..., Path]) -> None:
    usual = evaluate("niche", file(text_of(rows())))["metrics"]
    spelled = [{**row, "niches": row["niches"].upper().replace("-", " ")} for row in rows()]
    assert evaluate("niche", file(text_of(spelled)))["metrics"] == usual
    assert (usual["known_labels"], usual["hit_at_3"]) == (1.0, 1.0)


def test_niches_the_model_has_never_heard_of_measure_nothing(file: Callable[..., Path]) -> None:
    strange = evaluate("niche", file(text_of(rows(niches="beekeepers"))))["metrics"]
    assert strange == {
        "hit_at_1": None, "hit_at_3": None, "macro_f1": None, "abstained": None,
        "known_labels": 0.0,
    }  # fmt: skip
    mixed = evaluate("niche", file(text_of(rows(niches="vegan;beekeepers"))))["metrics"]
    assert mixed["known_labels"] == 0.5
    assert mixed["hit_at_3"] > 0
