"""Price justifications for programs."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from marketplace.api.verify_throttle import VerifyThrottle
from scoring.models import PriceJustification
from scoring.visibility import set_creator_status
from tests.cast import NOW, Cast
from tests.marketplace.api.conftest import As, Program, refusal
from tests.scoring.justifying.frozen import own_account

pytestmark = pytest.mark.django_db
BIG = 10**30


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VerifyThrottle.THROTTLE_RATES, "verify", "10000/min")


def asked(account: int, **more: Any) -> dict[str, Any]:
    return {
        "account_id": account, "deliverable": "reel", "asked_minor": 120_000, "currency": "EUR",
        **more,
    }  # fmt: skip


def pdf(program: Program, pk: int) -> Any:
    return program.client.get(f"/api/v1/justifications/{pk}/pdf")


def test_one_from_its_making_to_its_withdrawal(cast: Cast, program: As, client: Client) -> None:
    account, creator = own_account(cast), program(cast.creator_user)
    status, made = creator.post(
        "justifications/", asked(account.pk, note="Two rounds.", left_out=["audience"])
    )
    assert (status, made["asked"], made["document"]["note"]) == (201, "€1,200.00", "Two rounds.")
    figures = {one["name"]: one for part in made["document"]["sections"] for one in part["figures"]}
    assert (figures["views"]["value"], figures["views"]["high"]) == (4_500, 8_000)
    status, listed = creator.get("justifications/")
    assert [one["id"] for one in listed["results"]] == [made["id"]]
    assert "document" not in listed["results"][0]
    assert creator.get(f"justifications/{made['id']}/")[1] == made
    token = made["link"].split("/verify/")[1].strip("/")
    answer = client.get("/api/v1/justifications/verify", {"token": token})
    found = answer.json()
    assert (found["standing"], found["document"]) == ("valid", made["document"])
    assert found["document_hash"] == made["document_hash"]
    assert hashlib.sha256(found["canonical"].encode()).hexdigest() == found["document_hash"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert pdf(creator, made["id"]).content == pdf(creator, made["id"]).content
    status, gone = creator.post(f"justifications/{made['id']}/withdraw/", {})
    assert (status, bool(gone["withdrawn_at"]), gone["views"]) == (200, True, 1)
    assert creator.post(f"justifications/{made['id']}/withdraw/", {})[0] == 409
    found = client.get("/api/v1/justifications/verify", {"token": token}).json()
    assert (found["standing"], found["document"]) == ("withdrawn", None)


def test_the_same_key_makes_one(cast: Cast, program: As) -> None:
    account, creator = own_account(cast, posts=0), program(cast.creator_user)
    sent = [
        creator.client.post(
            "/api/v1/justifications/", asked(account.pk), "application/json",
            headers={"Idempotency-Key": "one"},
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    assert PriceJustification.objects.count() == 1


def test_who_may(cast: Cast, program: As) -> None:
    account = own_account(cast, posts=0)
    made = program(cast.creator_user).post("justifications/", asked(account.pk))[1]
    one = f"justifications/{made['id']}/"
    rows: dict[str, tuple[int, int, int, int]] = {
        "stranger": (401, 401, 401, 401),
        "brand_owner": (403, 403, 404, 404),
        "other_creator_user": (200, 404, 404, 404),
        "moderator": (403, 403, 200, 403),
    }
    for person, expected in rows.items():
        asker = program(cast.everybody().get(person))
        got = (
            asker.get("justifications/")[0],
            asker.post("justifications/", asked(account.pk))[0],
            asker.get(one)[0],
            asker.post(f"{one}withdraw/", {})[0],
        )
        assert got == expected, person


def test_bad_input_is_named_and_makes_nothing(cast: Cast, program: As) -> None:
    account, creator = own_account(cast, posts=0), program(cast.creator_user)
    cases: list[tuple[dict[str, Any], int, str | None]] = [
        ({"asked_minor": 0}, 400, "asked_minor"),
        ({"asked_minor": -1}, 400, "asked_minor"),
        ({"asked_minor": 10**11}, 422, "asked_minor"),
        ({"asked_minor": "9"}, 400, "asked_minor"),
        ({"currency": "XXX"}, 400, "currency"),
        ({"deliverable": "short_video"}, 422, "deliverable"),
        ({"note": "a\x00"}, 400, "note"),
        ({"note": "x" * 501}, 400, "note"),
        ({"days": 91}, 400, "days"),
        ({"left_out": ["performance"]}, 400, "left_out.0"),
        ({"price": 1}, 400, "price"),
        ({"account_id": 1}, 404, None),
        ({"account_id": BIG}, 400, "account_id"),
    ]
    for change, expected, attr in cases:
        status, answer = creator.post("justifications/", asked(account.pk, **change))
        assert (status, refusal(answer)[1]) == (expected, attr), change
    for token in ("", "x", "1-" + "a" * 43, "\x00"):
        assert creator.get("justifications/verify", token=token)[0] in (400, 404)
    assert creator.get(f"justifications/{BIG}/")[0] == 404
    set_creator_status(creator=cast.creator, status="suspended", actor=cast.moderator, now=NOW)
    status, answer = creator.post("justifications/", asked(account.pk))
    assert (status, refusal(answer)[0]) == (409, "creator_not_hireable")
    assert not PriceJustification.objects.exists()
