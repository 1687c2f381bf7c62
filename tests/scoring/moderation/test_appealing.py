from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from accounts.models import Appeal, AuditEntry, Creator, ModerationCase, SocialAccount, User
from scoring.models import EvaluationLabel, SearchEntry
from scoring.moderation.appealing import decide_appeal, file_appeal
from scoring.moderation.errors import (
    AppealedBefore,
    LinkUnusable,
    NotAModerator,
    OutsiderNeeded,
    ReasonsMissing,
    StepNotPossible,
    TextUnusable,
    TooMuchEvidence,
)
from scoring.moderation.evidence import MAX_PIECES, add_evidence
from tests.cast import NOW
from tests.scoring.moderation.conftest import HOUR, told

pytestmark = pytest.mark.django_db

LINK = "https://example.org/tv-show"


def test_evidence_is_kept_with_its_links(case: ModerationCase, creator_user: User) -> None:
    evidence = add_evidence(
        case=case, text=" We were on TV. ", links=[LINK, LINK, ""], actor=creator_user, now=NOW
    )
    assert (evidence.text, evidence.links) == ("We were on TV.", [LINK])
    assert AuditEntry.objects.get(verb="case.evidence_added").actor == creator_user
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        case.evidence.update(text="Other.")


@pytest.mark.parametrize(
    "links",
    [["http://example.org"], ["javascript:alert(1)"], ["https://"], ["word"],
     [f"https://example.org/{n}" for n in range(6)], ["https://example.org/" + "x" * 500]],
)  # fmt: skip
def test_unusable_links_are_refused(
    case: ModerationCase, creator_user: User, links: list[str]
) -> None:
    with pytest.raises(LinkUnusable):
        add_evidence(case=case, text="See.", links=links, actor=creator_user, now=NOW)


@pytest.mark.parametrize("text", ["", " ", "x" * 4_001, "\x00"])
def test_unusable_text_is_refused(case: ModerationCase, creator_user: User, text: str) -> None:
    with pytest.raises(TextUnusable):
        add_evidence(case=case, text=text, links=[], actor=creator_user, now=NOW)


def test_evidence_has_an_end(case: ModerationCase, creator_user: User) -> None:
    for _ in range(MAX_PIECES):
        add_evidence(case=case, text="More.", links=[], actor=creator_user, now=NOW)
    with pytest.raises(TooMuchEvidence):
        add_evidence(case=case, text="More.", links=[], actor=creator_user, now=NOW)


def test_a_decided_case_takes_no_more_evidence(flagged: ModerationCase, creator_user: User) -> None:
    with pytest.raises(StepNotPossible, match="appeal"):
        add_evidence(case=flagged, text="But.", links=[], actor=creator_user, now=NOW)


def test_an_appeal_is_due_in_14_days_and_changes_nothing_yet(
    flagged: ModerationCase, creator_user: User
) -> None:
    appeal = file_appeal(case=flagged, text="Wrong.", links=[LINK], actor=creator_user, now=NOW)
    assert (appeal.due_at, appeal.outcome) == (NOW + timedelta(days=14), "pending")
    flagged.refresh_from_db()
    assert (flagged.state, flagged.creator.status) == ("flagged", "flagged")
    assert [step for step, _ in told()][-1] == "file_appeal"
    assert AuditEntry.objects.filter(verb="case.file_appeal").count() == 1


def test_each_case_is_appealed_once_and_only_while_a_decision_weighs(
    flagged: ModerationCase, creator_user: User, milo: User
) -> None:
    file_appeal(case=flagged, text="Wrong.", actor=creator_user, now=NOW)
    with pytest.raises(AppealedBefore):
        file_appeal(case=flagged, text="Wrong.", actor=creator_user, now=NOW)
    decide_appeal(case=flagged, step="reject_appeal", reasons="No.", actor=milo, now=NOW)
    with pytest.raises(AppealedBefore):
        file_appeal(case=flagged, text="Wrong.", actor=creator_user, now=NOW)


