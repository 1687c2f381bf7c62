"""Declared causes of growth: declare, withdraw, accept, reject.

Only a creator's own user declares, only a moderator decides, and a decision is final: it
is not undone by declaring the same thing again.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet

from accounts import access, audit
from accounts.errors import Conflict, DomainError, Forbidden, NotFound
from accounts.models import GrowthEvent, SocialAccount, User

LONGEST_EVENT = timedelta(days=60)
MAX_EVENTS_A_YEAR = 12
SHORTEST_DESCRIPTION = 40
LONGEST_DESCRIPTION = 2000
LONGEST_URL = 500

Kind, State = GrowthEvent.Kind, GrowthEvent.State


class EventRefused(DomainError):
    """The declaration cannot be used; ``details["field"]`` names the input."""

    code = "growth_event_refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, details={"field": field})
        self.field = field


class TooManyEvents(Conflict):
    code = "too_many_growth_events"
    message = (
        f"{MAX_EVENTS_A_YEAR} causes were declared for this account within a year, which is the "
        "limit. Write to the moderators about a further one."
    )


class EventOverlaps(Conflict):
    code = "growth_event_overlaps"
    message = "A cause of this kind is declared for these days already, or was decided."


class EventClosed(Conflict):
    code = "growth_event_closed"
    message = "This cause was decided or withdrawn before."


class ReasonsMissing(DomainError):
    code = "reasons_missing"
    message = "A decision needs its reasons in words; the creator reads them."

    def __init__(self) -> None:
        super().__init__(details={"field": "reasons"})


def own_account_for(user: User, account_id: int) -> SocialAccount:
    """An account of the user's own creator profile.

    :raises NotFound: if the user may not see it. :raises Forbidden: if it is not theirs.
    """
    account = access.account_for(user, account_id)
    _check_owner(account, user)
    return account


def events_of(*accounts: SocialAccount) -> QuerySet[GrowthEvent]:
    """All but the withdrawn, the latest first. Everybody who sees an account may see them."""
    of_accounts = GrowthEvent.objects.filter(account__in=[account.pk for account in accounts])
    return of_accounts.exclude(state=State.WITHDRAWN)


def event_for(user: User, event_id: int) -> GrowthEvent:
    """An event of a visible account. :raises NotFound: otherwise."""
    event = (
        GrowthEvent.objects.select_related("account__creator")
        .filter(pk=event_id, account__creator__in=access.creators_visible_to(user))
        .first()
    )
    if event is None:
        raise NotFound("There is no such declared cause, or the profile is not shown.")
    return event


@transaction.atomic
def declare_event(
    *,
    account: SocialAccount,
    kind: str,
    starts_on: date,
    ends_on: date,
    evidence_url: str = "",
    description: str = "",
    actor: User,
    now: datetime,
) -> GrowthEvent:
    """State a cause for the growth of some days, with evidence.

    :raises Forbidden: if the account is not the actor's own.
    :raises EventRefused: unknown kind, dates reversed, in the future or more than 60 days
        apart, or neither a web address nor a description of 40 characters.
    :raises EventOverlaps: the same kind is declared or decided for some of these days.
    :raises TooManyEvents: twelve within a year, withdrawn ones included.
    """
    _check_owner(account, actor)
    evidence_url, description = evidence_url.strip(), description.strip()
    _check_dates(starts_on, ends_on, today=now.date())
    if kind not in Kind.values:
        raise EventRefused("kind", f"There is no such kind. Known: {', '.join(Kind.values)}.")
    _check_evidence(evidence_url, description)
    # One declaration at a time for an account: the two checks below must see the others.
    SocialAccount.objects.select_for_update().get(pk=account.pk)
    if (
        events_of(account)
        .filter(kind=kind, starts_on__lte=ends_on, ends_on__gte=starts_on)
        .exists()
    ):
        raise EventOverlaps
    recent = account.growth_events.filter(declared_at__gt=now - timedelta(days=365))
    if recent.count() >= MAX_EVENTS_A_YEAR:
        raise TooManyEvents
    event = GrowthEvent.objects.create(
        account=account,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        evidence_url=evidence_url,
        description=description,
        declared_by=actor,
        declared_at=now,
    )
    audit.record(
        actor=actor,
        verb="growth_event.declared",
        subject=event,
        data={"kind": kind, "starts_on": str(starts_on), "ends_on": str(ends_on)},
    )
    return event


@transaction.atomic
def withdraw_event(*, event: GrowthEvent, actor: User, now: datetime) -> GrowthEvent:
    """Take a declaration back before it is decided.

    :raises Forbidden: if the account is not the actor's own.
    :raises EventClosed: if it was decided or withdrawn before.
    """
    _check_owner(event.account, actor)
    locked = _locked_open(event)
    locked.state, locked.closed_at = State.WITHDRAWN, now
    locked.save(update_fields=["state", "closed_at"])
    audit.record(actor=actor, verb="growth_event.withdrawn", subject=locked)
    return locked


@transaction.atomic
def decide_event(
    *, event: GrowthEvent, accept: bool, reasons: str, actor: User, now: datetime
) -> GrowthEvent:
    """Accept or reject a declared cause, once.

    An accepted cause explains the growth of its days from now on; a rejected one never does.

    :raises Forbidden: if the actor is no moderator, or the creator whose account it is.
    :raises ReasonsMissing: without reasons.
    :raises EventClosed: if it was decided or withdrawn before.
    """
    if not actor.is_staff:
        raise Forbidden("Only moderators decide about declared causes.")
    if event.account.creator.user_id == actor.pk:
        raise Forbidden("Nobody decides about their own account.")
    if not reasons.strip():
        raise ReasonsMissing
    locked = _locked_open(event)
    locked.state = State.ACCEPTED if accept else State.REJECTED
    locked.decided_by, locked.closed_at, locked.reasons = actor, now, reasons.strip()
    locked.save(update_fields=["state", "decided_by", "closed_at", "reasons"])
    audit.record(
        actor=actor,
        verb=f"growth_event.{locked.state}",
        subject=locked,
        data={"reasons": locked.reasons},
    )
    return locked


def _check_owner(account: SocialAccount, user: User) -> None:
    if account.creator.user_id is None or account.creator.user_id != user.pk:
        raise Forbidden("Only the creator can explain the growth of their own account.")


def _check_dates(starts_on: date, ends_on: date, *, today: date) -> None:
    if ends_on < starts_on:
        raise EventRefused("ends_on", "The last day is before the first.")
    if ends_on > today:
        raise EventRefused("ends_on", "This is in the future; declare what has happened.")
    if ends_on - starts_on > LONGEST_EVENT:
        raise EventRefused("ends_on", f"A cause lasts at most {LONGEST_EVENT.days} days.")


def _check_evidence(url: str, description: str) -> None:
    if not url and len(description) < SHORTEST_DESCRIPTION:
        raise EventRefused(
            "description",
            "Give a link, or describe what happened and where it can be seen in at least "
            f"{SHORTEST_DESCRIPTION} characters.",
        )
    if len(description) > LONGEST_DESCRIPTION:
        raise EventRefused("description", f"At most {LONGEST_DESCRIPTION:,} characters.")
    if not url:
        return
    try:
        # It is shown as a link, so nothing but the web's own schemes may stand there.
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError as error:
        raise EventRefused("evidence_url", "This is no address of a web page.") from error
    if len(url) > LONGEST_URL:
        raise EventRefused("evidence_url", f"At most {LONGEST_URL} characters.")


def _locked_open(event: GrowthEvent) -> GrowthEvent:
    """The event under a lock. :raises EventClosed: if it is closed or gone by now."""
    locked = (
        GrowthEvent.objects.select_for_update(of=("self",))
        .select_related("account__creator")
        .filter(pk=event.pk, state=State.DECLARED)
        .first()
    )
    if locked is None:
        raise EventClosed
    return locked
