"""Making, showing, approving and publishing what was agreed, and paying for it."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from accounts.errors import Conflict, DomainError
from accounts.models import Creator, User
from campaigns import ledger
from campaigns.contracts import end_of, hold_of, wallet_of
from campaigns.fees import fee_legs
from campaigns.ledger import Leg
from campaigns.models import Collaboration, Contract, Deliverable, Draft, LedgerAccount
from campaigns.moving import (
    REASON_CHARACTERS,
    NotInThisState,
    NotYourTurn,
    ReasonMissing,
    lock,
    move,
    record,
)
from campaigns.offer_terms import OfferTerms
from campaigns.results.publishing import schedule_collection
from campaigns.states import (
    DELIVERABLE_FINAL,
    DELIVERABLE_TRANSITIONS,
    Acting,
    DeliverableState,
    Side,
    State,
)
from campaigns.wording import checked_text

DRAFT_CHARACTERS = 20_000
is_url = URLValidator(schemes=["http", "https"])


class NoRoundsLeft(Conflict):
    code = "no_rounds_left"


class DraftEmpty(DomainError):
    code = "draft_empty"
    message = f"Show the draft: text of up to {DRAFT_CHARACTERS:,} characters, or an https link."


class BadLink(DomainError):
    code = "bad_link"
    message = "Give a full link that starts with https:// or http://."


class DisclosureMissing(DomainError):
    code = "disclosure_missing"


class NotActive(NotInThisState):
    code = "not_active"


@transaction.atomic
def submit_draft(
    *, deliverable: Deliverable, text: str, link: str, actor: User, now: datetime
) -> Deliverable:
    """Show a draft; the brand has seven days, after which it counts as approved.

    :raises DraftEmpty, BadLink: as named. Raises as `_step` otherwise.
    """
    text, link = text.strip(), link.strip()
    if not (text or link) or len(text) > DRAFT_CHARACTERS:
        raise DraftEmpty
    if link:
        _check_link(link)
    locked = _step(deliverable, "submit_draft", side=Side.CREATOR, actor=actor, now=now)
    Draft.objects.create(
        deliverable=locked, round=locked.rounds_used + 1, text=text, link=link, actor=actor,
        submitted_at=now,
    )  # fmt: skip
    return locked


@transaction.atomic
def request_revision(
    *, deliverable: Deliverable, reason: str, brief_items: list[str], actor: User, now: datetime
) -> Deliverable:
    """Ask for changes, citing what of the terms the draft misses.

    :raises NoRoundsLeft: if the agreed rounds are used up.
    :raises ReasonMissing: without a reason or a cited item.
    """
    items = [item.strip() for item in brief_items if item.strip()]
    if not items or any(len(item) > 300 for item in items):
        raise ReasonMissing(
            "Cite at least one item of the agreed terms that the draft misses "
            "(up to 300 characters each)."
        )
    # Counted under the lock: two people who ask at once use one round, not two of one.
    lock(deliverable.collaboration)
    agreed = _terms(deliverable.collaboration).revision_rounds
    if Deliverable.objects.get(pk=deliverable.pk).rounds_used >= agreed:
        raise NoRoundsLeft(
            f"{agreed} round{'s' if agreed != 1 else ''} of changes were agreed and are used. "
            "Approve the draft, or open a dispute."
        )
    return _step(
        deliverable, "request_revision", side=Side.BRAND, actor=actor, now=now, reason=reason,
        data={"items": items}, rounds=1,
    )  # fmt: skip


@transaction.atomic
def approve(
    *, deliverable: Deliverable, side: Side, actor: User | None, now: datetime
) -> Deliverable:
    """Approve the draft; by silence when Fairground does it after the deadline."""
    name = "approve_by_silence" if side is Side.SYSTEM else "approve"
    return _step(deliverable, name, side=side, actor=actor, now=now)


@transaction.atomic
def publish(
    *, deliverable: Deliverable, url: str, caption: str, actor: User, now: datetime
) -> Deliverable:
    """Say where it was published; the caption must disclose that it is advertising.

    :raises BadLink, DisclosureMissing, TextUnusable: as named. Raises as `_step` otherwise.
    """
    url = url.strip()
    _check_link(url)
    disclosure = _terms(deliverable.collaboration).disclosure.strip()
    if not discloses(caption, disclosure):
        raise DisclosureMissing(
            f"The caption does not contain the agreed disclosure “{disclosure}”. Add it to the "
            "publication, then give its caption here as it stands there.",
            details={"disclosure": disclosure},
        )
    caption = checked_text(caption, longest=DRAFT_CHARACTERS, field="caption")
    published = _step(
        deliverable, "publish", side=Side.CREATOR, actor=actor, now=now,
        data={"url": url, "disclosure": disclosure}, url=url,
    )  # fmt: skip
    schedule_collection(deliverable=published, caption=caption, now=now)
    return published


@transaction.atomic
def verify(
    *, deliverable: Deliverable, side: Side, actor: User | None, now: datetime
) -> Deliverable:
    """Confirm the publication, or let 72 hours do it; the price is owed in the same moment."""
    verified = _step(deliverable, "verify", side=side, actor=actor, now=now)
    return settle(deliverable=verified, now=now)


@transaction.atomic
def waive(*, deliverable: Deliverable, reason: str, actor: User, now: datetime) -> Deliverable:
    """The creator gives a piece up; its price and fee go back to the brand."""
    waived = _step(deliverable, "waive", side=Side.CREATOR, actor=actor, now=now, reason=reason)
    refund(waived, now=now)
    return complete_if_done(waived, now=now)


@transaction.atomic
def settle(*, deliverable: Deliverable, now: datetime) -> Deliverable:
    """Pay a verified piece from the hold; with the last one the collaboration is complete."""
    settled = _step(deliverable, "settle", side=Side.SYSTEM, actor=None, now=now)
    collaboration = settled.collaboration
    currency = _currency(collaboration)
    total = settled.price_minor + settled.fee_minor
    legs = [
        Leg(hold_of(collaboration, currency), -total),
        Leg(payable_of(collaboration, currency), settled.price_minor),
        *fee_legs(collaboration.contract, settled.fee_minor),
    ]
    ledger.post_operation(
        operation_id=f"settle:{settled.pk}",
        kind="settle",
        legs=legs,
        actor=None,
        now=now,
        description=str(settled)[:200],
        collaboration=collaboration,
    )
    return complete_if_done(settled, now=now)


def refund(deliverable: Deliverable, *, now: datetime) -> None:
    """A piece's price and fee from the hold to the brand's wallet."""
    collaboration = deliverable.collaboration
    currency = _currency(collaboration)
    total = deliverable.price_minor + deliverable.fee_minor
    ledger.post_operation(
        operation_id=f"refund:{deliverable.pk}",
        kind="refund",
        legs=[
            Leg(hold_of(collaboration, currency), -total),
            Leg(wallet_of(collaboration, currency), total),
        ],
        actor=None,
        now=now,
        description=str(deliverable)[:200],
        collaboration=collaboration,
    )


def complete_if_done(deliverable: Deliverable, *, now: datetime) -> Deliverable:
    """Complete the collaboration when nothing is left to do; its hold is empty then."""
    collaboration = deliverable.collaboration
    if collaboration.deliverables.exclude(state__in=DELIVERABLE_FINAL).exists():
        return deliverable
    hold = hold_of(collaboration, _currency(collaboration))
    hold.refresh_from_db()
    if hold.balance_minor:
        raise AssertionError(f"{collaboration} is done but its hold has {hold.balance_minor}")
    move(
        collaboration, "complete", side=Side.SYSTEM, actor=None, now=now, acting_side=Acting.BOTH
    )  # both may write a review now
    return deliverable


def agreed_disclosure(collaboration: Collaboration) -> str:
    """The words of disclosure the contract asks for, "" while there is none. Two queries."""
    if not Contract.objects.filter(collaboration=collaboration).exists():
        return ""
    return _terms(collaboration).disclosure.strip()


def list_agreed_disclosures(creator: Creator) -> list[tuple[Collaboration, str]]:
    """The creator's running collaborations with the words their contracts ask for. One query."""
    contracts = Contract.objects.filter(
        collaboration__creator=creator, collaboration__state=State.ACTIVE
    ).select_related("offer", "collaboration__brand")
    return [
        (one.collaboration, OfferTerms.from_json(one.offer.terms).disclosure.strip())
        for one in contracts.order_by("pk")
    ]


