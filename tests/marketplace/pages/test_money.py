"""A brand's wallet and a creator's earnings, page by page."""

from datetime import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, User
from campaigns import delivering
from campaigns.balances import list_earnings, list_wallets
from campaigns.disputes import open_dispute
from campaigns.models import Collaboration, Payment
from campaigns.payments.payouts import request_payout
from campaigns.payments.sweeping import sweep_payments
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import draft, piece, publish, start_work
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db


def earned(cast: Cast) -> Collaboration:
    """Work on two pieces, the first of which (€500.00) was verified."""
    collaboration = start_work(cast, 50_000, 25_000, deposited=150_000)
    one = piece(collaboration)
    draft(cast, one)
    delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
    publish(cast, one)
    delivering.verify(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
    return collaboration


def earn(cast: Cast, *, now: datetime = NOW) -> Payment:
    """Work that was verified (€500.00 of €1,500.00 deposited), and a payout of €40.00 asked for."""
    earned(cast)
    return request_payout(
        creator=cast.creator, amount_minor=4_000, currency="EUR", provider="fake",
        bank_account="fake:pays", idempotency_key="one", actor=cast.creator_user, now=now,
    )  # fmt: skip


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


@pytest.fixture
def creator(cast: Cast, browse: Browse) -> Client:
    return browse(cast.creator_user)


def form(**fields: str) -> dict[str, str]:
    return {"amount": "250.50", "currency": "EUR", "idempotency_key": "k1", **fields}


class TestBrand:
    def test_reads_what_is_free_and_what_is_set_aside(self, cast: Cast, owner: Client) -> None:
        earn(cast)
        page = owner.get(reverse("brand_money", args=[cast.brand.pk])).content.decode()
        assert "€675.00" in page  # 1500 less 750 and the fee of 75
        assert page.count("€275.00") == 2  # set aside for the second piece: in all, and by whom
        [wallet] = list_wallets(cast.brand)
        assert (wallet.free_minor, wallet.set_aside_minor) == (67_500, 27_500)

    def test_a_deposit_sent_twice_is_one(self, cast: Cast, owner: Client) -> None:
        address = reverse("brand_deposit", args=[cast.brand.pk])
        for _ in range(2):
            response = owner.post(address, form(), follow=True)
            assert response.status_code == 200
        payment = Payment.objects.get()
        assert (payment.amount_minor, payment.brand, payment.provider) == (
            25_050, cast.brand, "fake",
        )  # fmt: skip
        assert "€250.50 is asked for" in response.content.decode()
        [wallet] = list_wallets(cast.brand)
        assert (wallet.free_minor, wallet.arriving_minor) == (0, 25_050)

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"amount": "0"}, "greater than or equal to 0.01"),
            ({"amount": "-5"}, "greater than or equal to 0.01"),
            ({"amount": "1e30"}, "no more than"),
            ({"amount": "12.345"}, "2 decimal places"),
            ({"amount": "many"}, "Enter a number"),
            ({"currency": "XXX"}, "Select a valid choice"),
            ({"idempotency_key": ""}, "required"),
            ({"bank_account": "x" * 201}, "at most 200"),
        ],
    )
    def test_a_deposit_that_cannot_be(
        self, wrong: dict[str, str], words: str, cast: Cast, owner: Client
    ) -> None:
        response = owner.post(reverse("brand_deposit", args=[cast.brand.pk]), form(**wrong))
        assert response.status_code == 422
        assert words in response.content.decode()
        assert not Payment.objects.exists()

    def test_takes_out_no_more_than_is_free(self, cast: Cast, owner: Client) -> None:
        earn(cast)
        address = reverse("brand_withdraw", args=[cast.brand.pk])
        response = owner.post(address, form(amount="700", bank_account="DE00"))
        assert response.status_code == 422
        assert "€675.00" in response.content.decode()
        response = owner.post(address, form(amount="675", bank_account="DE00"), follow=True)
        assert "€675.00 is on its way back" in response.content.decode()
        assert list_wallets(cast.brand)[0].free_minor == 0

    def test_the_finance_role_keeps_money_and_a_manager_does_not(
        self, cast: Cast, browse: Browse
    ) -> None:
        membership = Membership.objects.get(user=cast.brand_viewer)
        address = reverse("brand_money", args=[cast.brand.pk])
        for role, status in (("finance", 200), ("manager", 403), ("reviewer", 403)):
            Membership.objects.filter(pk=membership.pk).update(role=role)
            assert browse(cast.brand_viewer).get(address).status_code == status

    def test_statements_come_as_table_and_document(self, cast: Cast, owner: Client) -> None:
        earn(cast)
        period = {"currency": "EUR", "first_day": "2026-03-01", "last_day": "2026-03-31"}
        table = owner.get(reverse("brand_statement", args=[cast.brand.pk, "csv"]), period)
        assert table["Content-Type"] == "text/csv; charset=utf-8"
        assert "statement-EUR-2026-03-01-2026-03-31.csv" in table["Content-Disposition"]
        assert "Set aside for a collaboration" in table.content.decode()
        document = owner.get(reverse("brand_statement", args=[cast.brand.pk, "pdf"]), period)
        assert document.content.startswith(b"%PDF-")
        other = owner.get(reverse("brand_statement", args=[cast.brand.pk, "exe"]), period)
        assert other.status_code == 404

    @pytest.mark.parametrize(
        ("period", "status"),
        [
            ({"currency": "XXX"}, 422),
            ({"currency": "EUR", "first_day": "yesterday"}, 422),
            ({"currency": "EUR", "first_day": "2026-03-02", "last_day": "2026-03-01"}, 422),
            ({}, 422),
        ],
    )
    def test_a_period_that_cannot_be(
        self, period: dict[str, str], status: int, cast: Cast, owner: Client
    ) -> None:
        address = reverse("brand_statement", args=[cast.brand.pk, "csv"])
        assert owner.get(address, period).status_code == status

    def test_the_page_costs_the_same_whatever_is_on_it(self, cast: Cast, owner: Client) -> None:
        address = reverse("brand_money", args=[cast.brand.pk])
        asking = reverse("brand_deposit", args=[cast.brand.pk])
        earn(cast)
        counts = []
        for number in range(4):
            owner.post(asking, form(idempotency_key=f"k{number}"))
            owner.get(address)  # the message is read
            with CaptureQueriesContext(connection) as queries:
                owner.get(address)
            counts.append(len(queries))
        assert len(set(counts)) == 1


