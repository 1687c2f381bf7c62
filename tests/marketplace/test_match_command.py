"""The match command: the same answer as the API, and refusals in words."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Creator
from scoring.models import SearchEntry
from tests.scoring.catalogue import NOW, make_catalogue

pytestmark = pytest.mark.django_db

SKINCARE = "A gentle vegan skincare line for sensitive skin looks for honest beauty routines."


@pytest.fixture
def brief(tmp_path: Path) -> str:
    path = tmp_path / "brief.txt"
    path.write_text(SKINCARE, encoding="utf-8")
    return str(path)


def match(brief: str, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("match", "--brief", brief, "--json", *options, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_the_answer_explains_every_place(brief: str) -> None:
    make_catalogue()
    answer = match(brief)
    first = answer["results"][0]
    assert first["handle"] == "skin"
    assert {"base", "positive_factors", "concerns", "factors"} == first["explanation"].keys()
    assert {"name", "label", "value", "weight", "contribution", "text"} == (
        first["explanation"]["factors"][0].keys()
    )
    assert answer["exposure"]


def test_language_and_availability_are_limits(brief: str) -> None:
    accounts = make_catalogue()
    SearchEntry.objects.update(language="en")
    SearchEntry.objects.filter(account=accounts["skin"]).update(language="de")
    assert [one["handle"] for one in match(brief, "--language", "DE")["results"]] == ["skin"]
    assert len(match(brief, "--language", "de", "--language", "en")["results"]) == 7
    assert match(brief, "--available")["emptying"][0]["limit"] == "availability"
    Creator.objects.filter(accounts=accounts["runner"]).update(
        accepts_work=True, availability_said_at=NOW
    )
    free = match(brief, "--available", "--publish-from", "2026-05-01", "--publish-by", "2026-06-01")
    assert [one["handle"] for one in free["results"]] == ["runner"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--language", "klingon"], "is no language"),
        (["--country", "Germny"], "Did you mean Germany?"),
        (["--publish-from", "2026-05-02", "--publish-by", "2026-05-01"], "before it begins"),
        (["--publish-from", "soon"], "is no day"),
        (["--top", "0"], "from 1 to 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words(brief: str, options: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words.replace("?", r"\?")):
        match(brief, *options)


def test_an_empty_brief_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_text("  ")
    with pytest.raises(CommandError, match="The brief is empty"):
        match(str(path))
