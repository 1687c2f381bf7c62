"""What creators and moderators write into a case."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from accounts.case_states import CaseStep
from accounts.models import ModerationCase
from scoring.moderation.deciding import DECISIONS, REVIEWS
from scoring.moderation.wording import MAX_LINKS, MAX_TEXT


class LinksField(forms.CharField):
    """Addresses, one on each line. Cleans to a list; the service checks what they are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Links, one on each line",
            required=False,
            max_length=3_000,
            widget=forms.Textarea(
                attrs={"rows": 3, "placeholder": "https://…", "inputmode": "url"}
            ),
            help_text=f"At most {MAX_LINKS}, each beginning with https://.",
            **kwargs,
        )

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class EvidenceForm(forms.Form):
    text = forms.CharField(
        label="What speaks for you",
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Where the followers came from, what is wrong with a fact. It cannot be changed "
        "later.",
    )
    links = LinksField()


class AppealForm(EvidenceForm):
    text = forms.CharField(
        label="Why the decision is wrong",
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="You can appeal once, so say everything. It cannot be changed later.",
    )


DECISION_WORDS = {
    CaseStep.DISMISS: "Dismiss: the followers and the engagement are genuine",
    CaseStep.FLAG: "Flag: brands still find the profile, with a mark",
    CaseStep.PROPOSE_SUSPENSION: "Propose a suspension: a second moderator has to confirm it",
    CaseStep.CONFIRM_SUSPENSION: "Confirm the suspension: brands no longer find the profile",
    CaseStep.REJECT_SUSPENSION: "Reject the suspension: the case is open again",
    CaseStep.GRANT_APPEAL: "Grant the appeal: the profile is reinstated",
    CaseStep.REJECT_APPEAL: "Reject the appeal: the decision stands",
    CaseStep.REINSTATE: "Reinstate the profile",
}


class DecisionForm(forms.Form):
    """One of the steps that a case allows, with reasons. Dressed for the desk."""

    reasons = forms.CharField(
        label="Reasons, as the creator will read them",
        max_length=MAX_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, steps: tuple[CaseStep, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = forms.ChoiceField(
            label="Decision",
            choices=[(step.value, DECISION_WORDS[step]) for step in steps],
            widget=UnfoldAdminRadioSelectWidget(),
            initial=steps[0].value if len(steps) == 1 else None,
        )
        self.fields = {"step": choice, **self.fields}


class ReportForm(forms.Form):
    report = forms.CharField(
        label="What was reported, as the creator will read it",
        max_length=MAX_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )


def steps_of(case: ModerationCase, *, has_pending_appeal: bool) -> tuple[CaseStep, ...]:
    """What a moderator may do next with a case, whoever they are."""
    if case.state == "open":
        return DECISIONS
    if case.state == "second_review":
        return REVIEWS
    if not case.is_in_force:
        return ()
    if has_pending_appeal:
        return (CaseStep.GRANT_APPEAL, CaseStep.REJECT_APPEAL)
    return (CaseStep.REINSTATE,)
