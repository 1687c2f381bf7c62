"""Events are written with their cause, spread once, and delivered at least once."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts import outbox, queue
from accounts.models import (
    Membership,
    NotificationCategory,
    NotificationPreference,
    OutboxDelivery,
    OutboxEvent,
    User,
)
from accounts.notifying import backoff, claiming
from accounts.notifying.cleaning import clean_outbox
from accounts.notifying.delivering import RunReport, deliver_due
from accounts.notifying.mailing import Mail
from accounts.notifying.preferences import set_paces
from accounts.notifying.spreading import spread_events
from accounts.teams import remove_member
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Category = NotificationCategory


@dataclass
class PlainComposer:
    """Says the kind; may be told to fail or to have nothing to say."""

    silent: set[str] = field(default_factory=set)

    def compose(self, event: OutboxEvent, user: User) -> Mail | None:
        return None if event.kind in self.silent else Mail(event.kind, f"To {user}")

    def compose_digest(self, events: list[OutboxEvent], user: User) -> Mail | None:
        return Mail(f"{len(events)} things", " ".join(event.kind for event in events))

    def message_id(self, name: str) -> str:
        return f"{name}@test"


def write(cast: Cast, kind: str = "message.received", **fields: object) -> OutboxEvent:
    """By the creator, for the brand's owners and managers, unless told otherwise."""
    return outbox.write(
        **{  # type: ignore[arg-type]
            "kind": kind,
            "category": Category.MESSAGES,
            "subject": cast.brand,
            "payload": {"message": 7},
            "brand": cast.brand,
            "brand_roles": ["owner", "manager"],
            "creator": cast.creator,
            "actor": cast.creator_user,
            "now": NOW,
            **fields,
        }
    )


def run(*, after: timedelta = timedelta(0), composer: PlainComposer | None = None) -> RunReport:
    return deliver_due(composer=composer or PlainComposer(), now=NOW + after)


def readers() -> set[str]:
    return set(OutboxDelivery.objects.values_list("user__name", flat=True))


def test_an_event_is_undone_with_its_cause(cast: Cast) -> None:
    @transaction.atomic
    def fail() -> None:
        write(cast)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_any_transaction_is_refused(cast: Cast) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        write(cast)


