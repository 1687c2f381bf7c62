import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.models import MarketPrice
from tests.scoring.catalogue import make_account
from tests.scoring.pricing.market import GENERAL, write_csv

pytestmark = pytest.mark.django_db


def run(*args: str) -> Any:
    out = StringIO()
    call_command(*args, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_prices_are_imported_checked_and_learned_from(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [{**GENERAL, "priced_on": "2025-02-01"}])
    assert run("import_rates", str(path), "--dry-run")["added"] == 1
    assert not MarketPrice.objects.exists()
    assert run("import_rates", str(path), "--source", "a test")["added"] == 1
    learned = run("learn_prices")["learned"]
    assert [one["state"] for one in learned] == [None, None]
    assert "at least 30 creators" in learned[0]["why"]
    write_csv(path, [{**GENERAL, "price": "0"}])
    with pytest.raises(CommandError, match="row 2, column price"):
        call_command("import_rates", str(path), stdout=StringIO())


def test_a_price_is_suggested_by_account_and_platform() -> None:
    account = make_account(
        "shop", platform="douyin", followers=200_000, extra={"expected_views": 30_000}
    )
    found = run("suggest_price", "douyin:shop", "video_21_60s")
    assert found["currency"] == "CNY"
    assert found["coverage"]["nominal"] == 0.8
    assert found["account_id"] == account.pk
    assert found["comparables"] == []
    assert "from 5 on" in found["comparables_note"]
    call_command("suggest_price", str(account.pk), "video_21_60s", stdout=StringIO())
    for wrong in ("9" * 30, "nobody", "douyin/\x00"):
        with pytest.raises(CommandError):
            call_command("suggest_price", wrong, "video_21_60s")
    with pytest.raises(CommandError, match="no rate from CNY to EUR"):
        call_command("suggest_price", str(account.pk), "video_21_60s", "--currency", "EUR")
    with pytest.raises(CommandError, match="no currency known"):
        call_command("suggest_price", str(account.pk), "video_21_60s", "--currency", "QQQ")
