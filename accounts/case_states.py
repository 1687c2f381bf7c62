"""What may happen to a moderation case: the one table of transitions.

The services of `scoring.moderation` follow it, a trigger of the database enforces it, and
docs/moderation.md prints it.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class CaseState(TextChoices):
    OPEN = "open", "Open"
    SECOND_REVIEW = "second_review", "Waiting for a second reviewer"
    DISMISSED = "dismissed", "Dismissed: genuine"
    FLAGGED = "flagged", "Flagged"
    SUSPENDED = "suspended", "Suspended"
    REINSTATED = "reinstated", "Reinstated"
    SUPERSEDED = "superseded", "Followed by a newer decision"


class CaseStep(TextChoices):
    OPENED = "opened", "Case opened"
    DISMISS = "dismiss", "Dismissed: genuine"
    FLAG = "flag", "Flagged"
    PROPOSE_SUSPENSION = "propose_suspension", "Suspension proposed"
    CONFIRM_SUSPENSION = "confirm_suspension", "Suspension confirmed by a second reviewer"
    REJECT_SUSPENSION = "reject_suspension", "Suspension rejected by a second reviewer"
    FILE_APPEAL = "file_appeal", "Appeal filed"
    GRANT_APPEAL = "grant_appeal", "Appeal granted"
    REJECT_APPEAL = "reject_appeal", "Appeal rejected"
    REINSTATE = "reinstate", "Reinstated"
    SUPERSEDE = "supersede", "Followed by a newer decision"


class Verdict(TextChoices):
    """What a decision says about the followers and the engagement of an account."""

    GENUINE = "genuine", "Genuine"
    FAKE = "fake", "Fake"


class Who(TextChoices):
    MODERATOR = "moderator", "a moderator"
    SECOND = "second", "another moderator than the one who proposed it"
    OUTSIDER = "outsider", "a moderator who took no part in the decision"
    CREATOR = "creator", "the creator"
    SYSTEM = "system", "Fairground itself"


@dataclass(frozen=True)
class Transition:
    """One row of the table. Empty ``status`` or ``verdict``: the step changes none."""

    before: CaseState
    step: CaseStep
    after: CaseState
    who: Who
    status: str = ""
    """The creator's status from then on."""
    verdict: str = ""
    """What the step says about the accounts of the case; it becomes their label."""


_S, _T, _W = CaseState, CaseStep, Who
TRANSITIONS = (
    Transition(_S.OPEN, _T.DISMISS, _S.DISMISSED, _W.MODERATOR, "active", Verdict.GENUINE),
    Transition(_S.OPEN, _T.FLAG, _S.FLAGGED, _W.MODERATOR, "flagged", Verdict.FAKE),
    Transition(_S.OPEN, _T.PROPOSE_SUSPENSION, _S.SECOND_REVIEW, _W.MODERATOR),
    Transition(
        _S.SECOND_REVIEW, _T.CONFIRM_SUSPENSION, _S.SUSPENDED, _W.SECOND, "suspended", Verdict.FAKE
    ),
    Transition(_S.SECOND_REVIEW, _T.REJECT_SUSPENSION, _S.OPEN, _W.SECOND),
    Transition(_S.FLAGGED, _T.FILE_APPEAL, _S.FLAGGED, _W.CREATOR),
    Transition(_S.FLAGGED, _T.REJECT_APPEAL, _S.FLAGGED, _W.OUTSIDER),
    Transition(_S.FLAGGED, _T.GRANT_APPEAL, _S.REINSTATED, _W.OUTSIDER, "active", Verdict.GENUINE),
    Transition(_S.FLAGGED, _T.REINSTATE, _S.REINSTATED, _W.MODERATOR, "active", Verdict.GENUINE),
    Transition(_S.FLAGGED, _T.SUPERSEDE, _S.SUPERSEDED, _W.SYSTEM),
    Transition(_S.SUSPENDED, _T.FILE_APPEAL, _S.SUSPENDED, _W.CREATOR),
    Transition(_S.SUSPENDED, _T.REJECT_APPEAL, _S.SUSPENDED, _W.OUTSIDER),
    Transition(
        _S.SUSPENDED, _T.GRANT_APPEAL, _S.REINSTATED, _W.OUTSIDER, "active", Verdict.GENUINE
    ),
    Transition(_S.SUSPENDED, _T.REINSTATE, _S.REINSTATED, _W.MODERATOR, "active", Verdict.GENUINE),
)

UNDER_REVIEW = (CaseState.OPEN, CaseState.SECOND_REVIEW)
IN_FORCE = (CaseState.FLAGGED, CaseState.SUSPENDED)
"""States of a decision that weighs on the creator: these can be appealed and lifted."""

MAILED = tuple(
    step
    for step in CaseStep
    if step not in {CaseStep.PROPOSE_SUSPENSION, CaseStep.REJECT_SUSPENSION, CaseStep.SUPERSEDE}
)
"""Steps the creator is told of at once; the others change nothing for them yet."""

STATE_CHANGES = sorted({(row.before.value, row.after.value) for row in TRANSITIONS
                        if row.before != row.after})  # fmt: skip


def find_transition(state: str, step: str) -> Transition | None:
    """The row of the table, or None where the step is not allowed in that state."""
    return next((row for row in TRANSITIONS if (row.before, row.step) == (state, step)), None)