def test_an_open_case_cannot_be_appealed(case: ModerationCase, creator_user: User) -> None:
    with pytest.raises(StepNotPossible):
        file_appeal(case=case, text="Wrong.", actor=creator_user, now=NOW)


def test_who_claims_the_profile_later_can_appeal(
    flagged: ModerationCase, other_creator_user: User, milo: User
) -> None:
    Creator.objects.filter(user=other_creator_user).update(user=None)
    Creator.objects.filter(pk=flagged.creator_id).update(user=other_creator_user)
    assert file_appeal(
        case=flagged, text="Bought by an agency before my time.", actor=other_creator_user, now=NOW
    )


def test_granting_reinstates_and_relabels(
    suspended: ModerationCase, creator_user: User, maya: User, account: SocialAccount
) -> None:
    file_appeal(case=suspended, text="Wrong.", actor=creator_user, now=NOW + 2 * HOUR)
    appeal = decide_appeal(
        case=suspended, step="grant_appeal", reasons="True.", actor=maya, now=NOW + 3 * HOUR
    )
    assert (appeal.outcome, appeal.decided_by, appeal.reasons) == ("granted", maya, "True.")
    suspended.refresh_from_db()
    assert (suspended.state, suspended.creator.status) == ("reinstated", "active")
    entry = SearchEntry.objects.get(account=account)
    assert (entry.is_visible, entry.risk_level) == (True, "low")
    labels = list(EvaluationLabel.objects.order_by("pk").values_list("label", flat=True))
    assert labels[0] == "fake"
    assert set(labels[1:]) == {"genuine"}


def test_rejecting_leaves_the_decision_as_it_is(
    flagged: ModerationCase, creator_user: User, milo: User
) -> None:
    file_appeal(case=flagged, text="Wrong.", actor=creator_user, now=NOW)
    decide_appeal(case=flagged, step="reject_appeal", reasons="No.", actor=milo, now=NOW)
    flagged.refresh_from_db()
    assert (flagged.state, flagged.creator.status) == ("flagged", "flagged")
    assert EvaluationLabel.objects.count() == 1


def test_whoever_took_part_does_not_answer_the_appeal(
    suspended: ModerationCase, creator_user: User, mona: User, milo: User
) -> None:
    file_appeal(case=suspended, text="Wrong.", actor=creator_user, now=NOW)
    for actor in (mona, milo):
        with pytest.raises(OutsiderNeeded, match="make another moderator"):
            decide_appeal(case=suspended, step="reject_appeal", reasons="No.", actor=actor, now=NOW)


def test_the_database_refuses_an_answer_of_whoever_took_part(
    flagged: ModerationCase, creator_user: User, mona: User, milo: User
) -> None:
    appeal = file_appeal(case=flagged, text="Wrong.", actor=creator_user, now=NOW)
    rows = Appeal.objects.filter(pk=appeal.pk)
    for who in (mona, None):
        with pytest.raises(DatabaseError, match="took no part"), transaction.atomic():
            rows.update(outcome="rejected", reasons="No.", decided_by=who)
    rows.update(outcome="rejected", reasons="No.", decided_by=milo)
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        rows.update(outcome="granted")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(text="Other.")


def test_answers_are_refused_to_others_without_reasons_and_out_of_turn(
    flagged: ModerationCase, creator_user: User, milo: User
) -> None:
    with pytest.raises(StepNotPossible, match="No appeal"):
        decide_appeal(case=flagged, step="grant_appeal", reasons="Yes.", actor=milo, now=NOW)
    file_appeal(case=flagged, text="Wrong.", actor=creator_user, now=NOW)
    with pytest.raises(NotAModerator):
        decide_appeal(
            case=flagged, step="grant_appeal", reasons="Yes.", actor=creator_user, now=NOW
        )
    with pytest.raises(ReasonsMissing):
        decide_appeal(case=flagged, step="grant_appeal", reasons="", actor=milo, now=NOW)
    with pytest.raises(StepNotPossible):
        decide_appeal(case=flagged, step="dismiss", reasons="Yes.", actor=milo, now=NOW)
