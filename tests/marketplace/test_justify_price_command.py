"""`justify_price`."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from scoring.models import PriceJustification
from tests.cast import Cast
from tests.scoring.justifying.frozen import own_account

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> dict[str, Any]:
    out = StringIO()
    call_command("justify_price", *map(str, arguments), "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_without_a_file_it_shows_and_with_one_it_makes(cast: Cast, tmp_path: Path) -> None:
    account = own_account(cast)
    shown = run("instagram:carla_cooks", "reel", "--asked", "1200.50")
    assert shown["document"]["asked_minor"] == 120_050
    assert not PriceJustification.objects.exists()
    paper = tmp_path / "price.pdf"
    made = run(account.pk, "reel", "--asked", 1200, "--out", paper)
    row = PriceJustification.objects.get()
    assert (made["id"], made["hash"]) == (row.pk, row.document_hash)
    assert paper.read_bytes().startswith(b"%PDF-")
    assert AuditEntry.objects.get(verb="price_justification.made").actor is None
    out = StringIO()
    call_command("justify_price", str(account.pk), "reel", "--asked", "9", stdout=out)
    assert "Views of a post, median: 4,500 (1,000 to 8,000)" in out.getvalue()


def test_what_cannot_be_is_one_sentence_and_nothing_is_made(cast: Cast, tmp_path: Path) -> None:
    account = own_account(cast, posts=0)
    for arguments in (
        (account.pk, "reel", "--asked", "0"),
        (account.pk, "reel", "--asked", "nan"),
        (account.pk, "reel", "--asked", "1.005"),
        (account.pk, "reel", "--asked", "1e30"),
        (account.pk, "reel", "--asked", "9", "--currency", "XXX"),
        (account.pk, "short_video", "--asked", "9"),
        ("nobody", "reel", "--asked", "9"),
        ("9" * 30, "reel", "--asked", "9"),
        (account.pk, "reel", "--asked", "9", "--out", tmp_path / "none" / "x.pdf"),
        (account.pk, "reel", "--asked", "9", "--out", tmp_path),
    ):
        with pytest.raises(CommandError):
            run(*arguments)
    assert not PriceJustification.objects.exists()
