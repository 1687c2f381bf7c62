"""Programs that ask, and something to ask about."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import SocialAccount, User
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from marketplace.api.throttling import UserThrottle
from tests.cast import NOW, Cast
from tests.scoring.catalogue import make_catalogue

BRIEF = "A gentle vegan skincare line for sensitive skin looks for honest beauty routines."


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


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return create_campaign(
        brand=cast.brand,
        title="Spring",
        terms=BriefTerms(text=BRIEF),
        actor=cast.brand_owner,
        now=NOW,
    )


@pytest.fixture
def catalogue(db: None) -> dict[str, SocialAccount]:
    return make_catalogue()


def refusal(answer: dict[str, Any]) -> tuple[str, str | None]:
    """(code, attr) of the only error in an answer."""
    [error] = answer["errors"]
    assert error["detail"]
    return error["code"], error["attr"]
