"""The finance desk: the queue of payments, and every decision about one."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from campaigns.books import run_check
from campaigns.models import Payment
from campaigns.payments.depositing import request_deposit
from campaigns.payments.payouts import request_payout
from campaigns.payments.sweeping import sweep_payments
from tests.campaigns.conftest import NOW
from tests.campaigns.test_payouts import owe
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    return enter(cast.moderator, "Finance desk")


def enter(user: User, *groups: str) -> Client:
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def held_payout(cast: Cast, key: str = "one") -> Payment:
    cast.creator.status = "suspended"
    cast.creator.save()
    return request_payout(
        creator=cast.creator, amount_minor=4_000, currency="EUR", provider="fake",
        bank_account="fake:fails", idempotency_key=key, actor=cast.creator_user, now=NOW,
    )  # fmt: skip


def manual_deposit(cast: Cast) -> Payment:
    payment = request_deposit(
        brand=cast.brand, amount_minor=70_000, currency="EUR", provider="manual",
        idempotency_key="one", actor=cast.brand_owner, now=NOW,
    )  # fmt: skip
    sweep_payments(now=NOW)
    payment.refresh_from_db()
    return payment


def page_of(payment: Payment) -> str:
    return reverse("admin:campaigns_payment_change", args=[payment.pk])


def decide(desk: Client, payment: Payment, step: str, words: str = "Looked at it.") -> str:
    """The page after the decision."""
    response = desk.post(page_of(payment), {"step": step, "words": words}, follow=True)
    assert response.status_code == 200
    payment.refresh_from_db()
    return response.content.decode()


def test_a_held_payout_is_read_and_let_go(cast: Cast, desk: Client) -> None:
    owe(cast, 5_000)
    payment = held_payout(cast)
    page = desk.get(page_of(payment)).content.decode()
    assert "The profile is suspended." in page
    assert "€40.00" in page
    assert "It is done and recorded." in decide(desk, payment, "release")
    assert payment.state == "ready"
    assert payment.released_by == cast.moderator
    assert AuditEntry.objects.filter(verb="payout.released", actor=cast.moderator).exists()


def test_a_held_payout_is_refused_with_a_reason_the_creator_reads(cast: Cast, desk: Client) -> None:
    owe(cast, 5_000)
    payment = held_payout(cast)
    assert "This field is required" in decide(desk, payment, "refuse", words=" ")
    assert payment.state == "in_review"
    decide(desk, payment, "refuse", words="The account is in another name.")
    assert payment.state == "refused"
    assert payment.refusal == "The account is in another name."


def test_a_failed_payout_is_tried_again(cast: Cast, desk: Client) -> None:
    owe(cast, 5_000)
    payment = held_payout(cast)
    decide(desk, payment, "release")
    for _ in range(2):
        sweep_payments(now=NOW)
    payment.refresh_from_db()
    assert payment.state == "failed"
    decide(desk, payment, "retry")
    assert payment.state == "ready"
    assert "Nothing is to be decided" in decide(desk, payment, "retry")


def test_what_a_bank_did_is_marked_by_hand(cast: Cast, desk: Client) -> None:
    payment = manual_deposit(cast)
    assert payment.state == "submitted"
    decide(desk, payment, "succeeded", words="B-17")
    assert payment.state == "received"
    page = decide(desk, payment, "returned", words="B-18")
    assert payment.state == "returned"
    assert "deposit:" in page
    assert run_check(now=NOW).is_right


def test_nobody_decides_about_their_own(cast: Cast) -> None:
    payment = manual_deposit(cast)
    cast.brand_owner.is_staff = True
    cast.brand_owner.save()
    desk = enter(cast.brand_owner, "Finance desk")
    assert "payment of your own" in desk.get(page_of(payment)).content.decode()
    assert "payment of your own" in decide(desk, payment, "succeeded", words="B-17")
    assert payment.state == "submitted"


@pytest.mark.parametrize(("groups", "see", "do"), [((), 403, 403), (("Moderators",), 200, 403)])
def test_only_the_finance_desk_decides(
    groups: tuple[str, ...], see: int, do: int, cast: Cast
) -> None:
    owe(cast, 5_000)
    payment = held_payout(cast)
    client = enter(cast.moderator, *groups)
    assert client.get(page_of(payment)).status_code == see
    response = client.post(page_of(payment), {"step": "release", "words": "Because."})
    assert response.status_code == do
    payment.refresh_from_db()
    assert payment.state == "in_review"


@pytest.mark.parametrize("number", ["999999999", "0", "x", "1' OR '1'='1", "9" * 40])
def test_a_payment_that_is_not_there_leads_back_to_the_list(number: str, desk: Client) -> None:
    response = desk.get(f"/admin/campaigns/payment/{number}/change/")
    assert response.status_code in (302, 404)


@pytest.mark.parametrize("model", ["payment", "operation", "ledgeraccount", "bookscheck"])
def test_lists_cost_the_same_whatever_is_on_them(model: str, cast: Cast, desk: Client) -> None:
    address = reverse(f"admin:campaigns_{model}_changelist")
    counts = []
    for number in range(3):
        owe(cast, 5_000, operation_id=f"owe:{number}")
        held_payout(cast, key=str(number))
        run_check(now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1


def test_an_operation_can_be_read_and_not_changed(cast: Cast, desk: Client) -> None:
    owe(cast, 5_000)
    operation = cast.creator.ledgeraccount_set.get().postings.get().operation
    address = reverse("admin:campaigns_operation_change", args=[operation.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"kind": "gift"}).status_code == 403
