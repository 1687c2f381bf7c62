"""Shortlists of a brand: make, change, archive; and from an id to one, for one asker.

Owners and managers keep the lists. Owners, managers and reviewers vote and write notes.
Everybody in the team reads. Nobody else does, moderators and the creators listed included.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from accounts import access, audit
from accounts.errors import Conflict, DomainError, NotFound
from accounts.models import Brand, User
from campaigns.models import Campaign, Shortlist
from campaigns.models.shortlists import LONGEST_NAME

MAX_SHORTLISTS = 200


class ShortlistNameMissing(DomainError):
    code = "shortlist_name_missing"

    def __init__(self) -> None:
        super().__init__(
            f"Give the list a name of 1 to {LONGEST_NAME} characters.", details={"field": "name"}
        )


class ShortlistNameTaken(Conflict):
    code = "shortlist_name_taken"

    def __init__(self) -> None:
        super().__init__(
            "The brand has a list of this name. Choose another, or archive that one first.",
            details={"field": "name"},
        )


class TooManyShortlists(Conflict):
    code = "too_many_shortlists"
    message = f"A brand keeps at most {MAX_SHORTLISTS} lists. Archive one first."


class ShortlistArchived(Conflict):
    code = "shortlist_archived"
    message = "This list is archived. Bring it back to change it."


class NotTheirCampaign(DomainError):
    code = "not_their_campaign"

    def __init__(self) -> None:
        super().__init__("This campaign is not the brand's.", details={"field": "campaign_id"})


def shortlists_of(user: User) -> QuerySet[Shortlist]:
    """Lists of every brand the user belongs to, the newest first."""
    found = Shortlist.objects.filter(brand__memberships__user=user)
    return found.select_related("brand", "campaign__brand", "created_by")


def with_sizes(lists: QuerySet[Shortlist]) -> QuerySet[Shortlist]:
    """Each with ``size``, the number of creators on it now."""
    return lists.annotate(size=Count("entries", filter=Q(entries__removed_at=None)))


def shortlist_for(user: User, shortlist_id: int, *, roles: tuple[str, ...] = ()) -> Shortlist:
    """A list of one of the user's brands. One query, two with ``roles``.

    :raises NotFound: if it is no brand's of the user's.
    :raises Forbidden: if ``roles`` is given and the user's role is not among them.
    """
    found = shortlists_of(user).filter(pk=shortlist_id).first()
    if found is None:
        raise NotFound("There is no such list, or it belongs to another brand.")
    if roles:
        access.membership_for(user, found.brand_id, roles=roles)
    return found


def brands_kept_by(user: User) -> QuerySet[Brand]:
    """Brands whose lists the user may make and change, by name."""
    found = Brand.objects.filter(memberships__user=user, memberships__role__in=access.WRITERS)
    return found.order_by("name", "pk")


def open_shortlists_kept_by(user: User) -> QuerySet[Shortlist]:
    """Lists the user may put creators on, the newest first."""
    found = Shortlist.objects.filter(
        archived_at=None,
        brand__memberships__user=user,
        brand__memberships__role__in=access.WRITERS,
    )
    return found.select_related("brand")


@transaction.atomic
def create_shortlist(
    *, brand: Brand, name: str, actor: User, now: datetime, campaign: Campaign | None = None
) -> Shortlist:
    """An empty list.

    :raises ShortlistNameMissing, ShortlistNameTaken, TooManyShortlists: as named.
    :raises NotTheirCampaign: if the campaign is another brand's.
    """
    name = checked_name(name)
    _check_campaign(campaign, brand.pk)
    _hold(brand.pk)
    _check_room(brand.pk)
    try:
        with transaction.atomic():
            made = Shortlist.objects.create(
                brand=brand, campaign=campaign, name=name, created_by=actor, created_at=now
            )
    except IntegrityError as error:
        raise ShortlistNameTaken from error
    audit.record(
        actor=actor,
        verb="shortlist.created",
        subject=made,
        data={"brand": brand.pk, "campaign": campaign.pk if campaign else None},
    )
    return made


@transaction.atomic
def change_shortlist(
    *, shortlist: Shortlist, name: str, campaign: Campaign | None, actor: User
) -> Shortlist:
    """Rename a list, or say which campaign it is for.

    :raises ShortlistArchived: if it is archived.
    Raises otherwise as `create_shortlist`.
    """
    name = checked_name(name)
    _check_campaign(campaign, shortlist.brand_id)
    locked = lock_open(shortlist)
    before = {"name": locked.name, "campaign": locked.campaign_id}
    after = {"name": name, "campaign": campaign.pk if campaign else None}
    if before == after:
        return locked
    locked.name, locked.campaign = name, campaign
    try:
        with transaction.atomic():
            locked.save(update_fields=["name", "campaign"])
    except IntegrityError as error:
        raise ShortlistNameTaken from error
    audit.record(
        actor=actor, verb="shortlist.changed", subject=locked, data={"from": before, "to": after}
    )
    return locked


@transaction.atomic
def archive_shortlist(*, shortlist: Shortlist, actor: User, now: datetime) -> Shortlist:
    """Put a list away: it is read and no longer changed, and its name is free.

    :raises ShortlistArchived: if somebody was faster.
    """
    locked = lock_open(shortlist)
    locked.archived_at = now
    locked.save(update_fields=["archived_at"])
    audit.record(actor=actor, verb="shortlist.archived", subject=locked)
    return locked


@transaction.atomic
def restore_shortlist(*, shortlist: Shortlist, actor: User) -> Shortlist:
    """Bring an archived list back; one that is not archived stays as it is.

    :raises ShortlistNameTaken: if another list took the name meanwhile.
    :raises TooManyShortlists: if the brand has as many as it may.
    """
    _hold(shortlist.brand_id)
    locked = lock(shortlist)
    if not locked.is_archived:
        return locked
    _check_room(locked.brand_id)
    locked.archived_at = None
    try:
        with transaction.atomic():
            locked.save(update_fields=["archived_at"])
    except IntegrityError as error:
        raise ShortlistNameTaken from error
    audit.record(actor=actor, verb="shortlist.restored", subject=locked)
    return locked


def lock(shortlist: Shortlist) -> Shortlist:
    """The list as it is now. Whatever changes a list or hangs on it holds its row first."""
    locked = Shortlist.objects.select_for_update(no_key=True).filter(pk=shortlist.pk).first()
    if locked is None:
        raise NotFound("This list is gone.")
    return locked


def lock_open(shortlist: Shortlist) -> Shortlist:
    """As `lock`. :raises ShortlistArchived: if it is archived."""
    locked = lock(shortlist)
    if locked.is_archived:
        raise ShortlistArchived
    return locked


def checked_name(name: str) -> str:
    """Without spaces at its ends or rows of them within. :raises ShortlistNameMissing: else."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or "\x00" in name:
        raise ShortlistNameMissing
    return name


def _check_campaign(campaign: Campaign | None, brand_id: int) -> None:
    if campaign is not None and campaign.brand_id != brand_id:
        raise NotTheirCampaign


def _hold(brand_id: int) -> None:
    """The brand's row, so that two at once do not pass the limit together."""
    Brand.objects.select_for_update(no_key=True).get(pk=brand_id)


def _check_room(brand_id: int) -> None:
    if Shortlist.objects.filter(brand=brand_id, archived_at=None).count() >= MAX_SHORTLISTS:
        raise TooManyShortlists
