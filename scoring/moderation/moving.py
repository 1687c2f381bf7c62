"""One step of a case: state, creator, labels, search, history, audit and mail together."""

from datetime import datetime

from accounts import audit
from accounts.case_states import (
    IN_FORCE,
    CaseState,
    CaseStep,
    Transition,
    find_transition,
)
from accounts.models import Appeal, CaseEvent, Creator, ModerationCase, User
from scoring.moderation import searching
from scoring.moderation.errors import AppealPending, StepNotPossible
from scoring.moderation.labels import write_labels
from scoring.moderation.telling import tell
from scoring.visibility import set_creator_status


def lock_case(case: ModerationCase) -> ModerationCase:
    """The case as it is now, held until the transaction ends.

    The creator is locked first, here as in `opening`, so that nobody waits in a circle.
    """
    Creator.objects.select_for_update(no_key=True).get(pk=case.creator_id)
    return (
        ModerationCase.objects.select_related("creator")
        .select_for_update(of=["self"], no_key=True)
        .get(pk=case.pk)
    )


def transition_of(case: ModerationCase, step: str) -> Transition:
    """:raises StepNotPossible: if the table has no such step in the case's state."""
    transition = find_transition(case.state, step)
    if transition is None:
        raise StepNotPossible(
            f"The case is “{CaseState(case.state).label.lower()}” by now; "
            f"“{CaseStep(step).label.lower()}” is not possible any more."
        )
    return transition


def take_step(
    *, case: ModerationCase, step: str, actor: User | None, reasons: str, now: datetime
) -> CaseEvent:
    """Carry out one row of the table on a case that `lock_case` holds.

    The caller has checked who acts and has set the case's people.

    :raises StepNotPossible: if the state does not allow the step.
    :raises AppealPending: if an earlier decision about the creator is being appealed.
    """
    transition = transition_of(case, step)
    if transition.after in IN_FORCE or transition.after == CaseState.DISMISSED:
        _supersede_earlier(case, now=now)
    case.state = transition.after
    case.save(update_fields=["state", "decided_by", "decided_at", "second_reviewer"])
    event = CaseEvent.objects.create(
        case=case,
        step=transition.step,
        before=transition.before,
        after=transition.after,
        reasons=reasons,
        actor=actor,
        at=now,
    )
    audit.record(
        actor=actor,
        verb=f"case.{transition.step.value}",
        subject=case,
        data={"from": transition.before, "to": transition.after, "reasons": reasons},
    )
    if transition.verdict:
        write_labels(case=case, verdict=transition.verdict, now=now)
    if transition.status and case.creator.status != Creator.Status.CLOSED:
        set_creator_status(creator=case.creator, status=transition.status, actor=actor, now=now)
    if transition.verdict:
        searching.show_standings(case=case, now=now)
    tell([event])
    return event


def _supersede_earlier(case: ModerationCase, *, now: datetime) -> None:
    earlier = (
        ModerationCase.objects.select_related("creator")
        .filter(creator=case.creator_id, state__in=IN_FORCE)
        .exclude(pk=case.pk)
        .select_for_update(of=["self"], no_key=True)
        .first()
    )
    if earlier is None:
        return
    if Appeal.objects.filter(case=earlier, outcome=Appeal.Outcome.PENDING).exists():
        raise AppealPending(
            f"The decision in case {earlier.pk} is being appealed. Decide it first."
        )
    take_step(
        case=earlier,
        step=CaseStep.SUPERSEDE,
        actor=None,
        reasons=f"The decision in case {case.pk} takes its place.",
        now=now,
    )
