"""Read price justifications: the creator's own, and whatever a signed link leads to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F, QuerySet

from accounts import access
from accounts.errors import Forbidden, NotFound
from accounts.models import Creator, SocialAccount, User
from campaigns.track_access import may_read_record
from scoring.justifying.documents import Document, read_document
from scoring.justifying.gathering import OPTIONAL, gather_document
from scoring.justifying.links import LARGEST_ID, read_token
from scoring.justifying.wording import interval_words, value_words
from scoring.models import PriceJustification


class Standing(StrEnum):
    """What a link says of its document."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_SHOWN = "not_shown"  # the profile is suspended or closed
    DAMAGED = "damaged"  # the record no longer has its hash


@dataclass(frozen=True)
class Verified:
    """What a signed link leads to. ``document`` is None where its figures are not shown."""

    justification: PriceJustification
    standing: Standing
    document: Document | None


@dataclass(frozen=True)
class Change:
    """A figure that is not what it was."""

    title: str
    label: str
    then: str
    now: str


def profile_of(user: User) -> Creator:
    """:raises Forbidden: if the user is no creator."""
    found = Creator.objects.filter(user=user).first()
    if found is None:
        raise Forbidden("Price justifications are made by creators, about their own accounts.")
    return found


def account_of(user: User, account_id: int) -> SocialAccount:
    """One of the user's own accounts. One query. :raises NotFound: otherwise."""
    own = SocialAccount.objects.select_related("creator").filter(creator__user=user)
    found = own.filter(pk=account_id).first() if 0 < account_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("There is no such account of yours.")
    return found


def justifications_of(user: User) -> QuerySet[PriceJustification]:
    """The user's own, the latest first, without their documents."""
    own = PriceJustification.objects.filter(account__creator__user=user)
    return own.select_related("account__creator").defer("document").order_by("-made_at", "-pk")


def justification_for(user: User, pk: int, *, write: bool = False) -> PriceJustification:
    """The user's own; moderators read all. One query.

    :raises NotFound: if it is somebody else's. :raises Forbidden: if a moderator is to write.
    """
    rows = PriceJustification.objects.select_related("account__creator")
    if not user.is_staff:
        rows = rows.filter(account__creator__user=user)
    found = rows.filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if found is None:
        raise NotFound("There is no such justification of yours.")
    if write and found.account.creator.user_id != user.pk:
        raise Forbidden("Only the creator withdraws a justification.")
    return found


def standing_of(justification: PriceJustification, *, now: datetime) -> Standing:
    if not justification.account.creator.can_be_hired:
        return Standing.NOT_SHOWN
    if not justification.is_whole:
        return Standing.DAMAGED
    if justification.withdrawn_at is not None:
        return Standing.WITHDRAWN
    return Standing.VALID if now < justification.expires_at else Standing.EXPIRED


def verify(token: str, *, now: datetime) -> Verified:
    """What the link says. Figures are shown while it is valid, and after it expired.

    :raises LinkWrong: for whatever this Fairground did not sign. One query.
    """
    row = read_token(token)
    standing = standing_of(row, now=now)
    shown = standing in (Standing.VALID, Standing.EXPIRED)
    return Verified(row, standing, read_document(row.document) if shown else None)


def count_view(justification: PriceJustification, *, now: datetime) -> None:
    """One more opening of the public page; nothing is kept of who opened it. One statement."""
    PriceJustification.objects.filter(pk=justification.pk).update(
        views=F("views") + 1, last_viewed_on=now.date()
    )


def may_see_changes(user: User, justification: PriceJustification) -> bool:
    """Those who could read the present figures on the creator's page as well."""
    if not user.is_authenticated:
        return False
    creator = justification.account.creator
    visible = access.creators_visible_to(user).filter(pk=creator.pk).exists()
    return visible and may_read_record(user, creator)


def changes_since(justification: PriceJustification, *, now: datetime) -> list[Change]:
    """Figures of the document that are different today, in its order. Gathers them anew."""
    then = read_document(justification.document)
    left_out = [part.name for part in then.sections if part.is_left_out and part.name in OPTIONAL]
    today = gather_document(
        account=justification.account,
        deliverable=justification.deliverable,
        asked_minor=justification.asked_minor,
        currency=justification.currency,
        note=justification.note,
        left_out=left_out,
        expires_at=justification.expires_at,
        now=now,
    )
    present = today.figures()
    changes = []
    for part in then.sections:
        for figure in part.figures:
            other = present.get((part.name, figure.name))
            said = value_words(figure), interval_words(figure)
            if other is None:
                changes.append(Change(part.title, figure.label, _line(*said), "no longer given"))
            elif (read := (value_words(other), interval_words(other))) != said:
                changes.append(Change(part.title, figure.label, _line(*said), _line(*read)))
    return changes


def _line(value: str, interval: str) -> str:
    return f"{value} ({interval})" if interval else value
