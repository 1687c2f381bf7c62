"""Reads over cases for pages, API and desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.case_states import UNDER_REVIEW, CaseState
from accounts.errors import Forbidden, NotFound
from accounts.models import Appeal, Creator, ModerationCase, SocialAccount, User
from scoring.models import Score
from scoring.moderation.standing import Standing, get_standings


@dataclass(frozen=True)
class HumanDecision:
    """A standing decision about one account beside what the model says now."""

    account: SocialAccount
    standing: Standing
    score: Score | None


def list_cases(user: User) -> QuerySet[ModerationCase]:
    """The cases about the user's own profile, the newest first.

    :raises Forbidden: if the user has no creator profile.
    """
    creator = Creator.objects.filter(user=user).first()
    if creator is None:
        raise Forbidden("Cases are about creators, and you have no creator profile.")
    return ModerationCase.objects.filter(creator=creator).select_related("creator", "appeal")


def case_for(user: User, case_id: int) -> ModerationCase:
    """A case about the user's own profile.

    :raises NotFound: if it is about somebody else or nobody.
    :raises Forbidden: if the user has no creator profile.
    """
    case = list_cases(user).filter(pk=case_id).first()
    if case is None:
        raise NotFound("There is no such case, or it is not about you.")
    return case


def list_open_cases(creator: Creator) -> QuerySet[ModerationCase]:
    return creator.cases.filter(state__in=UNDER_REVIEW)


def count_waiting() -> dict[str, int]:
    """What moderators have before them: open cases, suspensions to review, appeals. Two queries."""
    under_review = ModerationCase.objects.aggregate(
        open=Count("pk", filter=Q(state=CaseState.OPEN)),
        second_review=Count("pk", filter=Q(state=CaseState.SECOND_REVIEW)),
    )
    appeals = Appeal.objects.filter(outcome=Appeal.Outcome.PENDING).count()
    return {**under_review, "appeals": appeals}


def list_human_decisions(
    risks: Mapping[SocialAccount, Score | None],
) -> list[HumanDecision]:
    """The decisions that stand for these accounts. One query, two more after new facts."""
    standings = get_standings({account.pk: score for account, score in risks.items()})
    return [
        HumanDecision(account, standings[account.pk], score)
        for account, score in risks.items()
        if account.pk in standings and standings[account.pk].is_shown
    ]
