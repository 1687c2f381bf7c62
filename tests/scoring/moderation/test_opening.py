import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, CaseEvent, Creator, ModerationCase, SocialAccount, User
from scoring.catalogue import Quiet, score_catalogue
from scoring.models import SearchEntry
from scoring.moderation.appealing import file_appeal
from scoring.moderation.errors import (
    AppealPending,
    CaseOpenAlready,
    NotAModerator,
    OwnCase,
    SuspendedAlready,
    TextUnusable,
)
from scoring.moderation.opening import open_cases, report_creator
from scoring.rescoring import rescore_account, score_accounts
from scoring.visibility import set_creator_status
from tests.cast import NOW
from tests.scoring.moderation.conftest import HOUR, give_account, make_shell, say, told

pytestmark = pytest.mark.django_db


def test_a_high_risk_score_of_the_model_opens_a_case(creator_user: User) -> None:
    account = make_shell(creator_user.creator)
    case = ModerationCase.objects.get()
    assert (case.creator, case.state, case.ground) == (creator_user.creator, "open", "score")
    finding = case.findings.get()
    assert (finding.account, finding.level) == (account, "high")
    assert finding.score_number == account.scores.get(task="authenticity").pk
    assert case.events.get().step == "opened"
    assert AuditEntry.objects.get(verb="case.opened").actor is None


def test_opening_changes_neither_status_nor_search(case: ModerationCase) -> None:
    assert Creator.objects.get(pk=case.creator_id).status == "active"
    assert SearchEntry.objects.get(creator=case.creator_id).is_visible


def test_the_statement_says_what_article_17_asks_for(case: ModerationCase) -> None:
    sections = {section["key"]: " ".join(section["lines"]) for section in case.statement}
    assert list(sections) == ["facts", "ground", "automated", "consequences", "redress"]
    for said in ("risky on Instagram", "90 of 100", "90% sure", "authenticity/v1",
                 "1 March 2026, 12:00 UTC", "follows 7,000 accounts: raises the risk"):  # fmt: skip
        assert said in sections["facts"]
    assert "a person decides" in sections["automated"]
    assert "appealed once" in sections["redress"]


def test_scoring_the_catalogue_again_opens_nothing_twice(creator_user: User) -> None:
    account = make_shell(creator_user.creator)
    score_catalogue(params={}, progress=Quiet(), now=NOW + HOUR)
    rescore_account(account=account, now=NOW + HOUR)
    assert ModerationCase.objects.count() == 1


def test_a_run_over_the_past_opens_nothing(creator_user: User) -> None:
    account = make_shell(creator_user.creator)
    ModerationCase.objects.all().delete()
    score_accounts(accounts=[account], now=NOW + HOUR, as_of=NOW)
    assert not ModerationCase.objects.exists()


@pytest.mark.parametrize(("risk", "level"), [(None, ""), (70.0, "medium"), (5.0, "low")])
def test_no_other_answer_opens_a_case(
    account: SocialAccount, risk: float | None, level: str
) -> None:
    assert open_cases(scores=[say(account, risk, level=level)], now=NOW) == []


def test_all_risky_accounts_of_a_creator_share_one_case(account: SocialAccount) -> None:
    second, harmless = (give_account(account.creator, name) for name in ("second", "harmless"))
    scores = [say(account, 85.0), say(second, 95.0), say(harmless, 3.0)]
    [case] = open_cases(scores=scores, now=NOW)
    assert [finding.account for finding in case.findings.all()] == [second, account]
    assert (case.risk, case.level) == (95.0, "high")


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_hidden_creators_get_no_case(account: SocialAccount, mona: User, status: str) -> None:
    set_creator_status(creator=account.creator, status=status, actor=mona, now=NOW)
    assert open_cases(scores=[say(account, 99.0)], now=NOW) == []


def test_a_catalogue_opens_cases_in_a_constant_number_of_queries(db: None) -> None:
    def run(count: int, name: str) -> int:
        creators = [Creator.objects.create(display_name=name) for _ in range(count)]
        accounts = [
            give_account(creator, f"{name}{place}") for place, creator in enumerate(creators)
        ]
        scores = [say(account, 95.0) for account in accounts]
        with CaptureQueriesContext(connection) as captured:
            assert len(open_cases(scores=scores, now=NOW)) == count
        return len(captured)

    assert run(2, "few") == run(40, "many") <= 15


def test_no_due_case_costs_two_queries(case: ModerationCase, account: SocialAccount) -> None:
    score = account.scores.get()
    with CaptureQueriesContext(connection) as captured:
        assert open_cases(scores=[score], now=NOW) == []
    assert len([q for q in captured if "SAVEPOINT" not in q["sql"]]) <= 2


def test_the_database_keeps_one_open_case_per_creator(case: ModerationCase) -> None:
    with pytest.raises(IntegrityError, match="one_open_case"), transaction.atomic():
        ModerationCase.objects.create(creator=case.creator, ground="report", statement=[])


def test_the_database_refuses_cases_that_begin_decided(account: SocialAccount) -> None:
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        ModerationCase.objects.create(
            creator=account.creator, ground="report", statement=[], state="flagged"
        )


def test_a_moderator_takes_up_a_report(account: SocialAccount, mona: User) -> None:
    say(account, 20.0)
    case = report_creator(
        creator=account.creator, report="Half the comments are bots.", actor=mona, now=NOW
    )
    assert (case.ground, case.opened_by, case.risk) == ("report", mona, 20.0)
    assert "Half the comments are bots." in case.statement[0]["lines"][1]
    assert "A person opened this case" in case.statement[2]["lines"][0]
    assert AuditEntry.objects.get(verb="case.opened").actor == mona


def test_a_report_is_refused_where_it_cannot_lead_anywhere(
    case: ModerationCase, account: SocialAccount, mona: User, creator_user: User
) -> None:
    def report(actor: User = mona, text: str = "Bots.") -> None:
        report_creator(creator=account.creator, report=text, actor=actor, now=NOW)

    with pytest.raises(NotAModerator):
        report(actor=creator_user)
    with pytest.raises(TextUnusable):
        report(text=" ")
    with pytest.raises(CaseOpenAlready):
        report()


def test_a_report_waits_for_an_appeal_and_for_a_suspension(
    suspended: ModerationCase, mona: User, creator_user: User
) -> None:
    with pytest.raises(SuspendedAlready):
        report_creator(creator=suspended.creator, report="Bots.", actor=mona, now=NOW)
    file_appeal(case=suspended, text="No.", actor=creator_user, now=NOW)
    with pytest.raises(AppealPending):
        report_creator(creator=suspended.creator, report="Bots.", actor=mona, now=NOW)


def test_nobody_opens_a_case_about_themselves(account: SocialAccount, mona: User) -> None:
    Creator.objects.filter(pk=account.creator_id).update(user=mona)
    with pytest.raises(OwnCase):
        report_creator(creator=account.creator, report="Me.", actor=mona, now=NOW)


def test_only_creators_who_can_read_it_are_written_to(account: SocialAccount) -> None:
    unclaimed = give_account(Creator.objects.create(display_name="Nobody"), "nobody")
    open_cases(scores=[say(account, 90.0), say(unclaimed, 90.0)], now=NOW)
    event = CaseEvent.objects.get(case__creator=account.creator)
    assert told() == [("opened", event.pk)]
