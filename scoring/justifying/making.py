"""Make and withdraw price justifications."""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import Creator, SocialAccount, User
from accounts.money import CURRENCIES, exponent, readable
from campaigns.hiring import ensure_hireable
from scoring.justifying.deliverables import is_offered
from scoring.justifying.documents import Document, hash_of
from scoring.justifying.gathering import OPTIONAL, gather_document
from scoring.models import PriceJustification
from scoring.models.price_justifications import LONGEST_NOTE

MOST_LIVE: Final = 20
MOST_A_DAY: Final = 50
LONGEST_DAYS: Final = 90
USUAL_DAYS: Final = 30
LIMIT_MAJOR: Final = 10**9


class JustificationRefused(DomainError):
    """What was asked for cannot be; ``details["field"]`` names the input."""

    code = "justification_refused"
    http_status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, details={"field": field})
        self.field = field


class TooManyJustifications(Conflict):
    code = "too_many_justifications"


class AlreadyWithdrawn(Conflict):
    code = "justification_withdrawn"
    message = "It was withdrawn before."


def preview_justification(
    *,
    account: SocialAccount,
    deliverable: str,
    asked_minor: int,
    currency: str,
    actor: User | None,
    now: datetime,
    note: str = "",
    days: int = USUAL_DAYS,
    left_out: Collection[str] = (),
) -> Document:
    """What `make_justification` would freeze now. Writes nothing; raises as it does, except
    `TooManyJustifications`."""
    _check_owner(account.creator, actor)
    ensure_hireable(account.creator)
    note = _checked(account, deliverable, asked_minor, currency, note, days, left_out)
    return gather_document(
        account=account,
        deliverable=deliverable,
        asked_minor=asked_minor,
        currency=currency,
        note=note,
        left_out=left_out,
        expires_at=now + timedelta(days=days),
        now=now,
    )


@transaction.atomic
def make_justification(
    *,
    account: SocialAccount,
    deliverable: str,
    asked_minor: int,
    currency: str,
    actor: User | None,
    now: datetime,
    note: str = "",
    days: int = USUAL_DAYS,
    left_out: Collection[str] = (),
) -> PriceJustification:
    """Gather the figures behind a price and freeze them.

    :param asked_minor: the creator's own price, in minor units of ``currency``.
    :param days: for how long the link says that it is valid.
    :param actor: the creator's own user; None is whoever runs this Fairground, for the creator.
    :param left_out: sections of `gathering.OPTIONAL` the creator does not want to show.
    :raises Forbidden: if the account is not the actor's own, moderators included.
    :raises CreatorNotHireable: if the profile is suspended or closed.
    :raises JustificationRefused: if an input cannot be.
    :raises TooManyJustifications: at `MOST_LIVE` live ones, or `MOST_A_DAY` made within a day.
    """
    # Locked, so that two at once count each other, and a suspension waits or is seen.
    creator = Creator.objects.select_for_update(no_key=True).get(pk=account.creator_id)
    account.creator = creator
    document = preview_justification(
        account=account, deliverable=deliverable, asked_minor=asked_minor, currency=currency,
        actor=actor, now=now, note=note, days=days, left_out=left_out,
    )  # fmt: skip
    _check_number(creator, now=now)
    text = document.to_text()
    made = PriceJustification.objects.create(
        account=account,
        deliverable=deliverable,
        asked_minor=asked_minor,
        currency=currency,
        note=document.note,
        document=text,
        document_hash=hash_of(text),
        made_by=actor,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(
        actor=actor,
        verb="price_justification.made",
        subject=made,
        data={
            "account": account.pk,
            "deliverable": deliverable,
            "asked_minor": asked_minor,
            "currency": currency,
            "expires_at": made.expires_at.isoformat(),
            "hash": made.document_hash,
        },
    )
    return made


@transaction.atomic
def withdraw_justification(
    *, justification: PriceJustification, actor: User, now: datetime
) -> PriceJustification:
    """The link says from now on that it is withdrawn; the row and its figures are kept.

    :raises Forbidden: if it is not the actor's own. :raises AlreadyWithdrawn: the second time.
    """
    locked = (
        PriceJustification.objects.select_for_update(of=("self",))
        .select_related("account__creator")
        .get(pk=justification.pk)
    )
    _check_owner(locked.account.creator, actor)
    if locked.withdrawn_at is not None:
        raise AlreadyWithdrawn
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    audit.record(actor=actor, verb="price_justification.withdrawn", subject=locked)
    return locked


def _check_owner(creator: Creator, actor: User | None) -> None:
    if actor is None:
        return
    if creator.user_id is None or creator.user_id != actor.pk:
        raise Forbidden("Only the creator justifies their prices.")


def _checked(
    account: SocialAccount,
    deliverable: str,
    asked_minor: int,
    currency: str,
    note: str,
    days: int,
    left_out: Collection[str],
) -> str:
    """The note as it is kept. :raises JustificationRefused: naming the first input that fails."""
    if not is_offered(account, deliverable):
        platform = account.get_platform_display()
        raise JustificationRefused("deliverable", f"There is no such deliverable on {platform}.")
    if currency not in CURRENCIES:
        raise JustificationRefused("currency", f"Use one of: {', '.join(CURRENCIES)}.")
    limit = LIMIT_MAJOR * 10 ** exponent(currency)
    if not 0 < asked_minor < limit:
        raise JustificationRefused(
            "asked_minor", f"Ask more than nothing and less than {readable(limit, currency)}."
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise JustificationRefused("days", f"Give 1 to {LONGEST_DAYS} days.")
    if unknown := set(left_out) - set(OPTIONAL):
        raise JustificationRefused(
            "left_out",
            f"“{min(unknown)[:40]}” cannot be left out; these can: {', '.join(OPTIONAL)}.",
        )
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise JustificationRefused(
            "note", f"The note has {len(note):,} characters; {LONGEST_NOTE} are kept."
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in note):
        raise JustificationRefused("note", "The note holds signs that nobody can read.")
    return note


def _check_number(creator: Creator, *, now: datetime) -> None:
    own = PriceJustification.objects.filter(account__creator=creator)
    if own.filter(withdrawn_at=None, expires_at__gt=now).count() >= MOST_LIVE:
        raise TooManyJustifications(
            f"{MOST_LIVE} of your justifications are valid, which is the limit. Withdraw one first."
        )
    if own.filter(made_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyJustifications(
            f"You made {MOST_A_DAY} justifications within a day. Make the next one tomorrow."
        )
