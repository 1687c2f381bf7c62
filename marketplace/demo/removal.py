"""Take the demo market away. Called inside a transaction that holds its lock."""

from datetime import datetime

import pgtrigger
from django.db import connection

from accounts import audit
from accounts.models import Brand, Creator, User
from marketplace.demo import cast
from marketplace.demo.collaboration_removal import remove_collaborations
from scoring.models import NicheReport, PriceCheck, PriceModelState, ValuationRun

# Through the ORM these alone would be read first, 12,000 rows in chunks of a hundred.
_SIMULATED_POSTS = """
SELECT post.id FROM accounts_post post
JOIN accounts_socialaccount account ON account.id = post.account_id
JOIN accounts_creator creator ON creator.id = account.creator_id
WHERE creator.is_simulated
"""
_REMOVE_EVENTS = """
DELETE FROM scoring_interactionevent
WHERE brand_id IN (SELECT id FROM accounts_brand WHERE is_simulated)
   OR creator_id IN (SELECT id FROM accounts_creator WHERE is_simulated)
"""
_REMOVE_POSTS = (
    f"DELETE FROM scoring_postscore WHERE post_id IN ({_SIMULATED_POSTS})",  # noqa: S608
    f"DELETE FROM accounts_postmetric WHERE post_id IN ({_SIMULATED_POSTS})",  # noqa: S608
    f"DELETE FROM accounts_post WHERE id IN ({_SIMULATED_POSTS})",  # noqa: S608
)


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
    # Timeline, ledger, contracts and events refuse every change while the product runs.
    with pgtrigger.ignore():
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE_EVENTS)
        PriceCheck.objects.filter(is_simulated=True).delete()
        remove_collaborations()
        with connection.cursor() as cursor:
            for statement in _REMOVE_POSTS:
                cursor.execute(statement)
        NicheReport.objects.filter(is_simulated=True).delete()
        PriceModelState.objects.filter(is_simulated=True).delete()
        Creator.objects.filter(is_simulated=True).delete()
        ValuationRun.objects.filter(completed_at__isnull=False, values__isnull=True).delete()
        brands.delete()
    User.objects.filter(
        email__in=cast.DEMO_ADDRESSES, memberships__isnull=True, creator__isnull=True
    ).delete()
