"""What a request for money must be, and how the same request again finds the first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from accounts import audit
from accounts.errors import Conflict, DomainError
from accounts.models import Brand, Creator, User
from accounts.money import CURRENCIES, exact, to_minor
from campaigns.ledger import LARGEST_AMOUNT_MINOR
from campaigns.models import Payment
from campaigns.payment_states import PaymentKind, PaymentState
from campaigns.payments.providers import provider_called

SMALLEST_PAYOUT = Decimal(10)
KEY_CHARACTERS = 80
BANK_ACCOUNT_CHARACTERS = 200
REASON_CHARACTERS = 2_000


class AmountRefused(DomainError):
    code = "amount_refused"


class CurrencyRefused(DomainError):
    code = "currency_refused"


class IdempotencyKeyMissing(DomainError):
    code = "idempotency_key_missing"
    message = f"Send an idempotency key of 1 to {KEY_CHARACTERS} printable characters."


class IdempotencyKeyReused(Conflict):
    """The key already stands for another request."""

    code = "idempotency_key_reused"


class BankAccountMissing(DomainError):
    code = "bank_account_missing"
    message = f"Say where the money is to go, in 1 to {BANK_ACCOUNT_CHARACTERS} characters."


class ReasonRefused(DomainError):
    code = "reason_missing"
    message = f"Give a reason of 1 to {REASON_CHARACTERS:,} characters; the owner reads it."


@dataclass(frozen=True)
class Request:
    """What somebody asks for. ``amount_minor`` in minor units of an ISO 4217 ``currency``."""

    kind: PaymentKind
    amount_minor: int
    currency: str
    provider: str
    bank_account: str
    idempotency_key: str

    def check(self) -> None:
        """:raises AmountRefused, CurrencyRefused, IdempotencyKeyMissing, BankAccountMissing,
        UnknownProvider: as named; nothing is written.
        """
        if self.currency not in CURRENCIES:
            raise CurrencyRefused(
                f"“{str(self.currency)[:10]}” is no currency used here. Use one of: "
                f"{', '.join(CURRENCIES)}."
            )
        amount = self.amount_minor
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise AmountRefused("Give the amount as a whole number of minor units (cents).")
        if not 0 < amount <= LARGEST_AMOUNT_MINOR:
            raise AmountRefused("The amount must be above zero and one that can be moved.")
        smallest = to_minor(SMALLEST_PAYOUT, self.currency)
        if self.kind is PaymentKind.PAYOUT and amount < smallest:
            raise AmountRefused(
                f"The smallest payout is {exact(smallest, self.currency)}.",
                details={"minimum_minor": smallest, "currency": self.currency},
            )
        key = self.idempotency_key
        if not 1 <= len(key) <= KEY_CHARACTERS or not key.isprintable() or not key.strip():
            raise IdempotencyKeyMissing
        account = self.bank_account
        if len(account) > BANK_ACCOUNT_CHARACTERS or not (account.isprintable() or not account):
            raise BankAccountMissing
        if self.kind is not PaymentKind.DEPOSIT and not account.strip():
            raise BankAccountMissing
        provider_called(self.provider)


def find_or_write(
    request: Request,
    *,
    brand: Brand | None = None,
    creator: Creator | None = None,
    actor: User | None,
    now: datetime,
) -> tuple[Payment, bool]:
    """The payment asked for under this key, and whether it is new.

    The unique key makes a second caller wait until the first has committed.

    :raises IdempotencyKeyReused: if the key stands for a request that differs.
    """
    incoming = request.kind is PaymentKind.DEPOSIT
    payment, is_new = Payment.objects.get_or_create(
        kind=request.kind,
        brand=brand,
        creator=creator,
        idempotency_key=request.idempotency_key,
        defaults={
            "amount_minor": request.amount_minor,
            "currency": request.currency,
            "provider": request.provider,
            "bank_account": request.bank_account,
            "state": PaymentState.REQUESTED if incoming else PaymentState.IN_REVIEW,
            "requested_by": actor,
            "created_at": now,
            "updated_at": now,
        },
    )
    if is_new:
        audit.record(
            actor=actor,
            verb=f"{request.kind}.requested",
            subject=payment,
            data={"amount_minor": request.amount_minor, "currency": request.currency},
        )
    else:
        _check_same(payment, request)
    return payment, is_new


def find(
    request: Request, *, brand: Brand | None = None, creator: Creator | None = None
) -> Payment | None:
    """The payment of an earlier request with this key. :raises IdempotencyKeyReused: as above."""
    owner = Q(brand=brand) if brand is not None else Q(creator=creator)
    payment = Payment.objects.filter(
        owner, kind=request.kind, idempotency_key=request.idempotency_key
    ).first()
    if payment is not None:
        _check_same(payment, request)
    return payment


def checked_reason(reason: str) -> str:
    """:raises ReasonRefused: if it is empty or too long."""
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_CHARACTERS:
        raise ReasonRefused
    return reason


def _check_same(payment: Payment, request: Request) -> None:
    for name in ("amount_minor", "currency", "provider", "bank_account"):
        if getattr(payment, name) != getattr(request, name):
            raise IdempotencyKeyReused(
                "This idempotency key was already used for a request with another "
                f"{name.removesuffix('_minor').replace('_', ' ')}. Use a new key for a new request."
            )
