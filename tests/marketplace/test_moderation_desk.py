"""Cases at the desk: the queue, the page, and every decision on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appeal, Creator, ModerationCase, SocialAccount, User
from scoring.models import SearchEntry
from scoring.moderation.appealing import file_appeal
from scoring.moderation.deciding import decide_case
from scoring.moderation.evidence import add_evidence
from scoring.moderation.opening import open_cases
from tests.cast import NOW
from tests.scoring.moderation.conftest import (
    account,
    case,
    flagged,
    give_account,
    maya,
    milo,
    mona,
    say,
    suspended,
)

__all__ = ["account", "case", "flagged", "maya", "milo", "mona", "suspended"]

pytestmark = pytest.mark.django_db

QUEUE = "admin:accounts_moderationcase_changelist"


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(case: ModerationCase) -> str:
    return reverse("admin:accounts_moderationcase_change", args=[case.pk])


def decide(user: User, case: ModerationCase, step: str, reasons: str = "Because.") -> str:
    """The page after the decision."""
    sent = {"step": step, "reasons": reasons}
    response = desk_of(user).post(page_of(case), sent, follow=True)
    case.refresh_from_db()
    return response.content.decode()


def fill_queue(count: int, name: str) -> None:
    scores = [
        say(give_account(Creator.objects.create(display_name=f"{name}{n}"), f"{name}{n}"), 90.0)
        for n in range(count)
    ]
    assert len(open_cases(scores=scores, now=NOW)) == count


def test_a_moderator_reads_everything_on_one_page(
    case: ModerationCase, mona: User, creator_user: User
) -> None:
    add_evidence(
        case=case,
        text="We were on <TV>.",
        links=["https://example.org/tv"],
        actor=creator_user,
        now=NOW,
    )
    html = desk_of(mona).get(page_of(case)).content.decode()
    for said in ("Statement of reasons", "follows 7,000 accounts", "We were on &lt;TV&gt;.",
                 "https://example.org/tv", "Record the decision", "Case opened", "case.opened",
                 f"#account-{case.findings.get().account_id}"):  # fmt: skip
        assert said in html, said


def test_a_moderator_flags(case: ModerationCase, mona: User) -> None:
    html = decide(mona, case, "flag", "Half the followers are bots.")
    assert "It is decided and recorded." in html
    assert (case.state, case.creator.status) == ("flagged", "flagged")
    assert "Half the followers are bots." in html


def test_a_suspension_needs_a_second_moderator_at_the_desk(
    case: ModerationCase, mona: User, milo: User
) -> None:
    decide(mona, case, "propose_suspension")
    assert (
        "another moderator confirms or rejects it"
        in desk_of(mona).get(page_of(case)).content.decode()
    )
    refused = decide(mona, case, "confirm_suspension")
    assert "another moderator" in refused
    assert case.state == "second_review"
    assert "proposes to suspend" in desk_of(milo).get(page_of(case)).content.decode()
    decide(milo, case, "confirm_suspension")
    assert case.state == "suspended"
    assert not SearchEntry.objects.get(creator=case.creator_id).is_visible
    decide(mona, case, "reinstate")
    assert (case.state, case.creator.status) == ("reinstated", "active")


def test_an_appeal_is_answered_at_the_desk_by_an_outsider(
    flagged: ModerationCase, mona: User, milo: User, creator_user: User
) -> None:
    file_appeal(case=flagged, text="It was a giveaway.", actor=creator_user, now=timezone.now())
    own = desk_of(mona).get(page_of(flagged)).content.decode()
    assert "another moderator decides the appeal" in own
    assert "It was a giveaway." in own
    html = decide(milo, flagged, "grant_appeal", "The giveaway is proven.")
    assert flagged.state == "reinstated"
    assert "The giveaway is proven." in html


@pytest.mark.parametrize("sent", [{}, {"step": "flag"}, {"step": "flag", "reasons": "  "},
                                  {"step": "suspend", "reasons": "x"}, {"reasons": "x"},
                                  {"step": "flag", "reasons": "x" * 4_001},
                                  {"step": "confirm_suspension", "reasons": "x"}])  # fmt: skip
def test_unusable_decisions_are_shown_again(
    case: ModerationCase, mona: User, sent: dict[str, str]
) -> None:
    response = desk_of(mona).post(page_of(case), sent)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    case.refresh_from_db()
    assert case.state == "open"


def test_a_decision_that_comes_late_is_told_so(
    case: ModerationCase, mona: User, milo: User
) -> None:
    decide(mona, case, "dismiss")
    assert "Nothing is to be decided" in decide(milo, case, "flag")
    assert case.state == "dismissed"


def test_the_creator_in_question_does_not_decide(case: ModerationCase, mona: User) -> None:
    Creator.objects.filter(pk=case.creator_id).update(user=mona)
    assert "This case is about you" in decide(mona, case, "dismiss")
    assert case.state == "open"


def test_staff_without_the_right_neither_read_nor_decide(case: ModerationCase) -> None:
    clerk = User.objects.create_user("clerk@example.org", is_staff=True)
    assert desk_of(clerk).get(page_of(case)).status_code == 403
    assert desk_of(clerk).post(page_of(case), {"step": "flag"}).status_code == 403
    assert desk_of(clerk).get(reverse(QUEUE)).status_code == 403


@pytest.mark.parametrize("name", ["brand_owner", "creator_user"])
def test_others_do_not_come_in(
    case: ModerationCase, name: str, request: pytest.FixtureRequest
) -> None:
    client = desk_of(request.getfixturevalue(name))
    assert client.get(page_of(case), follow=True).status_code == 403


@pytest.mark.parametrize("object_id", ["999999", "abc", "9" * 30])
def test_a_case_that_is_not_there(mona: User, object_id: str) -> None:
    address = reverse("admin:accounts_moderationcase_change", args=[object_id])
    assert desk_of(mona).get(address).status_code == 302


def test_cases_are_neither_made_nor_deleted_by_hand(case: ModerationCase) -> None:
    root = desk_of(User.objects.create_superuser("root@example.org"))
    assert root.get(reverse("admin:accounts_moderationcase_add")).status_code == 403
    address = reverse("admin:accounts_moderationcase_delete", args=[case.pk])
    assert root.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state__exact": "flagged"}, True), ({"state__exact": "open"}, False),
        ({"level__exact": "high"}, True), ({"level__exact": "low"}, False),
        ({"appeal": "waiting"}, True), ({"appeal": "soon"}, True), ({"appeal": "late"}, False),
        ({"age": "day"}, False), ({"age": "older"}, False), ({"q": "risky"}, True),
    ],
)  # fmt: skip
def test_the_queue_is_filtered(
    flagged: ModerationCase, mona: User, creator_user: User, query: dict[str, str], shown: bool
) -> None:
    filed_at = timezone.now() - timedelta(days=12)
    file_appeal(case=flagged, text="No.", actor=creator_user, now=filed_at)
    response = desk_of(mona).get(reverse(QUEUE), query)
    assert (flagged in response.context["cl"].result_list) is shown


@pytest.mark.parametrize(("days", "age"), [(0, "day"), (3, "week"), (30, "older")])
def test_undecided_cases_are_found_by_age(
    account: SocialAccount, mona: User, days: int, age: str
) -> None:
    opened_at = timezone.now() - timedelta(days=days)
    [case] = open_cases(scores=[say(account, 90.0)], now=opened_at)
    response = desk_of(mona).get(reverse(QUEUE), {"age": age})
    assert list(response.context["cl"].result_list) == [case]


def test_a_late_appeal_says_so(flagged: ModerationCase, mona: User, creator_user: User) -> None:
    file_appeal(case=flagged, text="No.", actor=creator_user, now=NOW)
    assert "(late)" in desk_of(mona).get(reverse(QUEUE)).content.decode()
    assert Appeal.objects.get().due_at < timezone.now()


def test_the_queue_costs_the_same_whatever_its_length(mona: User) -> None:
    client = desk_of(mona)
    fill_queue(2, "few")
    client.get(reverse(QUEUE))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(QUEUE))
    fill_queue(12, "many")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(QUEUE))
    assert len(many) == len(few)


def test_a_cases_page_costs_the_same_whatever_it_holds(
    account: SocialAccount, mona: User, creator_user: User
) -> None:
    others = [give_account(account.creator, f"more{n}") for n in range(4)]
    [case] = open_cases(scores=[say(one, 90.0) for one in (account, *others[:1])], now=NOW)
    client = desk_of(mona)
    add_evidence(case=case, text="One.", links=[], actor=creator_user, now=NOW)
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(case))
    for _ in range(5):
        add_evidence(case=case, text="More.", links=[], actor=creator_user, now=NOW)
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(case))
    assert len(many) == len(few) <= 20


def test_a_report_opens_a_case_from_the_creators_page(account: SocialAccount, mona: User) -> None:
    client = desk_of(mona)
    creator_page = reverse("admin:accounts_creator_change", args=[account.creator_id])
    address = reverse("admin:accounts_creator_open_case", args=[account.creator_id])
    assert address in client.get(creator_page).content.decode()
    assert client.get(address).status_code == 200
    assert 'role="alert"' in client.post(address, {"report": " "}).content.decode()
    response = client.post(address, {"report": "The comments are bought."})
    case = ModerationCase.objects.get()
    assert response.url == page_of(case)
    assert (case.ground, case.opened_by) == ("report", mona)
    again = client.post(address, {"report": "The comments are bought."}).content.decode()
    assert "is open" in again
    assert f"Case {case.pk}" in client.get(creator_page).content.decode()


def test_a_report_needs_the_right(account: SocialAccount) -> None:
    clerk = User.objects.create_user("clerk@example.org", is_staff=True)
    address = reverse("admin:accounts_creator_open_case", args=[account.creator_id])
    assert desk_of(clerk).post(address, {"report": "x"}).status_code == 403


def test_labels_are_listed_and_changed_by_nobody(case: ModerationCase, mona: User) -> None:
    decide_case(case=case, step="flag", reasons="Bots.", actor=mona, now=NOW)
    [label] = case.labels.all()
    assert (
        "authenticity/v1"
        in desk_of(mona).get(reverse("admin:scoring_evaluationlabel_changelist")).content.decode()
    )
    root = desk_of(User.objects.create_superuser("root@example.org"))
    address = reverse("admin:scoring_evaluationlabel_change", args=[label.pk])
    assert root.post(address, {"label": "genuine"}).status_code == 403
