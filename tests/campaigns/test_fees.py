"""The platform's fee, and the tax that is part of it, from the contract to the books."""

from datetime import timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from campaigns import delivering
from campaigns.fees import fee_of, tax_in
from campaigns.ledger import check_books
from campaigns.models import Deliverable, LedgerAccount
from campaigns.payments.clawing_back import claw_back
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import start_work
from tests.cast import Cast

MINOR = st.integers(0, 10**12)
RATE = st.integers(0, 5_000)


@pytest.mark.parametrize(
    ("fee", "rate", "tax"), [(119, 1_900, 19), (100, 0, 0), (0, 1_900, 0), (5_000, 1_900, 798)]
)
def test_tax_is_part_of_the_fee(fee: int, rate: int, tax: int) -> None:
    assert tax_in(fee, rate) == tax


@given(price=MINOR, fee_rate=RATE, tax_rate=RATE)
def test_no_part_is_larger_than_the_whole(price: int, fee_rate: int, tax_rate: int) -> None:
    fee = fee_of(price, fee_rate)
    assert 0 <= tax_in(fee, tax_rate) <= fee <= price


@override_settings(PLATFORM_FEE_BASIS_POINTS=1_000, PLATFORM_FEE_TAX_BASIS_POINTS=1_900)
def test_tax_is_set_aside_on_settling_and_given_back_on_clawing_back(cast: Cast) -> None:
    collaboration = start_work(cast)
    assert "19 % tax included" in collaboration.contract.text
    piece = _settled(collaboration.deliverables.first(), cast)
    tax = tax_in(piece.fee_minor, 1_900)
    assert tax > 0
    assert _balance("tax") == tax
    assert _balance("platform_fee") == piece.fee_minor - tax
    with override_settings(PLATFORM_FEE_TAX_BASIS_POINTS=0):  # the contract's rate holds
        claw_back(
            deliverable=piece, amount_minor=piece.price_minor, reason="It was taken down.",
            actor=cast.moderator, now=NOW + timedelta(days=3),
        )  # fmt: skip
    assert _balance("tax") == _balance("platform_fee") == 0
    assert check_books().is_right


def _settled(piece: Deliverable | None, cast: Cast) -> Deliverable:
    assert piece is not None
    creator = {"deliverable": piece, "actor": cast.creator_user, "now": NOW}
    brand = {"deliverable": piece, "actor": cast.brand_owner, "now": NOW, "side": Side.BRAND}
    delivering.submit_draft(**creator, text="A draft", link="")
    delivering.approve(**brand)
    delivering.publish(**creator, url="https://example.org/p/1", caption="My routine #ad")
    return delivering.verify(**brand)


def _balance(kind: str) -> int:
    return LedgerAccount.objects.get(kind=kind, currency="EUR").balance_minor
