"""Programs that ask, and something to ask about."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from marketplace.api.throttling import UserThrottle
from tests.marketplace.pages.conftest import BRIEF, campaign, catalogue

# The same things to ask about as the pages have.
__all__ = ["BRIEF", "campaign", "catalogue"]


class Program:
    """Sends JSON and reads JSON as one user."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")

    def get(self, address: str, **query: Any) -> tuple[int, Any]:
        return self.read(self.client.get(f"/api/v1/{address}", query))

    def post(self, address: str, body: Any) -> tuple[int, Any]:
        return self.read(
            self.client.post(f"/api/v1/{address}", json.dumps(body), "application/json")
        )

    def patch(self, address: str, body: Any) -> tuple[int, Any]:
        return self.read(
            self.client.patch(f"/api/v1/{address}", json.dumps(body), "application/json")
        )

    def read(self, response: Any) -> tuple[int, Any]:
        assert response["Content-Type"] == "application/json"
        return response.status_code, response.json()


As = Callable[[User | None], Program]


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of other things must not run into the rate limit."""
    monkeypatch.setitem(UserThrottle.THROTTLE_RATES, "user", "100000/min")


@pytest.fixture
def program() -> As:
    return Program


def refusal(answer: dict[str, Any]) -> tuple[str, str | None]:
    """(code, attr) of the only error in an answer."""
    [error] = answer["errors"]
    assert error["detail"]
    return error["code"], error["attr"]
