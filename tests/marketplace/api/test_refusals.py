"""One shape for everything that goes wrong."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts.models import User
from marketplace.api import bodies
from marketplace.api.throttling import UserThrottle
from scoring.registry import NoActiveVersion
from tests.cast import PASSWORD
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db

RISK = "/api/v1/ml/fake-follower-risk"


def send(program: As, user: User, body: bytes | str, kind: str = "application/json") -> Any:
    asker = program(user)
    return asker.read(asker.client.post(RISK, body, content_type=kind))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null x",
        b'{"platform": NaN}',
        b'{"platform": Infinity}',
        b"\xff\xfe",
        b'{"platform": "\\ud800"}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
    ids=["empty", "open", "rest", "nan", "inf", "bytes", "half", "digits", "deep", "deeper"],
)
def test_a_body_that_is_no_json_is_refused(program: As, brand_owner: User, body: bytes) -> None:
    status, answer = send(program, brand_owner, body)
    assert status == 400
    assert answer["type"] in {"client_error", "validation_error"}
    assert answer["errors"]


@pytest.mark.parametrize("body", ["[]", "5", '"text"', "null", "true"])
def test_a_body_that_is_no_object_is_refused(program: As, brand_owner: User, body: str) -> None:
    status, answer = send(program, brand_owner, body)
    assert status == 400
    assert answer["errors"][0]["detail"]


def test_a_body_of_a_megabyte_is_read_and_judged(program: As, brand_owner: User) -> None:
    body = json.dumps({"platform": "instagram", "stats": {"x" * 1_000_000: 1}})
    status, answer = send(program, brand_owner, body)
    assert status == 400
    assert len(answer["errors"][0]["detail"]) < 2_000_000


def test_a_larger_body_is_refused_before_it_is_read(program: As, brand_owner: User) -> None:
    status, answer = send(program, brand_owner, b" " * (bodies.LARGEST_BODY + 1))
    assert (status, refusal(answer)[0]) == (413, "body_too_large")


def test_so_is_one_that_django_refuses_first(
    program: As, brand_owner: User, settings: Settings
) -> None:
    body = b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    status, answer = send(program, brand_owner, body)
    assert (status, refusal(answer)[0]) == (413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/xml"])
def test_other_kinds_of_body_are_refused(program: As, brand_owner: User, kind: str) -> None:
    status, answer = send(program, brand_owner, "a=b", kind)
    assert (status, refusal(answer)[0]) == (415, "unsupported_media_type")


def test_other_methods_and_formats_are_refused(program: As, brand_owner: User) -> None:
    asker = program(brand_owner)
    assert asker.read(asker.client.delete("/api/v1/creators/"))[0] == 405
    assert asker.read(asker.client.options("/api/v1/creators/"))[0] == 405
    response = asker.client.get("/api/v1/creators/", headers={"Accept": "text/html"})
    assert response.status_code == 406


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("creators", "/api/v1/creators/"),
        ("nothing", ""),
        ("", ""),
        ("ml/price-suggestion/", ""),
        ("cases/%0A1/appeal/", ""),
    ],
)
def test_an_address_that_means_nothing_is_not_found(
    program: As, db: None, address: str, hint: str
) -> None:
    status, answer = program(None).get(address)
    assert (status, refusal(answer)[0]) == (404, "not_found")
    assert hint in answer["errors"][0]["detail"]
    assert ("Did you mean" in answer["errors"][0]["detail"]) is bool(hint)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("gone"), 503),
        (RedisConnectionError("gone"), 503),
        (NoActiveVersion("No model."), 503),
    ],
)
def test_a_store_or_model_that_is_away_is_a_503(
    program: As,
    brand_owner: User,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("marketplace.api.views.ml.predict_fake_follower_risk", fail)
    answered, answer = program(brand_owner).post(
        "ml/fake-follower-risk", {"platform": "instagram", "stats": {"followers": 1}}
    )
    assert (answered, answer["type"]) == (status, "server_error")


@pytest.mark.parametrize("by", ["cookie", "token"])
def test_a_closed_database_is_a_503_for_every_way_to_log_in(
    program: As, brand_owner: User, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    asker = program(brand_owner)
    if by == "token":
        token = asker.client.session.session_key
        asker.client = Client(raise_request_exception=False, headers={"X-Session-Token": token})

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", fail)
    status, answer = asker.get("creators/")
    assert (status, refusal(answer)[0]) == (503, "unavailable")
    status, answer = asker.post("ml/match-score", {"campaign_id": 1, "influencer_id": 1})
    assert (status, refusal(answer)[0]) == (503, "unavailable")


def test_a_fault_of_ours_is_a_500_in_the_same_shape(
    program: As, brand_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("marketplace.api.views.ml.predict_fake_follower_risk", fail)
    status, answer = program(brand_owner).post(
        "ml/fake-follower-risk", {"platform": "instagram", "stats": {"followers": 1}}
    )
    assert (status, answer["type"]) == (500, "server_error")
    assert "secret" not in json.dumps(answer)


def test_too_many_requests_are_told_when_to_come_back(
    program: As, brand_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(UserThrottle.THROTTLE_RATES, "user", "2/min")
    asker = program(brand_owner)
    responses = [asker.client.get("/api/v1/creators/") for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert int(responses[-1]["Retry-After"]) > 0


def test_a_lost_redis_does_not_close_the_api(
    program: As, brand_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RedisConnectionError("gone")

    monkeypatch.setattr(UserThrottle.cache, "get", fail)
    assert program(brand_owner).get("creators/")[0] == 200


def test_an_app_logs_in_asks_and_logs_out(brand_owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        "/_allauth/app/v1/auth/login",
        json.dumps({"email": brand_owner.email, "password": PASSWORD}),
        content_type="application/json",
    )
    token = response.json()["meta"]["session_token"]
    app = Client(enforce_csrf_checks=True, headers={"X-Session-Token": token})
    assert app.get("/api/v1/creators/").status_code == 200
    body = json.dumps({"platform": "instagram", "stats": {"followers": 100}})
    assert app.post(RISK, body, content_type="application/json").status_code == 200
    app.delete("/_allauth/app/v1/auth/session")
    assert app.get("/api/v1/creators/").status_code == 401


def test_a_browsers_session_needs_its_csrf_token(brand_owner: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(brand_owner, "allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/api/v1/creators/").status_code == 200
    response = browser.post(RISK, "{}", content_type="application/json")
    assert (response.status_code, refusal(response.json())[0]) == (403, "permission_denied")


def test_a_made_up_token_is_refused(db: None) -> None:
    app = Client(headers={"X-Session-Token": "made-up"})
    response = app.get("/api/v1/creators/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "X-Session-Token"
