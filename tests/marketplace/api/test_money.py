"""Money by API: wallets, balances, statements, payments, and what providers report."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import AuditEntry, Creator, Membership, User
from campaigns import books, delivering
from campaigns.models import LedgerAccount, Payment, PaymentAttempt, ProviderEvent
from campaigns.payment_states import AttemptStatus
from campaigns.payments import sending
from campaigns.payments.providers import fake
from campaigns.payments.providers.base import Report
from campaigns.states import Side
from marketplace.api.throttling import ProviderThrottle
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import deposit, piece
from tests.cast import Cast
from tests.marketplace.api import collaborating
from tests.marketplace.api.conftest import As, Program, refusal

pytestmark = pytest.mark.django_db

ASKED = {"amount_minor": 4_000, "currency": "EUR", "bank_account": "fake:never"}


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def books_are_right_after_each(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "cast" in request.fixturenames:
        assert books.run_check(now=NOW).wrong == {}


def earn(cast: Cast) -> None:
    """The creator is owed 500 euros; the brand has 1,450 left."""
    collaboration = collaborating.published(cast)
    delivering.verify(
        deliverable=piece(collaboration), side=Side.BRAND, actor=cast.brand_owner, now=NOW
    )


def ask(asker: Program, address: str, body: Any, key: str = "one") -> tuple[int, Any]:
    return asker.read(
        asker.client.post(
            f"/api/v1/{address}",
            json.dumps(body),
            "application/json",
            headers={"Idempotency-Key": key},
        )
    )


def wallet_of(asker: Program, cast: Cast) -> Any:
    return asker.get(f"brands/{cast.brand.pk}/wallet/")[1]


def test_a_wallet_says_what_is_free_set_aside_and_coming(program: As, cast: Cast) -> None:
    asker = program(cast.brand_owner)
    assert wallet_of(asker, cast)["currencies"] == []
    collaboration = collaborating.active(cast)
    status, payment = ask(asker, f"brands/{cast.brand.pk}/deposits/", ASKED)
    assert (status, payment["state"], payment["provider"]) == (201, "requested", "fake")
    assert [attempt["status"] for attempt in payment["attempts"]] == ["intended"]
    wallet = wallet_of(asker, cast)
    assert wallet["currencies"] == [
        {
            "currency": "EUR", "free_minor": 145_000, "set_aside_minor": 55_000,
            "arriving_minor": 4_000, "shortfall_minor": 0,
        }
    ]  # fmt: skip
    assert wallet["campaigns"] == [
        {
            "campaign_id": collaboration.campaign_id, "title": "Spring", "currency": "EUR",
            "set_aside_minor": 55_000,
        }
    ]  # fmt: skip
    assert [one["id"] for one in wallet["pending_deposits"]] == [payment["id"]]


def test_a_withdrawal_leaves_the_wallet_once(program: As, cast: Cast) -> None:
    deposit(cast, 10_000)
    asker, address = program(cast.brand_owner), f"brands/{cast.brand.pk}/withdrawals/"
    answers = [ask(asker, address, ASKED) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 201
    assert wallet_of(asker, cast)["currencies"][0]["free_minor"] == 6_000
    status, answer = ask(asker, address, {**ASKED, "amount_minor": 6_001}, "two")
    assert (status, refusal(answer)[0]) == (409, "insufficient_funds")
    assert answer["details"]["available_minor"] == 6_000


def test_a_creator_is_paid_what_is_owed(program: As, cast: Cast) -> None:
    earn(cast)
    asker, creator = program(cast.creator_user), f"creators/{cast.creator.pk}/"
    assert asker.get(f"{creator}balance/")[1]["currencies"][0]["available_minor"] == 50_000
    status, payment = ask(asker, f"{creator}payouts/", ASKED)
    assert (status, payment["state"], payment["label"]) == (201, "ready", "Ready to be sent")
    [balance] = asker.get(f"{creator}balance/")[1]["currencies"]
    assert (balance["promised_minor"], balance["available_minor"]) == (4_000, 46_000)
    status, answer = ask(asker, f"{creator}payouts/", {**ASKED, "amount_minor": 46_001}, "two")
    assert (status, refusal(answer)[0]) == (409, "insufficient_payable")

    assert [one["id"] for one in asker.get("payments/")[1]["results"]] == [payment["id"]]
    assert asker.get(f"payments/{payment['id']}/")[1]["attempts"] == []
    status, cancelled = asker.post(f"payments/{payment['id']}/cancel/", {})
    assert (status, cancelled["state"]) == (201, "cancelled")
    status, answer = asker.post(f"payments/{payment['id']}/cancel/", {})
    assert (status, refusal(answer)[0]) == (409, "not_in_this_state")


def test_a_suspended_creator_is_paid_after_a_person_looked(program: As, cast: Cast) -> None:
    earn(cast)
    Creator.objects.filter(pk=cast.creator.pk).update(status=Creator.Status.SUSPENDED)
    status, payment = ask(program(cast.creator_user), f"creators/{cast.creator.pk}/payouts/", ASKED)
    assert (status, payment["state"]) == (201, "in_review")
    assert payment["review_reasons"] == ["The profile is suspended."]


BRAND_PAGES = ("wallet/", "statement/")
CREATOR_PAGES = ("balance/", "statement/")


def test_a_brands_money_is_its_treasurers_own(program: As, cast: Cast) -> None:
    brand = f"brands/{cast.brand.pk}/"
    for user, status in (
        (cast.other_owner, 404), (cast.creator_user, 404), (cast.moderator, 404), (None, 401),
        (cast.brand_viewer, 403),
    ):  # fmt: skip
        asker = program(user)
        assert {asker.get(f"{brand}{page}")[0] for page in BRAND_PAGES} == {status}
        assert {
            ask(asker, f"{brand}{what}/", ASKED)[0] for what in ("deposits", "withdrawals")
        } == {status}
    membership = Membership.objects.filter(user=cast.brand_viewer)
    asker = program(cast.brand_viewer)
    for role in ("manager", "reviewer"):
        membership.update(role=role)
        assert asker.get(f"{brand}wallet/")[0] == 403
    membership.update(role="finance")
    assert asker.get(f"{brand}wallet/")[0] == 200
    assert ask(asker, f"{brand}deposits/", ASKED)[0] == 201
    assert not Payment.objects.exclude(requested_by=cast.brand_viewer).exists()
    membership.delete()
    assert asker.get(f"{brand}wallet/")[0] == 404


def test_a_creators_money_is_theirs_alone(program: As, cast: Cast) -> None:
    earn(cast)
    creator = f"creators/{cast.creator.pk}/"
    payment = ask(program(cast.creator_user), f"{creator}payouts/", ASKED)[1]["id"]
    at_the_desk = User.objects.create_user("desk@example.org", is_staff=True)
    at_the_desk.user_permissions.add(Permission.objects.get(codename="view_payment"))
    others: tuple[User, ...] = (
        cast.other_creator_user, cast.brand_owner, cast.moderator, at_the_desk,
    )  # fmt: skip
    for user in others:
        asker = program(user)
        assert {asker.get(f"{creator}{page}")[0] for page in CREATOR_PAGES} == {404}
        assert ask(asker, f"{creator}payouts/", ASKED)[0] == 404
        assert asker.post(f"payments/{payment}/cancel/", {})[0] == 404
        seen = 200 if user == at_the_desk else 404
        assert asker.get(f"payments/{payment}/")[0] == seen
    assert program(None).get("payments/")[0] == 401
    assert program(cast.brand_viewer).get("payments/")[1]["results"] == []
    assert Payment.objects.get().state == "ready"


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({}, "required", "amount_minor"),
        ({**ASKED, "amount_minor": 0}, "min_value", "amount_minor"),
        ({**ASKED, "amount_minor": -1}, "min_value", "amount_minor"),
        ({**ASKED, "amount_minor": 10**30}, "max_value", "amount_minor"),
        ({**ASKED, "amount_minor": 10**15}, "amount_refused", None),
        ({**ASKED, "amount_minor": 1.5}, "invalid", "amount_minor"),
        ({**ASKED, "amount_minor": "100"}, "invalid", "amount_minor"),
        ({**ASKED, "amount_minor": 999}, "amount_refused", None),
        ({**ASKED, "currency": "XXX"}, "currency_refused", None),
        ({**ASKED, "currency": "EURO"}, "max_length", "currency"),
        ({**ASKED, "provider": "stripe"}, "unknown_provider", None),
        ({**ASKED, "bank_account": ""}, "blank", "bank_account"),
        ({**ASKED, "bank_account": "x" * 201}, "max_length", "bank_account"),
        ({**ASKED, "bank_account": "a\u202eb"}, "bank_account_missing", None),
        ({**ASKED, "colour": "red"}, "unknown_field", "colour"),
        ([], "invalid", "non_field_errors"),
    ],
)
def test_what_cannot_be_paid_is_named(
    program: As, cast: Cast, body: Any, code: str, attr: str | None
) -> None:
    status, answer = ask(program(cast.creator_user), f"creators/{cast.creator.pk}/payouts/", body)
    error = answer["errors"][0]
    assert (status, error["code"], error["attr"]) == (400, code, attr)
    assert not Payment.objects.exists()


def test_money_is_asked_for_under_a_key(program: As, cast: Cast) -> None:
    asker, address = program(cast.brand_owner), f"brands/{cast.brand.pk}/deposits/"
    status, answer = asker.post(address, ASKED)
    assert (status, refusal(answer)[0]) == (400, "idempotency_key_missing")
    status, answer = ask(asker, address, ASKED, "x" * 81)
    assert (status, refusal(answer)[0]) == (400, "idempotency_key_refused")
    assert not Payment.objects.exists()


@pytest.mark.parametrize("side", ["brands", "creators"])
def test_a_statement_comes_in_three_forms(program: As, cast: Cast, side: str) -> None:
    earn(cast)
    brand = side == "brands"
    asker = program(cast.brand_owner if brand else cast.creator_user)
    address = f"{side}/{cast.brand.pk if brand else cast.creator.pk}/statement/"
    status, answer = asker.get(address)
    assert (status, answer["first_day"], answer["last_day"]) == (200, "2026-03-01", "2026-03-01")
    closing = 145_000 if brand else 50_000
    assert (answer["opening_minor"], answer["closing_minor"]) == (0, closing)
    assert answer["lines"][-1]["balance_minor"] == closing
    assert answer["set_aside_minor"] == (0 if brand else None)
    assert asker.get(address, **{"from": "2026-04-01", "to": "2026-04-30"})[1]["lines"] == []

    table = asker.client.get(f"/api/v1/{address}", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert rows[-2 if brand else -1]["balance"] == f"{closing / 100:.2f}"
    assert table["Content-Type"].startswith("text/csv")
    assert "attachment" in table["Content-Disposition"]
    paper = asker.client.get(f"/api/v1/{address}", {"format": "pdf", "currency": "USD"})
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "period_refused", None),
        ({"to": "9999-12-31"}, "period_refused", None),
        ({"from": "yesterday"}, "invalid", "from"),
        ({"to": "0000-01-01"}, "invalid", "to"),
        ({"currency": "eur"}, "invalid_choice", "currency"),
        ({"format": "xlsx"}, "invalid_choice", "format"),
        ({"until": "2026-03-01"}, "unknown_field", "until"),
    ],
)
def test_a_period_that_cannot_be_is_named(
    program: As, cast: Cast, query: dict[str, str], code: str, attr: str | None
) -> None:
    status, answer = program(cast.brand_owner).get(f"brands/{cast.brand.pk}/statement/", **query)
    assert (status, refusal(answer)) == (400, (code, attr))


# What providers report.


@pytest.fixture
def attempt(program: As, cast: Cast) -> PaymentAttempt:
    """A deposit that the provider was told of."""
    payment = ask(program(cast.brand_owner), f"brands/{cast.brand.pk}/deposits/", ASKED)[1]
    found = PaymentAttempt.objects.get(payment=payment["id"])
    sending.send_attempt(attempt_id=found.pk, now=NOW)
    return found


def told(attempt: PaymentAttempt, status: str, event_id: str = "e1", **fields: Any) -> Report:
    given = {
        "event_id": event_id, "attempt_key": attempt.key, "status": AttemptStatus(status),
        "amount_minor": 4_000, "currency": "EUR", "occurred_at": NOW, **fields,
    }  # fmt: skip
    return Report(**given)


def send(body: bytes, signature: str | None, name: str = "fake") -> tuple[int, Any]:
    """As a provider does: no session, no CSRF token, a body of its own kind."""
    response = Client(enforce_csrf_checks=True).post(
        f"/api/v1/payments/providers/{name}/events/",
        body,
        content_type="application/octet-stream",
        headers={} if signature is None else {"Fake-Signature": signature},
    )
    return response.status_code, response.json()


def report(attempt: PaymentAttempt, status: str, event_id: str = "e1", **fields: Any) -> Any:
    signed = fake.signed(told(attempt, status, event_id, **fields))
    return send(signed.body, signed.signature)


def free(cast: Cast) -> int:
    found = LedgerAccount.objects.filter(kind="brand_wallet", brand=cast.brand).first()
    return found.balance_minor if found else 0


def test_a_report_is_taken_once(cast: Cast, attempt: PaymentAttempt) -> None:
    assert report(attempt, "succeeded") == (200, {"event_id": "e1", "outcome": "applied"})
    assert free(cast) == 4_000
    assert report(attempt, "succeeded") == (200, {"event_id": "e1", "outcome": "applied"})
    assert report(attempt, "accepted", "e0")[1]["outcome"] == "no_change"
    assert report(attempt, "returned", "e2")[1]["outcome"] == "applied"
    assert report(attempt, "succeeded", "e3")[1]["outcome"] == "no_change"
    assert free(cast) == 0
    status, answer = report(attempt, "failed", "e1")
    assert (status, refusal(answer)[0]) == (409, "event_id_reused")
    assert report(attempt, "succeeded", "e4", amount_minor=1)[1]["outcome"] == "mismatched"


def test_a_wrong_signature_is_refused_and_leaves_nothing(
    cast: Cast, attempt: PaymentAttempt, settings: Any
) -> None:
    genuine = fake.signed(told(attempt, "succeeded"))
    before = AuditEntry.objects.count()
    forged = [
        (genuine.body, None), (genuine.body, ""), (genuine.body, "0" * 64), (b"", "x"),
        (genuine.body.replace(b"4000", b"9000"), genuine.signature), (genuine.body, "é"),
    ]  # fmt: skip
    for body, signature in forged:
        status, answer = send(body, signature)
        assert (status, refusal(answer)[0]) == (401, "signature_refused")
    settings.PAYMENT_PROVIDER_SECRETS = {"fake": "another secret"}
    assert send(genuine.body, genuine.signature)[0] == 401
    assert not ProviderEvent.objects.exists()
    assert AuditEntry.objects.count() == before
    assert free(cast) == 0


def test_a_provider_without_a_secret_is_believed_nothing(
    cast: Cast, attempt: PaymentAttempt, settings: Any
) -> None:
    settings.PAYMENT_PROVIDER_SECRETS = {}
    signed = fake.signed(told(attempt, "succeeded"))
    assert send(signed.body, signed.signature)[0] == 401


def test_what_is_signed_and_unreadable_is_named(cast: Cast, attempt: PaymentAttempt) -> None:
    for body in (b"", b"{}", b"[]", b"\xff"):
        status, answer = send(body, fake.sign(body))
        assert (status, refusal(answer)[0]) == (400, "event_not_verified")
    body = b" " * 65_537
    status, answer = send(body, fake.sign(body))
    assert (status, refusal(answer)[0]) == (413, "body_too_large")
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("name", ["manual", "stripe", "x" * 300])
def test_who_reports_nothing_has_no_address(db: None, name: str) -> None:
    status, answer = send(b"{}", "x", name)
    assert (status, refusal(answer)[0]) == (404, "not_found")


def test_reports_are_limited_and_only_posted(
    cast: Cast, attempt: PaymentAttempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ProviderThrottle.THROTTLE_RATES, "provider", "2/min")
    ProviderThrottle.cache.clear()
    assert Client().get("/api/v1/payments/providers/fake/events/").status_code == 405
    statuses = [send(b"{}", "x")[0] for _ in range(3)]
    assert 429 in statuses
