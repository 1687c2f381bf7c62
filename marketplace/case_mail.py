"""What the creator of a case is told by e-mail."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.case_states import CaseStep
from accounts.models import CaseEvent

TEMPLATES = {
    CaseStep.OPENED: "emails/case_opened.txt",
    CaseStep.FILE_APPEAL: "emails/case_appealed.txt",
}
DECIDED = "emails/case_decided.txt"
SUBJECTS = {
    CaseStep.OPENED: "Your profile is under review",
    CaseStep.DISMISS: "The review of your profile is over",
    CaseStep.FLAG: "Your profile was flagged",
    CaseStep.CONFIRM_SUSPENSION: "Your profile was suspended",
    CaseStep.FILE_APPEAL: "Your appeal has arrived",
    CaseStep.GRANT_APPEAL: "Your appeal was granted",
    CaseStep.REJECT_APPEAL: "Your appeal was rejected",
    CaseStep.REINSTATE: "Your profile is reinstated",
}


def send_case_mail(*, event_id: int) -> bool:
    """Tell the creator of one step of their case. False if there is nobody to tell by now.

    :raises SMTPException: or OSError, if the mail server refuses; the caller tries again.
    """
    event = (
        CaseEvent.objects.select_related("case__creator__user", "case__appeal")
        .filter(pk=event_id)
        .first()
    )
    user = event.case.creator.user if event is not None else None
    if event is None or user is None or event.step not in SUBJECTS:
        return False
    step = CaseStep(event.step)
    context = {
        "event": event,
        "case": event.case,
        "path": reverse("case", args=[event.case_id]),
        "user": user,
    }
    send_mail(
        subject=f"[Fairground] {SUBJECTS[step]} (case {event.case_id})",
        message=render_to_string(TEMPLATES.get(step, DECIDED), context),
        from_email=None,
        recipient_list=[user.email],
    )
    return True
