"""What a creator is written of their case, and that a mail server undoes no decision."""

from smtplib import SMTPException

import pytest
from django.core import mail

from accounts.models import Creator, ModerationCase, OutboxDelivery, User
from accounts.notifying.delivering import deliver_due
from marketplace.mails.composing import SiteComposer
from scoring.moderation.appealing import decide_appeal, file_appeal
from scoring.moderation.deciding import decide_case, reinstate_creator
from tests.cast import NOW
from tests.scoring.moderation.conftest import account, case, flagged, milo, mona, suspended, told

__all__ = ["account", "case", "flagged", "milo", "mona", "suspended"]

pytestmark = pytest.mark.django_db


def latest() -> mail.EmailMessage:
    """The last mail, once all that happened is delivered."""
    deliver_due(composer=SiteComposer(), now=NOW)
    return mail.outbox[-1]


def test_the_opening_carries_the_whole_statement(case: ModerationCase) -> None:
    sent = latest()
    assert sent.to == ["carla.creator@example.org"]
    assert f"case {case.pk}" in sent.subject
    for section in case.statement:
        for line in section["lines"]:
            assert line in sent.body
    assert f"http://localhost:8000/cases/{case.pk}/" in sent.body
    assert "List-Unsubscribe" not in sent.extra_headers, "such mail cannot be switched off"


def test_each_decision_is_told_with_its_reasons(
    case: ModerationCase, mona: User, milo: User, creator_user: User
) -> None:
    decide_case(case=case, step="flag", reasons="Half <bots>.", actor=mona, now=NOW)
    flag = latest()
    assert "Half <bots>." in flag.body
    assert "You can appeal once" in flag.body
    file_appeal(case=case, text="No.", actor=creator_user, now=NOW)
    decide_appeal(case=case, step="grant_appeal", reasons="Right.", actor=milo, now=NOW)
    granted = latest()
    assert "Right." in granted.body
    assert "granted" in granted.subject


def test_the_creator_has_the_date_of_the_answer_in_writing(
    flagged: ModerationCase, creator_user: User
) -> None:
    latest()
    file_appeal(case=flagged, text="No.", actor=creator_user, now=NOW)
    assert "15 March 2026" in latest().body


def test_a_suspension_and_its_end_are_told(suspended: ModerationCase, mona: User) -> None:
    assert "propose_suspension" not in dict(told()), "a proposal changes nothing yet"
    assert "two moderators" in latest().body
    reinstate_creator(case=suspended, reasons="Clean.", actor=mona, now=NOW)
    assert "Clean." in latest().body


def test_a_dismissal_is_told(case: ModerationCase, mona: User) -> None:
    decide_case(case=case, step="dismiss", reasons="Real.", actor=mona, now=NOW)
    assert "genuine" in latest().body


def test_nobody_is_written_who_is_not_there(case: ModerationCase) -> None:
    Creator.objects.update(user=None)
    deliver_due(composer=SiteComposer(), now=NOW)
    assert mail.outbox == []


def test_the_decision_stands_and_the_mail_is_tried_again(
    case: ModerationCase, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_case(case=case, step="flag", reasons="Bots.", actor=mona, now=NOW)

    def refuse(*args: object, **kwargs: object) -> None:
        raise SMTPException("away")

    monkeypatch.setattr("accounts.notifying.mailing.send", refuse)
    deliver_due(composer=SiteComposer(), now=NOW)
    waiting = OutboxDelivery.objects.filter(state="pending", last_error__contains="away")
    assert waiting.count() == 2
    case.refresh_from_db()
    assert case.state == "flagged"
