"""What a profile says about cases and about people's decisions."""

from collections.abc import Iterable

from django import template

from accounts.models import Creator, ModerationCase
from marketplace.pages.creator_facts import AccountFacts
from scoring.moderation.selectors import HumanDecision, list_human_decisions

register = template.Library()


@register.simple_tag
def cases_of(creator: Creator) -> list[ModerationCase]:
    """All cases about a creator, the newest first. One query."""
    return list(creator.cases.select_related("appeal"))


@register.simple_tag
def human_decisions(facts: Iterable[AccountFacts]) -> list[HumanDecision]:
    """The decisions that stand for a creator's accounts. One query, seldom three."""
    return list_human_decisions({one.account: one.risk for one in facts})
