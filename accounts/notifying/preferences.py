"""How each user wants their e-mail."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from django.db import transaction

from accounts import audit
from accounts.errors import DomainError
from accounts.models import NotificationCategory, NotificationPreference, User

Category = NotificationCategory
Pace = NotificationPreference.Pace

MANDATORY = (Category.DISPUTES, Category.MODERATION)
"""Decisions with a time to answer them: they come at once whatever somebody prefers."""

DEFAULTS: Mapping[str, Pace] = {
    Category.WORK: Pace.AT_ONCE,
    Category.MONEY: Pace.AT_ONCE,
    Category.DEADLINES: Pace.AT_ONCE,
    Category.MESSAGES: Pace.AT_ONCE,
    Category.RESULTS: Pace.DAILY,
    Category.DISPUTES: Pace.AT_ONCE,
    Category.ALERTS: Pace.DAILY,
    Category.MODERATION: Pace.AT_ONCE,
    Category.TECHNICAL: Pace.AT_ONCE,
}
DIGEST_AT = time(7)
"""UTC."""


class MandatoryCategory(DomainError):
    code = "mandatory_category"


class UnknownPreference(DomainError):
    code = "unknown_preference"


def get_paces(user: User) -> dict[str, Pace]:
    """Category → pace, all categories in order. One query."""
    return get_paces_of([user.pk])[user.pk]


def get_paces_of(user_ids: Collection[int]) -> dict[int, dict[str, Pace]]:
    """As `get_paces`, for many users. One query."""
    paces: dict[int, dict[str, Pace]] = {user_id: dict(DEFAULTS) for user_id in user_ids}
    chosen = NotificationPreference.objects.filter(user__in=user_ids).exclude(
        category__in=MANDATORY
    )
    for user_id, category, pace in chosen.values_list("user_id", "category", "pace"):
        paces[user_id][category] = Pace(pace)
    return paces


@transaction.atomic
def set_paces(*, user: User, paces: Mapping[str, str]) -> dict[str, Pace]:
    """Change the named categories and leave the others; what holds from now on.

    :raises UnknownPreference: if a category or pace is none.
    :raises MandatoryCategory: if one that comes at once in any case is to come otherwise.
    """
    for category, pace in paces.items():
        if category not in Category.values or pace not in Pace.values:
            raise UnknownPreference(
                f"“{str(category)[:40]}: {str(pace)[:40]}” is no choice.",
                details={"field": str(category)[:40]},
            )
        if category in MANDATORY and pace != Pace.AT_ONCE:
            raise MandatoryCategory(
                f"E-mail about {Category(category).label.lower()} always comes at once: an answer "
                "to it has a time limit.",
                details={"field": category},
            )
    before = get_paces(user)
    changed = {name: pace for name, pace in paces.items() if before[name] != pace}
    NotificationPreference.objects.bulk_create(
        [
            NotificationPreference(user=user, category=name, pace=pace)
            for name, pace in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "category"],
        update_fields=["pace"],
    )
    if changed:
        audit.record(actor=user, verb="notifications.changed", subject=user, data=dict(changed))
    return {**before, **{name: Pace(pace) for name, pace in changed.items()}}


def next_digest(now: datetime) -> datetime:
    """The next `DIGEST_AT` after ``now``."""
    today = datetime.combine(now.date(), DIGEST_AT, tzinfo=now.tzinfo)
    return today if today > now else today + timedelta(days=1)
