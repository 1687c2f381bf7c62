"""The creator's one appeal, and the answer of somebody who took no part."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.case_states import CaseStep
from accounts.models import Appeal, ModerationCase, User
from scoring.moderation.errors import AppealedBefore, StepNotPossible
from scoring.moderation.moderators import ensure_may_decide, ensure_outsider
from scoring.moderation.moving import lock_case, take_step, transition_of
from scoring.moderation.wording import checked_links, checked_reasons, checked_text

ANSWERED_WITHIN = timedelta(days=14)
ANSWERS = (CaseStep.GRANT_APPEAL, CaseStep.REJECT_APPEAL)


@transaction.atomic
def file_appeal(
    *, case: ModerationCase, text: str, links: Sequence[str] = (), actor: User, now: datetime
) -> Appeal:
    """Object to a flag or a suspension, as long as it is in force; also who claimed it later.

    :raises StepNotPossible: if nothing in force can be appealed.
    :raises AppealedBefore: if it was appealed before.
    :raises TextUnusable: or `LinkUnusable`, if something in it cannot be kept.
    """
    text, kept = checked_text(text), checked_links(links)
    locked = lock_case(case)
    if Appeal.objects.filter(case=locked).exists():
        raise AppealedBefore
    transition_of(locked, CaseStep.FILE_APPEAL)
    appeal = Appeal.objects.create(
        case=locked,
        text=text,
        links=kept,
        filed_by=actor,
        filed_at=now,
        due_at=now + ANSWERED_WITHIN,
    )
    take_step(case=locked, step=CaseStep.FILE_APPEAL, actor=actor, reasons="", now=now)
    return appeal


@transaction.atomic
def decide_appeal(
    *, case: ModerationCase, step: str, reasons: str, actor: User, now: datetime
) -> Appeal:
    """Grant the appeal, which reinstates the creator, or reject it.

    :param step: one of `ANSWERS`.
    :raises OutsiderNeeded: if the actor decided the case or confirmed the suspension.
    :raises StepNotPossible: if no appeal waits.
    :raises NotAModerator: or `OwnCase`, if the actor may not decide it.
    :raises ReasonsMissing: without reasons. :raises TextUnusable: if they are too long.
    """
    reasons = checked_reasons(reasons)
    if step not in ANSWERS:
        raise StepNotPossible(f"There is no answer “{step[:40]}” to an appeal.")
    locked = lock_case(case)
    ensure_may_decide(actor, locked)
    appeal = Appeal.objects.filter(case=locked, outcome=Appeal.Outcome.PENDING).first()
    if appeal is None:
        raise StepNotPossible("No appeal is waiting in this case.")
    transition_of(locked, step)
    ensure_outsider(actor, locked)
    granted = step == CaseStep.GRANT_APPEAL
    appeal.outcome = Appeal.Outcome.GRANTED if granted else Appeal.Outcome.REJECTED
    appeal.reasons, appeal.decided_by, appeal.decided_at = reasons, actor, now
    appeal.save(update_fields=["outcome", "reasons", "decided_by", "decided_at"])
    take_step(case=locked, step=step, actor=actor, reasons=reasons, now=now)
    return appeal
