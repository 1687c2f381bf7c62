"""What the creator of a case is written when something happens in it."""

from typing import Final

from django.template.loader import render_to_string

from accounts.case_states import CaseStep
from accounts.models import CaseEvent, OutboxEvent, User
from accounts.outbox import Letter

TEMPLATES: Final = {
    CaseStep.OPENED: "emails/case_opened.txt",
    CaseStep.FILE_APPEAL: "emails/case_appealed.txt",
}
DECIDED: Final = "emails/case_decided.txt"
SUBJECTS: Final = {
    CaseStep.OPENED: "Your profile is under review",
    CaseStep.DISMISS: "The review of your profile is over",
    CaseStep.FLAG: "Your profile was flagged",
    CaseStep.CONFIRM_SUSPENSION: "Your profile was suspended",
    CaseStep.FILE_APPEAL: "Your appeal has arrived",
    CaseStep.GRANT_APPEAL: "Your appeal was granted",
    CaseStep.REJECT_APPEAL: "Your appeal was rejected",
    CaseStep.REINSTATE: "Your profile is reinstated",
}


def letter_of(event: OutboxEvent, user: User) -> Letter | None:
    """None if the case is gone or the creator has nothing to read of the step."""
    step = (
        CaseEvent.objects.select_related("case__creator", "case__appeal")
        .filter(pk=event.payload.get("event"))
        .first()
    )
    if step is None or step.step not in SUBJECTS or step.case.creator.user_id != user.pk:
        return None
    kind = CaseStep(step.step)
    text = render_to_string(TEMPLATES.get(kind, DECIDED), {"event": step, "case": step.case})
    return Letter(f"{SUBJECTS[kind]} (case {step.case_id})", [text], "case", [step.case_id])
