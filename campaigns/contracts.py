"""From agreed terms to a signed and funded contract."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from accounts.errors import Conflict, DomainError
from accounts.models import User
from campaigns import ledger
from campaigns.contract_text import contract_text
from campaigns.fees import fee_of, present_rate, present_tax_rate
from campaigns.hiring import ensure_hireable
from campaigns.ledger import Leg
from campaigns.models import Collaboration, Contract, Deliverable, LedgerAccount, Offer, Signature
from campaigns.moving import OTHER_SIDE, check_move, lock, move, record
from campaigns.offer_terms import OfferTerms
from campaigns.states import TRANSITIONS, Acting, Side, State


class TextChanged(Conflict):
    code = "contract_changed"
    message = "This is not the text of the contract. Read it again before you sign."


class AlreadySigned(Conflict):
    code = "already_signed"
    message = "Your side has signed."


class NameMissing(DomainError):
    code = "name_missing"
    message = "Type your full name (2 to 120 characters) to sign."


def end_of(day: date) -> datetime:
    """The last second of a day that a contract names."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def last_day(day: date, *, stood_still: timedelta) -> date:
    """A day that a contract names, moved by the time a dispute or a question held work up."""
    return (end_of(day) + stood_still).date()


def draw_up(*, collaboration: Collaboration, offer: Offer, now: datetime) -> Contract:
    """The contract of an accepted offer. Called inside the acceptance."""
    terms = OfferTerms.from_json(offer.terms)
    rate, tax_rate = present_rate(), present_tax_rate()
    fee = sum(fee_of(one.price_minor, rate) for one in terms.deliverables)
    text = contract_text(
        collaboration=collaboration,
        offer=offer,
        fee_minor=fee,
        fee_percent=rate / 100,
        tax_percent=tax_rate / 100,
        now=now,
    )
    return Contract.objects.create(
        collaboration=collaboration,
        offer=offer,
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        total_minor=terms.total_minor,
        fee_minor=fee,
        fee_basis_points=rate,
        fee_tax_basis_points=tax_rate,
        currency=terms.currency,
        created_at=now,
    )


@transaction.atomic
def sign(
    *,
    collaboration: Collaboration,
    typed_name: str,
    text_hash: str,
    side: Side,
    actor: User,
    now: datetime,
) -> Collaboration:
    """Sign for one side; with the second signature the contract is signed.

    :raises TextChanged: if the hash is not the contract's.
    :raises AlreadySigned, NameMissing, CreatorNotHireable: as named; else as `moving.move`.
    """
    typed_name = typed_name.strip()
    if not 2 <= len(typed_name) <= 120:
        raise NameMissing
    locked = lock(collaboration)
    check_move(locked, TRANSITIONS["sign"], side=side, now=now)
    ensure_hireable(locked.creator)
    contract = Contract.objects.get(collaboration=locked)
    if contract.text_hash != text_hash:
        raise TextChanged
    signed = set(contract.signatures.values_list("side", flat=True))
    if side in signed:
        raise AlreadySigned
    Signature.objects.create(
        contract=contract, side=side, user=actor, typed_name=typed_name, text_hash=text_hash,
        signed_at=now,
    )  # fmt: skip
    if not signed:
        locked.acting_side = OTHER_SIDE[side]
        locked.updated_at = now
        locked.save(update_fields=["acting_side", "updated_at"])
        record(
            locked, "sign_first", side=side, actor=actor, now=now, before=State(locked.state),
            data={"typed_name": typed_name},
        )  # fmt: skip
        return locked
    return move(
        locked, "sign", side=side, actor=actor, now=now, acting_side=Acting.BRAND,
        data={"typed_name": typed_name, "text_hash": text_hash},
    )  # fmt: skip


@transaction.atomic
def fund(*, collaboration: Collaboration, actor: User, now: datetime) -> Collaboration:
    """Set the contract's total and the fee aside from the brand's wallet; work can start.

    Funding twice, or fifty times at once, sets it aside once.

    :raises InsufficientFunds: if the wallet holds less. Raises as `moving.move` otherwise.
    """
    locked = lock(collaboration)
    if locked.state == State.ACTIVE and locked.operations.filter(kind="fund").exists():
        return locked
    check_move(locked, TRANSITIONS["fund"], side=Side.BRAND, now=now)
    ensure_hireable(locked.creator)
    contract = Contract.objects.get(collaboration=locked)
    ledger.post_operation(
        operation_id=f"fund:{locked.pk}",
        kind="fund",
        legs=[
            Leg(wallet_of(locked, contract.currency), -contract.to_fund_minor),
            Leg(hold_of(locked, contract.currency), contract.to_fund_minor),
        ],
        actor=actor,
        now=now,
        description=f"Set aside for {locked}",
        collaboration=locked,
    )
    terms = OfferTerms.from_json(contract.offer.terms)
    Deliverable.objects.bulk_create(
        Deliverable(
            collaboration=locked,
            position=place,
            kind=one.kind,
            platform=one.platform,
            description=one.description,
            price_minor=one.price_minor,
            fee_minor=fee_of(one.price_minor, contract.fee_basis_points),
            draft_due_on=one.draft_due_on,
            publish_by=one.publish_by,
            acting_side=Acting.CREATOR,
            deadline_at=end_of(one.draft_due_on),
            updated_at=now,
        )
        for place, one in enumerate(terms.deliverables, start=1)
    )
    return move(
        locked, "fund", side=Side.BRAND, actor=actor, now=now,
        data={"set_aside_minor": contract.to_fund_minor, "currency": contract.currency},
    )  # fmt: skip


def wallet_of(collaboration: Collaboration, currency: str) -> LedgerAccount:
    return ledger.account_of(
        LedgerAccount.Kind.BRAND_WALLET, currency, brand=collaboration.campaign.brand
    )


def hold_of(collaboration: Collaboration, currency: str) -> LedgerAccount:
    return ledger.account_of(LedgerAccount.Kind.HOLD, currency, collaboration=collaboration)
