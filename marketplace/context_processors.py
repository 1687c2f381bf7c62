"""What every page template can rely on. Lazy: a page that shows none of it asks nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import access
from accounts.models import Creator
from campaigns.payments.access import treasuries_of


def site(request: HttpRequest) -> dict[str, Any]:
    def my_brands() -> list[Any]:
        return list(access.brands_of(request.user)) if request.user.is_authenticated else []

    def my_creator_id() -> int:
        if not request.user.is_authenticated:
            return 0
        own = Creator.objects.filter(user=request.user).values_list("pk", flat=True)
        return own.first() or 0

    def my_treasuries() -> list[Any]:
        return list(treasuries_of(request.user)) if request.user.is_authenticated else []

    def may_write_briefs() -> bool:
        if not request.user.is_authenticated:
            return False
        return request.user.memberships.filter(role__in=access.WRITERS).exists()

    return {
        "site_name": "Fairground",
        "moderators_address": settings.DEFAULT_FROM_EMAIL,
        "my_brands": SimpleLazyObject(my_brands),
        "may_write_briefs": SimpleLazyObject(may_write_briefs),
        "my_treasuries": SimpleLazyObject(my_treasuries),
        "my_creator_id": SimpleLazyObject(my_creator_id),
    }
