"""The health endpoints tell what is down, quickly and without secrets."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.http import JsonResponse
from django.test import RequestFactory
from pytest_django import Settings

from marketplace import health

OK = {"database": "ok", "redis": "ok", "worker": "ok"}


def body(response: JsonResponse) -> dict[str, Any]:
    return json.loads(response.content)


@pytest.fixture(autouse=True)
def _forget_the_last_answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "_last", None)
    yield
    health._last = None


@pytest.fixture
def all_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECKS", {name: lambda: None for name in OK})


def test_live_needs_no_store(rf: RequestFactory) -> None:
    response = health.live(rf.get("/health/live"))

    assert (response.status_code, body(response)) == (200, {"status": "ok"})


@pytest.mark.usefixtures("all_well")
def test_ready_is_200_when_all_is_well(rf: RequestFactory) -> None:
    response = health.ready(rf.get("/health/ready"))

    assert (response.status_code, body(response)) == (200, OK)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_the_database_and_redis_of_the_tests_answer(services: None) -> None:
    health.check_database()
    health.check_redis()


def test_a_missing_worker_is_told_in_time(
    services: None, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TIMEOUT", 0.2)
    monkeypatch.setitem(health.CHECKS, "database", lambda: None)

    response = health.ready(rf.get("/health/ready"))

    assert response.status_code == 503
    assert body(response) == {"database": "ok", "redis": "ok", "worker": "no answer"}


def test_pages_can_be_served_without_a_worker(
    services: None, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TIMEOUT", 0.2)
    monkeypatch.setitem(health.CHECKS, "database", lambda: None)

    response = health.ready(rf.get("/health/ready", {"without": "worker"}))

    assert (response.status_code, body(response)) == (200, {"database": "ok", "redis": "ok"})


@pytest.mark.usefixtures("all_well")
def test_an_error_names_its_kind_and_no_secret(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise psycopg2.OperationalError("password of user fairground at 10.0.0.7 refused")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    response = health.ready(rf.get("/health/ready"))

    assert response.status_code == 503
    assert body(response) == {**OK, "database": "error: OperationalError"}


def test_a_redis_that_is_gone_is_told(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    assert health._result(health.check_redis) == "error: ConnectionError"


@pytest.mark.usefixtures("all_well")
def test_many_questions_are_one_look(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setitem(health.CHECKS, "worker", lambda: looks.append(1))

    for _ in range(5):
        health.ready(rf.get("/health/ready"))

    assert len(looks) == 1


def test_only_reading_is_allowed(rf: RequestFactory) -> None:
    assert health.live(rf.post("/health/live")).status_code == 405
