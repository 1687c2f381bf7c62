import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from accounts.case_states import TRANSITIONS, CaseState, CaseStep, find_transition
from accounts.models import AuditEntry, Creator, ModerationCase, SocialAccount, User
from campaigns.hiring import CreatorNotHireable, ensure_hireable
from scoring.models import EvaluationLabel, SearchEntry
from scoring.moderation.appealing import file_appeal
from scoring.moderation.deciding import decide_case, reinstate_creator, review_suspension
from scoring.moderation.errors import (
    AppealPending,
    NotAModerator,
    OwnCase,
    ReasonsMissing,
    SecondReviewerNeeded,
    StepNotPossible,
    TextUnusable,
)
from scoring.moderation.opening import open_cases, report_creator
from scoring.visibility import set_creator_status
from tests.cast import NOW
from tests.scoring.moderation.conftest import HOUR, record_fact, say, told

pytestmark = pytest.mark.django_db


def status_of(case: ModerationCase) -> str:
    return Creator.objects.get(pk=case.creator_id).status


def entry_of(case: ModerationCase) -> SearchEntry:
    return SearchEntry.objects.get(creator=case.creator_id)


def test_a_dismissal_says_genuine_everywhere(case: ModerationCase, mona: User) -> None:
    decided = decide_case(
        case=case, step="dismiss", reasons=" It was on TV. ", actor=mona, now=NOW + HOUR
    )
    assert (decided.state, decided.decided_by, decided.decided_at) == (
        "dismissed", mona, NOW + HOUR,
    )  # fmt: skip
    event = case.events.last()
    assert event is not None
    assert (event.step, event.before, event.after, event.reasons) == (
        "dismiss", "open", "dismissed", "It was on TV.",
    )  # fmt: skip
    assert status_of(case) == "active"
    assert (entry_of(case).risk, entry_of(case).risk_level) == (0.0, "low")
    assert EvaluationLabel.objects.get().label == "genuine"
    assert AuditEntry.objects.get(verb="case.dismiss").actor == mona
    assert told()[-1] == ("dismiss", event.pk)


def test_a_flag_marks_the_profile_and_keeps_it_found(flagged: ModerationCase) -> None:
    entry = entry_of(flagged)
    assert status_of(flagged) == "flagged"
    assert (entry.is_visible, entry.risk, entry.risk_level) == (True, 100.0, "high")
    assert EvaluationLabel.objects.get().label == "fake"
    ensure_hireable(Creator.objects.get(pk=flagged.creator_id))


def test_a_suspension_takes_two_moderators_and_hides_the_profile(
    case: ModerationCase, mona: User, milo: User
) -> None:
    decide_case(case=case, step="propose_suspension", reasons="Bought.", actor=mona, now=NOW)
    assert (status_of(case), entry_of(case).is_visible) == ("active", True)
    assert not EvaluationLabel.objects.exists()
    with pytest.raises(SecondReviewerNeeded):
        review_suspension(case=case, step="confirm_suspension", reasons="Yes.", actor=mona, now=NOW)
    decided = review_suspension(
        case=case, step="confirm_suspension", reasons="Yes.", actor=milo, now=NOW
    )
    assert (decided.state, decided.decided_by, decided.second_reviewer) == (
        "suspended", mona, milo,
    )  # fmt: skip
    assert (status_of(case), entry_of(case).is_visible) == ("suspended", False)
    with pytest.raises(CreatorNotHireable):
        ensure_hireable(Creator.objects.get(pk=case.creator_id))


def test_a_lone_moderator_is_told_that_somebody_else_is_needed(
    case: ModerationCase, mona: User
) -> None:
    decide_case(case=case, step="propose_suspension", reasons="Bought.", actor=mona, now=NOW)
    with pytest.raises(SecondReviewerNeeded, match="make another moderator"):
        review_suspension(case=case, step="confirm_suspension", reasons="Yes.", actor=mona, now=NOW)


def test_a_rejected_suspension_opens_the_case_again(
    case: ModerationCase, mona: User, milo: User
) -> None:
    decide_case(case=case, step="propose_suspension", reasons="Bought.", actor=mona, now=NOW)
    reopened = review_suspension(
        case=case, step="reject_suspension", reasons="Too harsh.", actor=milo, now=NOW
    )
    assert (reopened.state, reopened.decided_by, reopened.decided_at) == ("open", None, None)
    assert decide_case(case=case, step="flag", reasons="A mark.", actor=milo, now=NOW)


def test_reinstating_shows_the_profile_at_once(suspended: ModerationCase, mona: User) -> None:
    reinstate_creator(case=suspended, reasons="They cleaned up.", actor=mona, now=NOW + 2 * HOUR)
    assert (status_of(suspended), entry_of(suspended).is_visible) == ("active", True)
    assert entry_of(suspended).risk == 0.0
    ensure_hireable(Creator.objects.get(pk=suspended.creator_id))


def test_a_closed_profile_stays_closed(case: ModerationCase, mona: User) -> None:
    set_creator_status(creator=case.creator, status="closed", actor=mona, now=NOW)
    decide_case(case=case, step="dismiss", reasons="Gone.", actor=mona, now=NOW)
    assert status_of(case) == "closed"


@pytest.mark.parametrize("reasons", ["", "  \n"])
def test_no_decision_without_reasons(case: ModerationCase, mona: User, reasons: str) -> None:
    with pytest.raises(ReasonsMissing):
        decide_case(case=case, step="flag", reasons=reasons, actor=mona, now=NOW)


@pytest.mark.parametrize("reasons", ["x" * 4_001, "a\x00b"])
def test_unusable_reasons_are_refused(case: ModerationCase, mona: User, reasons: str) -> None:
    with pytest.raises(TextUnusable):
        decide_case(case=case, step="flag", reasons=reasons, actor=mona, now=NOW)


