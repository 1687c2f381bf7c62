"""The moderation desk: Django's admin, entered through the site's own log-in."""

from django.contrib import admin

from marketplace.admin import (
    books,
    campaigns,
    creators,
    disputes,
    growth,
    messages,
    moderation,
    outbox,
    payments,
    people,
    posts,
    records,
)
from marketplace.admin.entrance import through_site_login

__all__ = [
    "books",
    "campaigns",
    "creators",
    "disputes",
    "growth",
    "messages",
    "moderation",
    "outbox",
    "payments",
    "people",
    "posts",
    "records",
]

admin.site.login = through_site_login(admin.site.login)  # type: ignore[method-assign]
