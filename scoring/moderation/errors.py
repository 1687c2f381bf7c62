"""Why a step of a case is refused."""

from accounts.errors import Conflict, DomainError, Forbidden


class StepNotPossible(Conflict):
    code = "step_not_possible"
    message = "The case has moved on meanwhile. Look at it again."


class ReasonsMissing(DomainError):
    code = "reasons_missing"
    message = "Give reasons: the creator reads them."


class TextUnusable(DomainError):
    code = "text_unusable"


class LinkUnusable(DomainError):
    code = "link_unusable"


class TooMuchEvidence(Conflict):
    code = "too_much_evidence"


class NotAModerator(Forbidden):
    code = "not_a_moderator"
    message = "Only moderators decide cases."


class OwnCase(Forbidden):
    code = "own_case"
    message = "This case is about you; somebody else decides it."


class SecondReviewerNeeded(Conflict):
    code = "second_reviewer_needed"
    message = "You proposed this suspension; another moderator confirms or rejects it."


class OutsiderNeeded(Conflict):
    code = "outsider_needed"
    message = "You took part in this decision; another moderator decides the appeal."


class AppealPending(Conflict):
    code = "appeal_pending"
    message = "An appeal is waiting. Decide it first."


class AppealedBefore(Conflict):
    code = "appealed_before"
    message = "This case was appealed before; each case can be appealed once."


class CaseOpenAlready(Conflict):
    code = "case_open_already"
    message = "A case about this creator is open. Add what you know to it when you decide it."


class SuspendedAlready(Conflict):
    code = "suspended_already"
    message = "The creator is suspended. Reinstate them first, or leave it at that."