def test_the_queue_is_nudged_once_the_cause_has_committed(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(
        "accounts.queue.current_app.send_task", lambda name, kwargs: sent.append(name)
    )
    queue.forget_nudge()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        write(cast)
        write(cast)
        assert sent == []
    assert sent == ["marketplace.tasks.deliver_outbox"], "one run finds both"
    queue.forget_nudge()


def test_writing_costs_one_insert(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brand, creator = cast.brand, cast.creator
    with django_assert_num_queries(1):
        outbox.write(
            kind="message.received", category=Category.MESSAGES, subject=brand, brand=brand,
            creator=creator, now=NOW,
        )  # fmt: skip


def test_a_key_is_used_once(cast: Cast) -> None:
    first = write(cast, key="reminder:1")
    second = write(cast, kind="message.other", key="reminder:1")
    assert first.pk == second.pk
    assert OutboxEvent.objects.count() == 1


def test_an_event_is_never_rewritten(cast: Cast) -> None:
    write(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        OutboxEvent.objects.update(payload={})
    with pytest.raises(DatabaseError), transaction.atomic():
        OutboxEvent.objects.update(kind="other")


def test_the_named_roles_are_told_and_never_the_actor(cast: Cast) -> None:
    write(cast)
    spread_events(now=NOW)
    assert readers() == {"Olga Owner"}
    write(cast, brand_roles=["owner", "viewer"], actor=cast.brand_owner)
    write(cast, brand_roles=(), to_creator=True, actor=None)
    write(cast, brand_roles=(), to_users=[cast.moderator])
    spread_events(now=NOW)
    assert readers() == {"Olga Owner", "Vera Viewer", "Carla Creator", "Mona Moderator"}
    assert OutboxDelivery.objects.count() == 4


def test_people_who_are_gone_are_not_told(cast: Cast) -> None:
    User.objects.filter(pk=cast.brand_owner.pk).update(is_active=False)
    write(cast)
    spread_events(now=NOW)
    assert readers() == set()


def test_spreading_takes_the_same_queries_for_any_number(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 30):
        for _ in range(count):
            write(cast, to_creator=True, actor=None)
        with django_assert_num_queries(8 + 2):  # and a savepoint
            assert spread_events(now=NOW) == count


def test_an_event_that_is_spread_twice_reaches_each_once(cast: Cast) -> None:
    write(cast)
    spread_events(now=NOW)
    OutboxEvent.objects.update(spread_at=None)
    spread_events(now=NOW)
    assert OutboxDelivery.objects.count() == 1


def test_a_mail_has_the_events_id(cast: Cast) -> None:
    event = write(cast)
    assert run() == RunReport(spread=1, delivered=1)
    (sent,) = mail.outbox
    assert sent.to == [cast.brand_owner.email]
    assert sent.extra_headers["Message-ID"] == f"<{event.pk}.{cast.brand_owner.pk}@test>"
    delivery = OutboxDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.delivered_at) == ("delivered", 1, NOW)
    assert run() == RunReport(), "once is enough"


def test_one_claimed_by_a_worker_that_died_is_sent_again_under_the_same_id(cast: Cast) -> None:
    event = write(cast)
    spread_events(now=NOW)
    assert claiming.claim_next(now=NOW) is not None
    assert run() == RunReport(), "it is somebody's at the moment"
    assert run(after=timedelta(minutes=2)).delivered == 1
    assert str(event.pk) in mail.outbox[0].extra_headers["Message-ID"]


def test_a_mail_server_that_is_away_delays_and_loses_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast)

    def refuse(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.notifying.mailing.send", refuse)
        assert run().failed == 1
    delivery = OutboxDelivery.objects.get()
    assert (delivery.state, delivery.last_error) == (
        "pending", "SMTPServerDisconnected: away",
    )  # fmt: skip
    assert delivery.next_attempt_at is not None
    assert NOW + timedelta(minutes=1) <= delivery.next_attempt_at <= NOW + timedelta(minutes=1.5)
    assert run(after=timedelta(minutes=2)).delivered == 1


def test_after_three_days_it_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    write(cast)

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr("accounts.notifying.mailing.send", refuse)
    tries, at = 0, timedelta(0)
    while OutboxDelivery.objects.filter(state="pending").exists() or not tries:
        tries += run(after=at).failed
        at += timedelta(minutes=30)
    assert timedelta(days=2.5) < at <= timedelta(days=3.1)
    assert 12 <= tries <= 25
    assert OutboxDelivery.objects.get().next_attempt_at is None


def test_waits_double_up_to_six_hours_with_a_chance_part() -> None:
    for attempts, least in ((1, 1), (2, 2), (5, 16), (9, 256), (10, 360), (400, 360)):
        waits = {backoff.wait_after(attempts) for _ in range(50)}
        assert len(waits) > 1
        assert min(waits) >= timedelta(minutes=least)
        assert max(waits) <= timedelta(minutes=least * 1.5)


def test_what_cannot_be_put_into_words_is_dropped(cast: Cast) -> None:
    write(cast)
    run(composer=PlainComposer(silent={"message.received"}))
    assert mail.outbox == []
    assert OutboxDelivery.objects.get().state == "dropped"


def test_people_get_mail_as_they_prefer(cast: Cast) -> None:
    never, daily = NotificationPreference.Pace.NEVER, NotificationPreference.Pace.DAILY
    set_paces(user=cast.brand_owner, paces={Category.MESSAGES: never})
    set_paces(user=cast.creator_user, paces={Category.MESSAGES: daily})
    for number in range(3):
        write(cast, kind=f"message.number{number}", to_creator=True, actor=None)
    assert run() == RunReport(spread=3)
    assert mail.outbox == []
    assert run(after=timedelta(hours=18)).delivered == 0, "before seven o'clock"
    assert run(after=timedelta(hours=19)).delivered == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([cast.creator_user.email], "3 things")
    assert set(OutboxDelivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_who_left_the_team_hears_no_more_of_it(cast: Cast) -> None:
    set_paces(user=cast.brand_viewer, paces={Category.MESSAGES: "daily"})
    write(cast, brand_roles=["viewer"])
    write(cast, kind="message.own", brand_roles=(), to_users=[cast.brand_viewer])
    spread_events(now=NOW)
    remove_member(membership=cast.brand_viewer.memberships.get(), actor=cast.brand_owner)
    run(after=timedelta(days=1))
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == ("1 things", "message.own")
    write(cast, brand_roles=["owner"])
    spread_events(now=NOW)
    Membership.objects.filter(user=cast.brand_owner).update(role="viewer")
    run(after=timedelta(days=2))
    assert len(mail.outbox) == 1
    assert OutboxDelivery.objects.filter(state="dropped").count() == 1


def test_a_digest_that_is_sent_again_has_the_same_id(cast: Cast) -> None:
    set_paces(user=cast.brand_owner, paces={Category.MESSAGES: "daily"})
    write(cast)
    spread_events(now=NOW)
    day = timedelta(days=1)
    (row,) = claiming.claim_digest(now=NOW + day)
    write(cast, kind="message.later")
    spread_events(now=NOW)
    assert run(after=2 * day).delivered == 2
    assert f"<{row.batch}.{cast.brand_owner.pk}@test>" in {
        sent.extra_headers["Message-ID"] for sent in mail.outbox
    }
    assert {sent.subject for sent in mail.outbox} == {"1 things"}


def test_old_events_are_forgotten_unless_on_their_way(cast: Cast) -> None:
    write(cast)
    run()
    write(cast, kind="message.waiting")
    spread_events(now=NOW)
    assert clean_outbox(now=NOW + timedelta(days=89)) == 0
    assert clean_outbox(now=NOW + timedelta(days=91)) == 1
    assert OutboxEvent.objects.get().kind == "message.waiting"
