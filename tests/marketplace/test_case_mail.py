"""What a creator is written, and that a mail server undoes no decision."""

from smtplib import SMTPException

import pytest
from celery.exceptions import Retry
from django.core import mail

from accounts.models import CaseEvent, Creator, ModerationCase, User
from marketplace import tasks
from marketplace.case_mail import send_case_mail
from scoring.moderation.appealing import decide_appeal, file_appeal
from scoring.moderation.deciding import decide_case, reinstate_creator
from tests.cast import NOW
from tests.scoring.moderation.conftest import account, case, flagged, milo, mona, suspended

__all__ = ["account", "case", "flagged", "milo", "mona", "suspended"]

pytestmark = pytest.mark.django_db


def mail_of(case: ModerationCase, step: str) -> mail.EmailMessage:
    event = case.events.get(step=step)
    assert send_case_mail(event_id=event.pk)
    return mail.outbox[-1]


def test_the_opening_carries_the_whole_statement(case: ModerationCase) -> None:
    sent = mail_of(case, "opened")
    assert sent.to == ["carla.creator@example.org"]
    assert f"case {case.pk}" in sent.subject
    for section in case.statement:
        for line in section["lines"]:
            assert line in sent.body
    assert f"/cases/{case.pk}/" in sent.body


def test_each_decision_is_told_with_its_reasons(
    case: ModerationCase, mona: User, milo: User, creator_user: User
) -> None:
    decide_case(case=case, step="flag", reasons="Half <bots>.", actor=mona, now=NOW)
    flag = mail_of(case, "flag")
    assert "Half <bots>." in flag.body
    assert "You can appeal once" in flag.body
    file_appeal(case=case, text="No.", actor=creator_user, now=NOW)
    assert "15 March 2026" in mail_of(case, "file_appeal").body
    decide_appeal(case=case, step="grant_appeal", reasons="Right.", actor=milo, now=NOW)
    granted = mail_of(case, "grant_appeal")
    assert "Right." in granted.body
    assert "granted" in granted.subject


def test_a_suspension_and_its_end_are_told(suspended: ModerationCase, mona: User) -> None:
    assert "two moderators" in mail_of(suspended, "confirm_suspension").body
    proposal = suspended.events.get(step="propose_suspension")
    assert not send_case_mail(event_id=proposal.pk), "a proposal changes nothing yet"
    reinstate_creator(case=suspended, reasons="Clean.", actor=mona, now=NOW)
    assert "Clean." in mail_of(suspended, "reinstate").body


def test_a_dismissal_is_told(case: ModerationCase, mona: User) -> None:
    decide_case(case=case, step="dismiss", reasons="Real.", actor=mona, now=NOW)
    assert "genuine" in mail_of(case, "dismiss").body


def test_nobody_is_written_who_is_not_there(case: ModerationCase) -> None:
    event = case.events.get()
    Creator.objects.update(user=None)
    assert not send_case_mail(event_id=event.pk)
    assert not send_case_mail(event_id=10**9)
    assert mail.outbox == []


def test_the_decision_stands_and_the_mail_is_tried_again(
    case: ModerationCase, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_case(case=case, step="flag", reasons="Bots.", actor=mona, now=NOW)

    def refuse(**kwargs: object) -> None:
        raise SMTPException("away")

    monkeypatch.setattr("marketplace.case_mail.send_mail", refuse)
    retried: list[dict[str, object]] = []

    def retry(**kwargs: object) -> Retry:
        retried.append(kwargs)
        return Retry()

    monkeypatch.setattr(tasks.send_case_mail, "retry", retry)
    with pytest.raises(Retry):
        tasks.send_case_mail(event_id=case.events.get(step="flag").pk)
    assert len(retried) == 1
    case.refresh_from_db()
    assert case.state == "flagged"


def test_the_message_leaves_on_commit_only(
    case: ModerationCase,
    mona: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    sent: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(
        "accounts.queue.current_app.send_task", lambda name, kwargs: sent.append((name, kwargs))
    )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide_case(case=case, step="flag", reasons="Bots.", actor=mona, now=NOW)
        assert sent == []
    event = CaseEvent.objects.get(step="flag")
    assert sent == [("marketplace.tasks.send_case_mail", {"event_id": event.pk})]
