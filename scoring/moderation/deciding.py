"""Decisions of moderators, each with reasons that the creator reads."""

from datetime import datetime

from django.db import transaction

from accounts.case_states import CaseStep
from accounts.models import Appeal, ModerationCase, User
from scoring.moderation.errors import AppealPending, StepNotPossible
from scoring.moderation.moderators import ensure_may_decide, ensure_second
from scoring.moderation.moving import lock_case, take_step, transition_of
from scoring.moderation.wording import checked_reasons

DECISIONS = (CaseStep.DISMISS, CaseStep.FLAG, CaseStep.PROPOSE_SUSPENSION)
REVIEWS = (CaseStep.CONFIRM_SUSPENSION, CaseStep.REJECT_SUSPENSION)


@transaction.atomic
def decide_case(
    *, case: ModerationCase, step: str, reasons: str, actor: User, now: datetime
) -> ModerationCase:
    """Dismiss, flag, or propose a suspension.

    :param step: one of `DECISIONS`.
    :raises NotAModerator: or `OwnCase`, if the actor may not decide it.
    :raises ReasonsMissing: without reasons. :raises TextUnusable: if they are too long.
    :raises StepNotPossible: if the case is not open, perhaps decided a moment ago.
    :raises AppealPending: if the creator appeals an earlier decision.
    """
    return _decide(case, step, DECISIONS, reasons, actor, now)


@transaction.atomic
def review_suspension(
    *, case: ModerationCase, step: str, reasons: str, actor: User, now: datetime
) -> ModerationCase:
    """Confirm or reject a proposed suspension; rejected, the case is open again.

    :param step: one of `REVIEWS`.
    :raises SecondReviewerNeeded: if the actor proposed it. Others as `decide_case`.
    """
    return _decide(case, step, REVIEWS, reasons, actor, now)


@transaction.atomic
def reinstate_creator(
    *, case: ModerationCase, reasons: str, actor: User, now: datetime
) -> ModerationCase:
    """Lift a flag or a suspension: brands see the profile as any other at once.

    :raises AppealPending: if an appeal waits, which is then what has to be decided.
    Others as `decide_case`.
    """
    return _decide(case, CaseStep.REINSTATE, (CaseStep.REINSTATE,), reasons, actor, now)


def _decide(
    case: ModerationCase,
    step: str,
    allowed: tuple[CaseStep, ...],
    reasons: str,
    actor: User,
    now: datetime,
) -> ModerationCase:
    reasons = checked_reasons(reasons)
    if step not in allowed:
        raise StepNotPossible(f"There is no decision “{step[:40]}” here.")
    locked = lock_case(case)
    ensure_may_decide(actor, locked)
    transition_of(locked, step)
    if step in REVIEWS:
        ensure_second(actor, locked)
    if step == CaseStep.REINSTATE and _has_pending_appeal(locked):
        raise AppealPending
    if step in DECISIONS:
        locked.decided_by, locked.decided_at = actor, now
    elif step == CaseStep.CONFIRM_SUSPENSION:
        locked.second_reviewer, locked.decided_at = actor, now
    elif step == CaseStep.REJECT_SUSPENSION:
        locked.decided_by, locked.decided_at = None, None
    take_step(case=locked, step=step, actor=actor, reasons=reasons, now=now)
    return locked


def _has_pending_appeal(case: ModerationCase) -> bool:
    return Appeal.objects.filter(case=case, outcome=Appeal.Outcome.PENDING).exists()
