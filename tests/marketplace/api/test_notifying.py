"""Webhooks and preferences by API."""

from typing import Any

import pytest

from accounts.models import NotificationPreference, WebhookEndpoint
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db
PREFERENCES = "notification-preferences/"


def test_preferences_are_read_and_changed(program: As, cast: Cast) -> None:
    client = program(cast.brand_viewer)
    status, answer = client.get(PREFERENCES)
    assert (status, answer["work"], answer["results"]) == (200, "at_once", "daily")
    status, answer = client.patch(PREFERENCES, {"work": "never"})
    assert (status, answer["work"], answer["money"]) == (200, "never", "at_once")
    assert client.get(PREFERENCES)[1]["work"] == "never"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"work": "often"}, "invalid_choice"),
        ({"nothing": "never"}, "unknown_field"),
        ({"moderation": "never"}, "mandatory_category"),
        ({"disputes": "daily"}, "mandatory_category"),
        ({"work": None}, "null"),
        ([], "invalid"),
    ],
)
def test_bad_preferences_change_nothing(program: As, cast: Cast, body: Any, code: str) -> None:
    status, answer = program(cast.brand_viewer).patch(PREFERENCES, body)
    assert (status, refusal(answer)[0]) == (400, code)
    assert not NotificationPreference.objects.exists()


def test_a_brands_webhooks(program: As, cast: Cast) -> None:
    client, address = program(cast.brand_owner), f"brands/{cast.brand.pk}/webhooks/"
    status, added = client.post(address, {"url": "https://example.org/", "kinds": ["payout"]})
    assert status == 201
    assert added["secret"].startswith("whsec_")
    status, listed = client.get(address)
    assert (status, [one["id"] for one in listed]) == (200, [added["id"]])
    assert "secret" not in listed[0]
    status, answer = client.post(address, {"url": "https://example.org/"})
    assert (status, refusal(answer)[0]) == (409, "webhook_exists")
    deleted = client.client.delete(f"/api/v1/{address}{added['id']}/")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert not WebhookEndpoint.objects.exists()


def test_a_creators_webhooks(program: As, cast: Cast) -> None:
    client, address = program(cast.creator_user), f"creators/{cast.creator.pk}/webhooks/"
    status, added = client.post(address, {"url": "https://example.org/"})
    assert status == 201
    assert client.get(address)[1][0]["url"] == "https://example.org/"
    assert client.client.delete(f"/api/v1/{address}{added['id']}/").status_code == 204


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"url": "http://example.org/"}, "address_refused"),
        ({"url": "https://192.168.0.1/"}, "address_refused"),
        ({"url": "x" * 501}, "max_length"),
        ({"url": "https://example.org/", "kinds": ["x" * 80]}, "unknown_kind"),
        (
            {"url": "https://example.org/", "kinds": ["payout\ud800"]},
            "parse_error",
        ),
        ({"url": "https://example.org/", "kinds": "payout"}, "not_a_list"),
        ({"url": "https://example.org/", "secret": "mine"}, "unknown_field"),
    ],
)
def test_a_bad_webhook_is_not_added(program: As, cast: Cast, body: Any, code: str) -> None:
    status, answer = program(cast.brand_owner).post(f"brands/{cast.brand.pk}/webhooks/", body)
    assert (status, refusal(answer)[0]) == (400, code)
    assert not WebhookEndpoint.objects.exists()


def test_others_may_not(program: As, cast: Cast) -> None:
    brand, creator = cast.brand.pk, cast.creator.pk
    body = {"url": "https://example.org/"}
    for address in (f"brands/{brand}/webhooks/", f"creators/{creator}/webhooks/"):
        for user in (cast.other_owner, cast.other_creator_user, cast.moderator):
            assert program(user).get(address)[0] == 404
            assert program(user).post(address, body)[0] == 404
            assert program(user).client.delete(f"/api/v1/{address}1/").status_code == 404
    assert program(cast.brand_viewer).get(f"brands/{brand}/webhooks/")[0] == 403
    assert program(None).get(PREFERENCES)[0] == 401
    assert program(cast.brand_owner).get(f"brands/{10**30}/webhooks/")[0] == 404
    assert program(cast.brand_owner).get(PREFERENCES, page=2)[0] == 400
