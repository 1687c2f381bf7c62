"""The platform's fee on a price, and the tax that is part of it."""

from django.conf import settings

from campaigns import ledger
from campaigns.ledger import Leg
from campaigns.models import Contract, LedgerAccount


def fee_of(price_minor: int, basis_points: int) -> int:
    """The fee on a price, rounded down to a minor unit."""
    return price_minor * basis_points // 10_000


def tax_in(fee_minor: int, tax_basis_points: int) -> int:
    """The tax that a fee includes, rounded down; of 119 at 19 % it is 19."""
    return fee_minor * tax_basis_points // (10_000 + tax_basis_points)


def fee_legs(contract: Contract, fee_minor: int) -> list[Leg]:
    """Postings of a fee that was earned, or given back if below zero: what stays with the
    platform, and the tax it passes on, at the rate of the contract."""
    tax = tax_in(abs(fee_minor), contract.fee_tax_basis_points)
    tax = tax if fee_minor >= 0 else -tax
    parts = (
        (LedgerAccount.Kind.PLATFORM_FEE, fee_minor - tax),
        (LedgerAccount.Kind.TAX, tax),
    )
    return [
        Leg(ledger.account_of(kind, contract.currency), amount) for kind, amount in parts if amount
    ]


def present_rate() -> int:
    """Basis points of the price for new contracts (`settings.PLATFORM_FEE_BASIS_POINTS`)."""
    return int(settings.PLATFORM_FEE_BASIS_POINTS)


def present_tax_rate() -> int:
    """Basis points of tax included in the fee of new contracts."""
    return int(settings.PLATFORM_FEE_TAX_BASIS_POINTS)
