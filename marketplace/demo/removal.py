"""Take the demo market away. Called inside a transaction that holds its lock."""

from datetime import datetime

from django.db import connection

from accounts import audit
from accounts.models import Brand, Creator, User
from marketplace.demo import cast

# Deleting through the ORM would read 40,000 facts first to follow their relations.
_REMOVE_POST_METRICS = """
DELETE FROM accounts_postmetric metric USING accounts_post post, accounts_socialaccount account,
    accounts_creator creator
WHERE metric.post_id = post.id AND post.account_id = account.id
  AND account.creator_id = creator.id AND creator.is_simulated
"""


def is_seeded() -> bool:
    """Whether any simulated creator or brand is there. Two queries at most."""
    return (
        Creator.objects.filter(is_simulated=True).exists()
        or Brand.objects.filter(is_simulated=True).exists()
    )


def remove_rows(*, now: datetime) -> None:
    """Delete simulated creators and brands with all that hangs on them, and demo users.

    Audit entries stay. A demo user who has joined a brand that is not simulated, or has a
    creator profile that is not, stays too.
    """
    brands = Brand.objects.filter(is_simulated=True).order_by("pk")
    for brand in brands:
        audit.record(actor=None, verb="demo.removed", subject=brand)
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_POST_METRICS)
    Creator.objects.filter(is_simulated=True).delete()
    brands.delete()
    User.objects.filter(
        email__in=cast.DEMO_ADDRESSES, memberships__isnull=True, creator__isnull=True
    ).delete()
