"""A request that is sent again: one effect, the same answer."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts import idempotency
from accounts.idempotency import (
    Answered,
    KeyRefused,
    KeyReused,
    RequestInProgress,
    answer_once,
    clear_old_keys,
    fingerprint_of,
    read_key,
)
from accounts.models import AuditEntry, KeptAnswer, User
from tests.cast import NOW


class Bell:
    """Something that must happen once: an audit row, in the caller's transaction."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.started = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def ring(self) -> Answered:
        entry = AuditEntry.objects.create(
            actor=self.user, verb="bell.rung", subject_type="bell", subject_id="1"
        )
        self.started.set()
        assert self.may_end.wait(20)
        return Answered(201, {"z": entry.pk, "a": [1.0, None, "ä"]})

    def rung(self) -> int:
        return AuditEntry.objects.filter(verb="bell.rung").count()


def ask(
    user: User, act: Callable[[], Answered], key: str = "one", asked: object = None
) -> Answered:
    return answer_once(
        user=user, key=key, fingerprint=fingerprint_of("POST", "/bell/", asked), act=act, now=NOW
    )


@pytest.mark.django_db
def test_the_same_request_is_answered_as_the_first_time(brand_owner: User) -> None:
    bell = Bell(brand_owner)
    first = ask(brand_owner, bell.ring)
    again = ask(brand_owner, bell.ring)
    assert (first.is_replay, again.is_replay) == (False, True)
    assert (again.status, again.body) == (first.status, first.body)
    assert list(again.body) == ["z", "a"], "the order is kept as well"
    assert bell.rung() == 1


@pytest.mark.django_db
def test_another_request_with_the_key_is_refused(brand_owner: User) -> None:
    bell = Bell(brand_owner)
    ask(brand_owner, bell.ring, asked={"amount": 1})
    with pytest.raises(KeyReused) as refused:
        ask(brand_owner, bell.ring, asked={"amount": 2})
    assert refused.value.http_status == 422
    assert bell.rung() == 1


@pytest.mark.django_db
def test_keys_are_each_users_own(brand_owner: User, other_owner: User) -> None:
    bell = Bell(brand_owner)
    ask(brand_owner, bell.ring)
    assert not ask(other_owner, bell.ring, asked="else").is_replay
    assert bell.rung() == 2


@pytest.mark.django_db
def test_a_fault_leaves_neither_effect_nor_key(brand_owner: User) -> None:
    bell = Bell(brand_owner)

    def fail() -> Answered:
        bell.ring()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(brand_owner, fail)
    assert (bell.rung(), KeptAnswer.objects.count()) == (0, 0)
    assert not ask(brand_owner, bell.ring).is_replay


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": "1"}, False),
        ({"a": [1, 2]}, {"a": [2, 1]}, False),
        ({}, None, False),
    ],
)
def test_bodies_that_say_the_same_are_the_same(one: object, other: object, same: bool) -> None:
    assert (fingerprint_of("POST", "/x/", one) == fingerprint_of("POST", "/x/", other)) is same
    assert fingerprint_of("POST", "/x/", one) != fingerprint_of("POST", "/y/", one)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("abc", "abc"), ('"abc"', "abc"), (" abc ", "abc"), ("a b", "a b"), ("x" * 80, "x" * 80),
        ('"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("", None), ('""', None), ("  ", None), ("x" * 81, None), ("ä", None), ("a\nb", None),
        ("a\x00b", None), ('a"b', None), ('"a', None), ('a"', None), ("a\\b", None),
        ("\ud800", None),
    ],
)  # fmt: skip
def test_a_key_is_read_as_the_header_writes_it(header: str, key: str | None) -> None:
    if key is None:
        with pytest.raises(KeyRefused):
            read_key(header)
    else:
        assert read_key(header) == key


@pytest.mark.django_db
def test_old_answers_are_forgotten(brand_owner: User) -> None:
    bell = Bell(brand_owner)
    ask(brand_owner, bell.ring, "old")
    assert clear_old_keys(now=NOW + timedelta(hours=24)) == 0
    assert clear_old_keys(now=NOW + idempotency.KEPT + timedelta(seconds=1)) == 1
    assert not ask(brand_owner, bell.ring, "old").is_replay


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_second_request_waits_for_the_first(brand_owner: User) -> None:
    bell, answers = Bell(brand_owner), {}
    bell.may_end.clear()
    first = in_thread(lambda: answers.update(first=ask(brand_owner, bell.ring)))
    assert bell.started.wait(20)
    second = in_thread(lambda: answers.update(second=ask(brand_owner, bell.ring)))
    second.join(0.1)
    assert second.is_alive()
    bell.may_end.set()
    for thread in (first, second):
        thread.join()
    assert (answers["first"].is_replay, answers["second"].is_replay) == (False, True)
    assert answers["first"].body == answers["second"].body
    assert bell.rung() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_so(brand_owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.1)
    bell = Bell(brand_owner)
    bell.may_end.clear()
    first = in_thread(lambda: ask(brand_owner, bell.ring))
    assert bell.started.wait(20)
    with transaction.atomic():
        with pytest.raises(RequestInProgress):
            ask(brand_owner, bell.ring)
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",), "only the wait for the key has a limit"
    bell.may_end.set()
    first.join()
    assert ask(brand_owner, bell.ring).is_replay
