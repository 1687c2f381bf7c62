"""Who may decide what."""

from collections.abc import Collection

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from accounts.models import ModerationCase, User
from scoring.moderation.errors import NotAModerator, OutsiderNeeded, OwnCase, SecondReviewerNeeded

PERMISSION = "accounts.change_moderationcase"
NOBODY_ELSE = " There is nobody else yet: an administrator has to make another moderator."


def ensure_may_decide(actor: User, case: ModerationCase) -> None:
    """:raises NotAModerator: without the right. :raises OwnCase: if it is about the actor."""
    ensure_moderator(actor)
    if case.creator.user_id == actor.pk:
        raise OwnCase


def ensure_moderator(actor: User) -> None:
    """:raises NotAModerator: if the actor may not decide cases."""
    if not (actor.is_staff and actor.has_perm(PERMISSION)):
        raise NotAModerator


def ensure_second(actor: User, case: ModerationCase) -> None:
    """:raises SecondReviewerNeeded: if the actor proposed it; says so if nobody else is there."""
    if actor.pk == case.decided_by_id:
        raise SecondReviewerNeeded(_sentence(SecondReviewerNeeded.message, {actor.pk}, case))


def ensure_outsider(actor: User, case: ModerationCase) -> None:
    """:raises OutsiderNeeded: if the actor decided; says so if nobody else is there."""
    took_part = {case.decided_by_id, case.second_reviewer_id}
    if actor.pk in took_part:
        raise OutsiderNeeded(_sentence(OutsiderNeeded.message, took_part, case))


def list_moderators() -> QuerySet[User]:
    """Everybody who can log in and may decide cases."""
    app, codename = PERMISSION.split(".")
    right = Permission.objects.filter(codename=codename, content_type__app_label=app)
    given = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return User.objects.filter(
        Q(is_superuser=True) | given, is_active=True, is_staff=True
    ).distinct()


def is_anybody_left(took_part: Collection[int | None], case: ModerationCase) -> bool:
    """Whether a moderator exists who is not among these and not the creator. One query."""
    excluded = [pk for pk in (*took_part, case.creator.user_id) if pk is not None]
    return list_moderators().exclude(pk__in=excluded).exists()


def _sentence(refusal: str, took_part: Collection[int | None], case: ModerationCase) -> str:
    return refusal if is_anybody_left(took_part, case) else refusal + NOBODY_ELSE
