import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountMetric, Provenance, SocialAccount, User
from scoring.models import EvaluationLabel, Score, SearchEntry
from scoring.moderation.deciding import decide_case, reinstate_creator
from scoring.moderation.opening import open_cases, report_creator
from scoring.moderation.standing import MARGIN, Standing, get_standings, shown_risk
from scoring.rescoring import rescore_account
from tests.cast import NOW
from tests.scoring.moderation.conftest import HOUR, make_shell, record_fact, say

pytestmark = pytest.mark.django_db

LATER = NOW + 10 * HOUR


@pytest.fixture
def dismissed(account: SocialAccount, mona: User) -> SocialAccount:
    """An account that the model put at 85 and a person found genuine."""
    [case] = open_cases(scores=[say(account, 85.0)], now=NOW)
    decide_case(case=case, step="dismiss", reasons="Fine.", actor=mona, now=NOW + HOUR)
    return account


def standing_of(account: SocialAccount, score: Score | None) -> Standing:
    return get_standings({account.pk: score})[account.pk]


def test_the_decision_outranks_the_score_that_raised_the_case(dismissed: SocialAccount) -> None:
    score = dismissed.scores.get()
    assert not standing_of(dismissed, score).is_lifted
    assert open_cases(scores=[score], now=LATER) == []


@pytest.mark.parametrize(("risk", "reopens"), [(85.0 + MARGIN - 0.1, False), (95.0, True)])
def test_new_facts_reopen_it_only_beyond_the_margin(
    dismissed: SocialAccount, risk: float, reopens: bool
) -> None:
    record_fact(dismissed, at=LATER)
    score = say(dismissed, risk, at=LATER)
    assert standing_of(dismissed, score).is_lifted is reopens
    assert len(open_cases(scores=[score], now=LATER)) == reopens


def test_a_higher_risk_from_old_facts_reopens_nothing(dismissed: SocialAccount) -> None:
    record_fact(dismissed, at=NOW)
    score = say(dismissed, 99.0, at=LATER)
    assert open_cases(scores=[score], now=LATER) == []


def test_a_new_model_lifts_nothing_by_itself(dismissed: SocialAccount) -> None:
    record_fact(dismissed, at=LATER)
    first = say(dismissed, 97.0, at=LATER, version="authenticity/v2")
    assert open_cases(scores=[first], now=LATER) == []
    record_fact(dismissed, at=LATER + HOUR)
    second = say(dismissed, 99.0, at=LATER + HOUR, version="authenticity/v2")
    assert open_cases(scores=[second], now=LATER + HOUR) == []


def test_a_new_model_is_held_against_its_own_first_word(dismissed: SocialAccount) -> None:
    say(dismissed, 60.0, at=LATER, version="authenticity/v2")
    record_fact(dismissed, at=LATER + HOUR)
    score = say(dismissed, 82.0, at=LATER + HOUR, version="authenticity/v2")
    assert len(open_cases(scores=[score], now=LATER + HOUR)) == 1


def test_abstaining_lifts_nothing(dismissed: SocialAccount) -> None:
    record_fact(dismissed, at=LATER)
    assert not standing_of(dismissed, say(dismissed, None, at=LATER)).is_lifted


def test_a_decision_about_an_abstaining_model_yields_to_new_facts(
    account: SocialAccount, mona: User
) -> None:
    say(account, None)
    case = report_creator(creator=account.creator, report="Bots.", actor=mona, now=NOW)
    decide_case(case=case, step="dismiss", reasons="Fine.", actor=mona, now=NOW + HOUR)
    assert EvaluationLabel.objects.get().risk is None
    record_fact(account, at=LATER)
    assert len(open_cases(scores=[say(account, 90.0, at=LATER)], now=LATER)) == 1


def test_a_flag_is_shown_until_a_person_lifts_it(account: SocialAccount, mona: User) -> None:
    [case] = open_cases(scores=[say(account, 85.0)], now=NOW)
    flagged = decide_case(case=case, step="flag", reasons="Bots.", actor=mona, now=NOW + HOUR)
    record_fact(account, at=LATER)
    score = say(account, 99.0, at=LATER)
    standing = standing_of(account, score)
    assert standing.is_lifted
    assert shown_risk(score, standing)["risk"] == 100.0
    reinstate_creator(case=flagged, reasons="Clean.", actor=mona, now=LATER + HOUR)
    assert shown_risk(score, standing_of(account, score))["risk"] == 0.0
    assert open_cases(scores=[score], now=LATER + HOUR) == [], "the same facts reopen nothing"


def test_without_a_decision_the_model_is_shown(account: SocialAccount) -> None:
    score = say(account, 42.0, level="medium")
    assert shown_risk(score, None) == {
        "risk": 42.0, "risk_level": "medium", "risk_confidence": 0.9,
    }  # fmt: skip
    assert shown_risk(None, None)["risk"] is None


def test_a_catalogue_run_keeps_the_persons_word(creator_user: User, mona: User) -> None:
    account = make_shell(creator_user.creator)
    case = creator_user.creator.cases.get()
    decide_case(case=case, step="dismiss", reasons="A friend.", actor=mona, now=NOW + HOUR)
    AccountMetric.objects.create(
        account=account,
        day=LATER.date(),
        followers=14,
        provenance=Provenance.MEASURED,
        recorded_at=LATER,
    )
    rescore_account(account=account, now=LATER)
    entry = SearchEntry.objects.get(account=account)
    assert (entry.risk, entry.risk_level) == (0.0, "low")
    assert creator_user.creator.cases.count() == 1


def test_standings_cost_at_most_three_queries(dismissed: SocialAccount) -> None:
    record_fact(dismissed, at=LATER)
    score = say(dismissed, 99.0, at=LATER, version="authenticity/v2")
    with CaptureQueriesContext(connection) as captured:
        get_standings({dismissed.pk: score})
    assert len(captured) <= 3