def discloses(caption: str, disclosure: str) -> bool:
    """Whether the caption has the disclosure as words of its own: “#ad” is not in “#adventure”.

    Scripts without capitals, such as Chinese, are often written without spaces, so what they
    begin or end with need not stand apart.
    """
    words = disclosure.strip().casefold()
    before = r"(?<!\w)" if _stands_apart(words[:1]) else ""
    after = r"(?!\w)" if _stands_apart(words[-1:]) else ""
    return re.search(f"{before}{re.escape(words)}{after}", caption.casefold()) is not None


def _stands_apart(sign: str) -> bool:
    return sign.isdigit() or sign.upper() != sign.lower()


def payable_of(collaboration: Collaboration, currency: str) -> LedgerAccount:
    return ledger.account_of(
        LedgerAccount.Kind.CREATOR_PAYABLE, currency, creator=collaboration.creator
    )


def _step(
    deliverable: Deliverable,
    name: str,
    *,
    side: Side,
    actor: User | None,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
    rounds: int = 0,
    url: str = "",
) -> Deliverable:
    """One of `states.DELIVERABLE_TRANSITIONS`, while the collaboration is active.

    :raises NotActive: if the collaboration is not; money in dispute does not move.
    :raises NotInThisState, NotYourTurn, ReasonMissing: as in `moving.move`.
    """
    transition = DELIVERABLE_TRANSITIONS[name]
    collaboration = lock(deliverable.collaboration)
    if collaboration.state != State.ACTIVE:
        raise NotActive(
            f"The collaboration is {State(collaboration.state).label.lower()}; its deliverables "
            "stand still."
        )
    locked = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    locked.collaboration = collaboration
    state, reason = DeliverableState(locked.state), reason.strip()
    if state not in transition.sources:
        raise NotInThisState(
            f"{locked} is “{state.label.lower()}”; this is possible while it is "
            + " or ".join(f"“{source.label.lower()}”" for source in transition.sources)
            + "."
        )
    if side not in transition.who:
        raise NotYourTurn(f"It is not for {side.label.lower()} to {name.replace('_', ' ')}.")
    if (transition.needs_reason and not reason) or len(reason) > REASON_CHARACTERS:
        raise ReasonMissing
    locked.state, locked.acting_side = transition.target, transition.acting
    locked.deadline_at = _deadline(locked, transition.lasts, now=now)
    locked.rounds_used += rounds
    locked.url = url or locked.url
    locked.updated_at = now
    locked.save(
        update_fields=["state", "acting_side", "deadline_at", "rounds_used", "url", "updated_at"]
    )
    record(
        collaboration,
        name,
        side=side,
        actor=actor,
        now=now,
        before=State.ACTIVE,
        reason=reason,
        data={
            "deliverable": locked.position,
            "from": state.value,
            "to": transition.target.value,
            **(data or {}),
        },
    )
    return locked


def _deadline(
    deliverable: Deliverable, lasts: timedelta | None, *, now: datetime
) -> datetime | None:
    if lasts is not None:
        return now + lasts
    if deliverable.state == DeliverableState.APPROVED:
        return end_of(deliverable.publish_by) + deliverable.collaboration.stood_still
    return None


def _terms(collaboration: Collaboration) -> OfferTerms:
    contract = Contract.objects.select_related("offer").get(collaboration=collaboration)
    return OfferTerms.from_json(contract.offer.terms)


def _currency(collaboration: Collaboration) -> str:
    return Contract.objects.values_list("currency", flat=True).get(collaboration=collaboration)


def _check_link(url: str) -> None:
    try:
        is_url(url)
    except ValidationError as error:
        raise BadLink from error
    if len(url) > 500:
        raise BadLink("The link is longer than 500 characters.")
