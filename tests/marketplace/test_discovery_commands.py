"""`similar` and `search_creators`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Creator, SocialAccount
from tests.scoring.catalogue import make_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db: None) -> dict[str, SocialAccount]:
    return make_catalogue()


def run(*arguments: object) -> dict[str, object]:
    out = StringIO()
    call_command(*map(str, arguments), "--json", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_a_creator_is_named_by_id_handle_or_platform(
    catalogue: dict[str, SocialAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    skin = catalogue["skin"]
    for name in (skin.creator_id, "skin", "@SKIN", "tiktok:skin"):
        answer = run("similar", name, "--top", 2)
        assert answer["creator_id"] == skin.creator_id
        assert len(answer["results"]) == 2  # type: ignore[arg-type]
    call_command("similar", "skin", "--platform", "douyin")
    assert "video_shop" in capsys.readouterr().out


def test_names_of_nobody_and_of_several_are_refused(
    catalogue: dict[str, SocialAccount],
) -> None:
    twin = Creator.objects.create(display_name="Twin")
    SocialAccount.objects.create(creator=twin, platform="youtube", handle="skin")
    with pytest.raises(CommandError, match="tiktok:skin, youtube:skin"):
        call_command("similar", "skin")
    assert run("similar", "tiktok:skin")["basis"] == "text"
    for name, words in (
        ("nobody", "Nobody is called"),
        ("myspace:skin", "no platform"),
        ("9" * 30, "Nobody is called"),
        ("", "Nobody is called"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("similar", name)
    with pytest.raises(CommandError, match="--top is 0"):
        call_command("similar", "tiktok:skin", "--top", "0")


def test_whoever_cannot_be_compared_gets_a_note(
    catalogue: dict[str, SocialAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("similar", "silent")
    assert "nothing says who is like them" in capsys.readouterr().out


def test_search_by_words_and_limits(
    catalogue: dict[str, SocialAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run("search_creators", "vegan", "recipes", "--max-followers", 20_000)
    assert [one["handle"] for one in answer["results"]] == ["vegan_cook", "weights"]  # type: ignore[attr-defined]
    call_command("search_creators", "[bold]vegan", "--country", "Italy")
    assert "vegan_cook" in capsys.readouterr().out
    with pytest.raises(CommandError, match="leaves nobody"):
        call_command("search_creators", "x", "--min-followers", "5", "--max-followers", "4")
    with pytest.raises(CommandError, match="--top is 101"):
        call_command("search_creators", "x", "--top", "101")
