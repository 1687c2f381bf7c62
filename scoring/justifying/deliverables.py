"""What a price can be justified for: also work whose market nobody knows."""

from accounts.models import SocialAccount
from scoring.pricing.suggesting import list_deliverables


def is_offered(account: SocialAccount, deliverable: str) -> bool:
    """One query. ``account.creator`` must be loaded."""
    return deliverable in list_deliverables(account)