def test_only_moderators_decide_and_nobody_about_themselves(
    case: ModerationCase, mona: User, creator_user: User, brand_owner: User
) -> None:
    staff = User.objects.create_user("clerk@example.org", is_staff=True)
    for actor in (creator_user, brand_owner, staff):
        with pytest.raises(NotAModerator):
            decide_case(case=case, step="dismiss", reasons="Me.", actor=actor, now=NOW)
    Creator.objects.filter(pk=case.creator_id).update(user=mona)
    with pytest.raises(OwnCase):
        decide_case(case=case, step="dismiss", reasons="Me.", actor=mona, now=NOW)


def test_the_table_names_every_state_and_step() -> None:
    assert {row.before for row in TRANSITIONS} | {row.after for row in TRANSITIONS} == set(
        CaseState
    )
    assert {row.step for row in TRANSITIONS} == set(CaseStep) - {CaseStep.OPENED}
    assert len({(row.before, row.step) for row in TRANSITIONS}) == len(TRANSITIONS)


@pytest.mark.parametrize("step", ["dismiss", "flag", "propose_suspension"])
def test_a_decided_case_is_not_decided_again(
    flagged: ModerationCase, milo: User, step: str
) -> None:
    with pytest.raises(StepNotPossible, match="flagged"):
        decide_case(case=flagged, step=step, reasons="Again.", actor=milo, now=NOW)


@pytest.mark.parametrize("step", ["confirm_suspension", "supersede", "nonsense"])
def test_a_step_of_another_kind_is_refused(case: ModerationCase, mona: User, step: str) -> None:
    with pytest.raises(StepNotPossible):
        decide_case(case=case, step=step, reasons="Now.", actor=mona, now=NOW)


@pytest.mark.parametrize("state", [state for state in CaseState if state != CaseState.OPEN])
def test_the_database_refuses_what_the_table_does_not_have(
    case: ModerationCase, mona: User, milo: User, state: CaseState
) -> None:
    allowed = any(row.after == state for row in TRANSITIONS if row.before == CaseState.OPEN)
    change = {"state": state, "decided_by": mona, "second_reviewer": milo}
    if allowed:
        ModerationCase.objects.filter(pk=case.pk).update(**change)
        return
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        ModerationCase.objects.filter(pk=case.pk).update(**change)


def test_the_database_wants_somebody_who_decided(case: ModerationCase, mona: User) -> None:
    rows = ModerationCase.objects.filter(pk=case.pk)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(state="flagged")
    rows.update(state="second_review", decided_by=mona)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(state="suspended")
    with pytest.raises(IntegrityError, match="second_reviewer_differs"), transaction.atomic():
        rows.update(state="suspended", second_reviewer=mona)


def test_the_database_keeps_what_was_said(flagged: ModerationCase) -> None:
    finding, event = flagged.findings.get(), flagged.events.first()
    assert event is not None
    for rows, change in (
        (ModerationCase.objects.filter(pk=flagged.pk), {"statement": []}),
        (type(finding).objects.filter(pk=finding.pk), {"risk": 1.0}),
        (type(event).objects.filter(pk=event.pk), {"reasons": "Other."}),
        (EvaluationLabel.objects.all(), {"label": "genuine"}),
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            rows.update(**change)


def test_a_moderators_account_can_be_deleted(suspended: ModerationCase, mona: User) -> None:
    mona.delete()
    suspended.refresh_from_db()
    assert (suspended.state, suspended.decided_by) == ("suspended", None)


def test_a_newer_decision_takes_the_place_of_a_flag(
    flagged: ModerationCase, account: SocialAccount, milo: User
) -> None:
    newer = report_creator(creator=flagged.creator, report="Bots.", actor=milo, now=NOW + HOUR)
    assert entry_of(flagged).risk == 100.0, "a report alone changes nothing"
    decide_case(case=newer, step="dismiss", reasons="Fine.", actor=milo, now=NOW + 2 * HOUR)
    flagged.refresh_from_db()
    assert flagged.state == "superseded"
    assert (status_of(flagged), entry_of(flagged).risk) == ("active", 0.0)


def test_a_newer_case_waits_for_the_appeal_against_the_earlier_decision(
    flagged: ModerationCase, account: SocialAccount, milo: User, creator_user: User
) -> None:
    record_fact(account, at=NOW + 2 * HOUR)
    say_more = say(account, 100.0, at=NOW + 3 * HOUR)
    [newer] = open_cases(scores=[say_more], now=NOW + 3 * HOUR)
    file_appeal(case=flagged, text="No.", actor=creator_user, now=NOW + 4 * HOUR)
    with pytest.raises(AppealPending, match=str(flagged.pk)):
        decide_case(case=newer, step="flag", reasons="More.", actor=milo, now=NOW + 5 * HOUR)
    newer.refresh_from_db()
    assert newer.state == "open"


def test_reinstating_waits_for_the_appeal(
    flagged: ModerationCase, mona: User, creator_user: User
) -> None:
    file_appeal(case=flagged, text="No.", actor=creator_user, now=NOW)
    with pytest.raises(AppealPending):
        reinstate_creator(case=flagged, reasons="Fine.", actor=mona, now=NOW)


def test_a_refused_step_leaves_no_trace(case: ModerationCase, mona: User) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(StepNotPossible):
        reinstate_creator(case=case, reasons="Early.", actor=mona, now=NOW)
    assert (AuditEntry.objects.count(), case.events.count()) == (before, 1)
    assert find_transition("open", "reinstate") is None
