"""Everything a moderator reads before deciding a case."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.case_states import CaseState
from accounts.errors import DomainError
from accounts.models import Appeal, AuditEntry, CaseFinding, ModerationCase, User
from scoring.models import Score
from scoring.moderation.moderators import ensure_may_decide, ensure_outsider, ensure_second
from scoring.selectors import current_scores

OTHER_CASES_SHOWN = 10


@dataclass(frozen=True)
class FindingNow:
    """What the model said when the case was opened, and what it says now."""

    finding: CaseFinding
    score: Score | None

    @property
    def profile_url(self) -> str:
        creator = reverse("creator", args=[self.finding.account.creator_id])
        return f"{creator}#account-{self.finding.account_id}"

    @property
    def desk_url(self) -> str:
        return reverse("admin:accounts_socialaccount_change", args=[self.finding.account_id])


def case_context(case: ModerationCase, *, appeal: Appeal | None, actor: User) -> dict[str, Any]:
    """A number of queries that neither findings nor evidence nor history change."""
    findings = list(case.findings.select_related("account"))
    scores = current_scores([finding.account_id for finding in findings])
    risk = Score.Task.AUTHENTICITY
    audit = AuditEntry.objects.filter(
        Q(subject_type=case._meta.label_lower, subject_id=str(case.pk))
        | Q(
            subject_type="accounts.creator",
            subject_id=str(case.creator_id),
            verb="creator.status_changed",
        )
    )
    return {
        "case": case,
        "appeal": appeal,
        "findings": [FindingNow(one, scores.get(one.account_id, {}).get(risk)) for one in findings],
        "events": case.events.select_related("actor"),
        "evidence": case.evidence.select_related("submitted_by"),
        "labels": case.labels.select_related("account").defer("inputs").order_by("pk"),
        "audit": audit.select_related("actor").order_by("at", "pk"),
        "other_cases": case.creator.cases.exclude(pk=case.pk).defer("statement")[
            :OTHER_CASES_SHOWN
        ],
        "refusal": why_not(actor, case, appeal=appeal),
    }


def why_not(actor: User, case: ModerationCase, *, appeal: Appeal | None) -> str:
    """Why this moderator in particular cannot take the next step; empty if they can."""
    try:
        ensure_may_decide(actor, case)
        if case.state == CaseState.SECOND_REVIEW:
            ensure_second(actor, case)
        elif appeal is not None and appeal.is_pending:
            ensure_outsider(actor, case)
    except DomainError as error:
        return error.message
    return ""
