"""The niche group of an account, for the creator's page."""

from django import template

from accounts.models import SocialAccount
from scoring.niche_groups import NicheGroupFacts, get_group_of_account

register = template.Library()


@register.simple_tag
def niche_group_of(account: SocialAccount) -> NicheGroupFacts | None:
    """One query."""
    return get_group_of_account(account_id=account.pk)
