"""Whose looking and choosing counts as a brand's: members who may write its briefs.

Viewers, reviewers and finance look for other reasons than to choose, creators look at themselves
and their peers, and moderators look at everybody; none of that is the taste of a brand.
"""

from django.db.models import QuerySet

from accounts import access
from accounts.models import Brand, Creator, User


def brands_recorded_for(user: User) -> QuerySet[Brand]:
    """Brands whose behaviour is what this user does. Nobody's for a moderator."""
    if not user.is_authenticated or user.is_staff:
        return Brand.objects.none()
    return Brand.objects.filter(
        memberships__user=user, memberships__role__in=access.WRITERS
    ).order_by("name", "pk")


def is_about_oneself(user: User, creator: Creator) -> bool:
    """Whether a member looks at their own profile: that tells nothing about the brand."""
    return creator.user_id is not None and creator.user_id == user.pk
