"""Whether a creator takes on work in some days: only they say so, and only as far as they know.

One absence is kept, both its days included; an empty end is open. What is asked is a whole
period: who is away on one of its days is not available in it. Unknown stays unknown.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import access, audit
from accounts.errors import DomainError, Forbidden
from accounts.models import Creator, User

FURTHEST = timedelta(days=2 * 365)


class AvailabilityRefused(DomainError):
    """What was said cannot be; ``details["field"]`` names the input."""

    code = "availability_refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, details={"field": field})
        self.field = field


@dataclass(frozen=True)
class Availability:
    """What a creator says; None where they say nothing.

    ``away_until`` None with ``away_from`` known is an absence without a known end.
    """

    accepts_work: bool | None = None
    away_from: date | None = None
    away_until: date | None = None

    @classmethod
    def of(cls, creator: Creator, *, today: date) -> "Availability":
        """As the creator said it, without an absence that is over."""
        said = cls(creator.accepts_work, creator.away_from, creator.away_until)
        return cls(said.accepts_work) if said.is_back(today=today) else said

    @property
    def is_known(self) -> bool:
        return self.accepts_work is not None or self.away_from is not None

    def is_back(self, *, today: date) -> bool:
        """Whether an absence was said and its last day is over."""
        return self.away_until is not None and self.away_until < today

    def is_away(self, *, on: date) -> bool:
        return self.is_away_within(on, on)

    def is_away_within(self, starts_on: date, ends_on: date) -> bool:
        """Whether they are away on any day of the period, whose days both count."""
        if self.away_from is None or self.away_from > ends_on:
            return False
        return self.away_until is None or self.away_until >= starts_on

    def checked(self, *, today: date) -> "Availability":
        """:raises AvailabilityRefused: dates reversed, over, or more than two years away."""
        if self.away_from is None:
            if self.away_until is not None:
                raise AvailabilityRefused("away_from", "Say from which day you are away.")
            return self
        if self.away_until is not None and self.away_until < self.away_from:
            raise AvailabilityRefused("away_until", "The last day is before the first.")
        if self.is_back(today=today):
            raise AvailabilityRefused("away_until", "This absence is over; leave it empty.")
        for field, day in (("away_from", self.away_from), ("away_until", self.away_until)):
            if day is not None and abs(day - today) > FURTHEST:
                raise AvailabilityRefused(field, "Give a day within two years.")
        return self


def is_available(creator: Creator, starts_on: date, ends_on: date) -> bool | None:
    """Whether the creator takes on work in a whole period, both days included.

    False if they accept none or are away on one of its days; True if they say they accept work
    and are not away; None if they do not say.
    """
    said = Availability(creator.accepts_work, creator.away_from, creator.away_until)
    if said.accepts_work is False or said.is_away_within(starts_on, ends_on):
        return False
    return said.accepts_work


def unavailable(starts_on: date, ends_on: date, *, path: str = "") -> Q:
    """The rows of which `is_available` says False.

    :param path: from the rows to their creator, such as ``creator__``.
    """
    away = Q(**{f"{path}away_from__lte": ends_on}) & (
        Q(**{f"{path}away_until__isnull": True}) | Q(**{f"{path}away_until__gte": starts_on})
    )
    return Q(**{f"{path}accepts_work": False}) | away


def available(starts_on: date, ends_on: date, *, path: str = "") -> Q:
    """The rows of which `is_available` says True: who says nothing is not among them."""
    here = (
        Q(**{f"{path}away_from__isnull": True})
        | Q(**{f"{path}away_from__gt": ends_on})
        | Q(**{f"{path}away_until__lt": starts_on})
    )
    return Q(**{f"{path}accepts_work": True}) & here


def own_profile_for(user: User, creator_id: int) -> Creator:
    """The user's own profile.

    :raises NotFound: if the user may not see it. :raises Forbidden: if it is not theirs.
    """
    creator = access.creator_for(user, creator_id)
    _check_owner(creator, user)
    return creator


@transaction.atomic
def say_availability(
    *, creator: Creator, availability: Availability, actor: User, now: datetime
) -> Creator:
    """Replace what the creator says; it counts as said ``now`` even where it is the same.

    :raises Forbidden: if the profile is not the actor's own, moderators included.
    :raises AvailabilityRefused: if the days cannot be.
    """
    locked = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    _check_owner(locked, actor)
    availability.checked(today=now.date())
    locked.accepts_work = availability.accepts_work
    locked.away_from, locked.away_until = availability.away_from, availability.away_until
    locked.availability_said_at = now
    locked.save(update_fields=["accepts_work", "away_from", "away_until", "availability_said_at"])
    audit.record(
        actor=actor,
        verb="creator.availability_said",
        subject=locked,
        data={
            "accepts_work": availability.accepts_work,
            "away_from": _text(availability.away_from),
            "away_until": _text(availability.away_until),
        },
    )
    return locked


def _check_owner(creator: Creator, user: User) -> None:
    if creator.user_id is None or creator.user_id != user.pk:
        raise Forbidden("Only the creator says when they take on work.")


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
