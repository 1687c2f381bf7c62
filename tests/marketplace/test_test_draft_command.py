import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast
from tests.scoring.planning_posts.planning import give_account
from tests.scoring.planning_posts.test_pictures import picture

pytestmark = pytest.mark.django_db


def test_a_draft_is_tested_from_the_command_line(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = give_account(cast.creator_user)
    image = tmp_path / "soup.png"
    image.write_bytes(picture())
    out = StringIO()
    options = {"caption": "Soup #ad", "or_caption": "Look!", "image": image}
    call_command("test_draft", "tiktok:Soup_Daily", json=True, stdout=out, **options)
    answer = json.loads(out.getvalue())
    assert (answer["account_id"], answer["picture"]["width"]) == (account.pk, 80)
    assert len(answer["what_if"]) == 1
    call_command("test_draft", str(account.pk), **options)
    told = capsys.readouterr().out
    assert "confidence" in told
    assert "With another caption" in told
    image.write_bytes(b"<svg/>")
    for name, more, said in (
        ("nobody_here", {}, "No account is called"),
        ("soup_daily", {"caption": "a" * 9_999}, "9,999 characters"),
        ("soup_daily", {"image": image}, "drawing in words"),
        ("soup_daily", {"image": tmp_path / "none.png"}, "No such file"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("test_draft", name, **more)
