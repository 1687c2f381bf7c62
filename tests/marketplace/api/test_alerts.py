"""Alerts for programs, and the two commands."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.models import AlertRule
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.alerting.history import check, count, make_account, on

pytestmark = pytest.mark.django_db
RISE: dict[str, Any] = {"kind": "threshold", "metric": "followers", "threshold": 1_000}


def test_an_alert_is_made_read_changed_and_deleted(cast: Cast, program: As) -> None:
    owner, viewer = program(cast.brand_owner), program(cast.brand_viewer)
    status, made = owner.post("alerts", {"name": "Rise", "terms": RISE, "by_webhook": True})
    assert (status, made["version"], made["terms"]["cooldown_days"]) == (201, 1, 7)
    assert made["what"] == "Followers: rises to 1k or more"
    anna = make_account("anna")
    for day, value in ((0, 900), (1, 1_100)):
        count(anna, day, value)
        check(day)
    address = f"alerts/{made['id']}"
    status, listed = viewer.get("alerts", brand_id=cast.brand.pk)
    assert (status, [one["fired"] for one in listed["results"]]) == (200, [1])
    status, fired = viewer.get(f"{address}/firings")
    (firing,) = fired["results"]
    assert (firing["value"], firing["previous"], firing["threshold"]) == (1_100, 900, 1_000)
    assert firing["why"] == "Followers: 1.1k, before: 900 (limit 1k)"
    assert owner.client.post(f"/api/v1/{address}/seen", "{}", "application/json").status_code == 204
    status, changed = owner.patch(address, {"terms": {"threshold": 2_000}, "is_paused": True})
    assert (status, changed["version"], changed["is_paused"]) == (200, 2, True)
    assert (changed["terms"]["metric"], changed["unseen"]) == ("followers", 0)
    assert viewer.patch(address, {"name": "Mine"})[0] == 403
    assert program(cast.other_owner).get(address)[0] == 404
    assert owner.client.delete(f"/api/v1/{address}").status_code == 204
    assert not AlertRule.objects.exists()


def test_the_same_key_makes_one_alert(cast: Cast, program: As) -> None:
    client = program(cast.brand_owner).client
    for _ in range(2):
        response = client.post(
            "/api/v1/alerts", json.dumps({"name": "Rise", "terms": RISE}), "application/json",
            headers={"Idempotency-Key": "a1"},
        )  # fmt: skip
        assert response.status_code == 201
    assert AlertRule.objects.count() == 1


def test_what_cannot_be_is_refused_by_name(cast: Cast, program: As) -> None:
    owner = program(cast.brand_owner)
    for changed, attr in (
        ({"metric": "risk", "threshold": 101}, "threshold"),
        ({"threshold": None}, "threshold"),
        ({"kind": "change", "window_days": 8}, "window_days"),
        ({"countries": ["Atlantis"]}, "countries"),
        ({"threshold": "1e5"}, "terms.threshold"),
        ({"window_days": 10**9}, "terms.window_days"),
        ({"creator_ids": list(range(1, 10_001))}, "terms.creator_ids"),
        ({"luck": 1}, "terms.luck"),
        ({"niches": ["a\0"]}, "terms.niches.0"),
    ):
        for address in ("alerts", "alerts/backtest"):
            body = {"terms": {**RISE, **changed}} | ({"name": "R"} if address == "alerts" else {})
            status, answer = owner.post(address, body)
            assert (status, refusal(answer)[1]) == (400, attr), changed
    assert owner.get("alerts", luck="1")[0] == 400
    assert owner.get(f"alerts/{10**30}")[0] == 404
    assert owner.client.post(
        "/api/v1/alerts", '{"name": "x", "terms": {"kind": "threshold", "threshold": NaN}}',
        "application/json",
    ).status_code == 400  # fmt: skip
    assert program(cast.brand_viewer).post("alerts", {"name": "R", "terms": RISE})[0] == 403
    assert program(cast.creator_user).post("alerts/backtest", {"terms": RISE})[0] == 403


def test_an_alert_is_tried_on_the_past_by_program_and_command(
    cast: Cast, program: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marketplace.management.commands import backtest_alert
    from scoring.alerting.backtesting import backtest

    monkeypatch.setattr(
        backtest_alert, "backtest", lambda **given: backtest(**{**given, "now": on(2)})
    )
    owner = program(cast.brand_owner)
    anna = make_account("anna")
    for day, value in ((0, 900), (1, 1_100)):
        count(anna, day, value)
    status, tried = owner.post("alerts/backtest", {"terms": RISE, "days": 30})
    assert (status, tried["days"], tried["accounts_in_scope"]) == (200, 30, 1)
    assert owner.get("alerts/metrics")[1]["metrics"][0]["unit"] == "followers"
    _, made = owner.post("alerts", {"name": "Rise", "terms": RISE})
    out = StringIO()
    call_command("backtest_alert", str(made["id"]), "--days", "5", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["fired"], said["examples"][0]["day"]) == (1, on(1).date().isoformat())
    out = StringIO()
    call_command("check_alerts", "--json", stdout=out)
    assert json.loads(out.getvalue())["rules"] == 1
    for wrong in ([], ["0"], ["1", "--days", "0"], ["--terms", "/nowhere", "--brand", "Alder"]):
        with pytest.raises(CommandError):
            call_command("backtest_alert", *wrong)