class TestCreator:
    def test_reads_what_is_owed_and_promised(self, cast: Cast, creator: Client) -> None:
        earn(cast)
        page = creator.get(reverse("creator_money", args=[cast.creator.pk])).content.decode()
        for amount in ("€500.00", "€40.00", "€460.00"):
            assert amount in page

    def test_is_paid(self, cast: Cast, creator: Client) -> None:
        earn(cast)
        address = reverse("creator_payout", args=[cast.creator.pk])
        response = creator.post(address, form(amount="460", bank_account="fake:pays"), follow=True)
        assert "€460.00 is on its way to you" in response.content.decode()
        for _ in range(2):  # handed to the provider, then its report is taken
            sweep_payments(now=NOW)
        assert set(Payment.objects.values_list("state", flat=True)) == {"paid"}
        [earnings] = list_earnings(cast.creator)
        assert (earnings.owed_minor, earnings.available_minor) == (0, 0)

    def test_is_told_what_is_owed_when_asking_for_more(self, cast: Cast, creator: Client) -> None:
        earn(cast)
        response = creator.post(
            reverse("creator_payout", args=[cast.creator.pk]),
            form(amount="460.01", bank_account="DE00"),
        )
        assert response.status_code == 422
        page = response.content.decode()
        assert "€460.00 can be paid out" in page
        assert 'value="460.01"' in page
        assert Payment.objects.count() == 1

    def test_a_payout_needs_to_know_where_to(self, cast: Cast, creator: Client) -> None:
        earn(cast)
        response = creator.post(reverse("creator_payout", args=[cast.creator.pk]), form())
        assert response.status_code == 422
        assert "Say where the money is to go." in response.content.decode()

    def test_takes_a_payout_back_before_it_is_sent(self, cast: Cast, creator: Client) -> None:
        payment = earn(cast)
        address = reverse("creator_payout_cancel", args=[cast.creator.pk, payment.pk])
        assert "taken back" in creator.post(address, follow=True).content.decode()
        payment.refresh_from_db()
        assert payment.state == "cancelled"
        again = creator.post(address, follow=True).content.decode()
        assert "is cancelled" in again

    def test_a_moderator_who_is_a_creator_takes_back_nobody_elses(
        self, cast: Cast, browse: Browse
    ) -> None:
        payment = earn(cast)
        User.objects.filter(pk=cast.other_creator_user.pk).update(is_staff=True)
        cast.other_creator_user.user_permissions.add(
            Permission.objects.get(codename="view_payment")
        )
        moderator = browse(User.objects.get(pk=cast.other_creator_user.pk))
        address = reverse("creator_payout_cancel", args=[cast.other_creator.pk, payment.pk])
        assert moderator.post(address).status_code == 404
        payment.refresh_from_db()
        assert payment.state == "ready"

    def test_reads_what_a_brand_disputes(self, cast: Cast, creator: Client) -> None:
        collaboration = earned(cast)
        open_dispute(
            collaboration=collaboration, category="not_as_agreed", text="Another product.",
            positions=[1], side=Side.BRAND, actor=cast.brand_owner, now=NOW,
        )  # fmt: skip
        page = creator.get(reverse("creator_money", args=[cast.creator.pk])).content.decode()
        assert "In dispute" in page
        [earnings] = list_earnings(cast.creator)
        assert (earnings.frozen_minor, earnings.available_minor) == (50_000, 0)

    def test_reads_why_a_large_payout_is_held(self, cast: Cast, creator: Client) -> None:
        collaboration = start_work(cast, 190_000, deposited=10**7)
        one = piece(collaboration)
        draft(cast, one)
        delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
        publish(cast, one)
        delivering.verify(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
        cast.creator.status = "suspended"
        cast.creator.save()
        response = creator.post(
            reverse("creator_payout", args=[cast.creator.pk]),
            form(bank_account="DE00"),
            follow=True,
        )
        page = response.content.decode()
        assert "held for review" in page
        assert page.count("The profile is suspended.") == 2  # in the answer, and with the payout


def test_the_menu_leads_to_ones_own_money(cast: Cast, browse: Browse) -> None:
    links = {
        cast.brand_owner: reverse("brand_money", args=[cast.brand.pk]),
        cast.creator_user: reverse("creator_money", args=[cast.creator.pk]),
    }
    for user, link in links.items():
        assert f'href="{link}"' in browse(user).get(reverse("creators")).content.decode()
    assert "/money/" not in browse(cast.brand_viewer).get(reverse("creators")).content.decode()
