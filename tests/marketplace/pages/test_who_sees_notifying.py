"""Notifications are everybody's own; webhooks a brand's owners' and the creator's."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from accounts.models import NotificationCategory
from accounts.notifying.webhooks import add_endpoint
from marketplace.mails.stopping import stop_token
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "notifications":      (302, 200, 200, 200, 200, 200, 200),
    "notifications_stop": (200, 200, 200, 200, 200, 200, 200),
    "webhooks":           (302, 200, 403, 404, 404, 404, 404),
    "creator_webhooks":   (302, 404, 404, 404, 200, 404, 404),
}  # fmt: skip
POST = {
    "notifications":       (302, 422, 422, 422, 422, 422, 422),
    "notifications_stop":  (200, 200, 200, 200, 200, 200, 200),
    "webhooks":            (302, 422, 403, 404, 404, 404, 404),
    "creator_webhooks":    (302, 404, 404, 404, 422, 404, 404),
    "webhook_act":         (302, 302, 403, 404, 404, 404, 404),
    "creator_webhook_act": (302, 404, 404, 404, 302, 404, 404),
}  # fmt: skip
BODIES = {
    "notifications": {"work": "sometimes"},
    "webhooks": {"url": "http://example.org/"},
    "creator_webhooks": {"url": "http://example.org/"},
}


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    url = "https://example.org/"
    brand, creator = cast.brand, cast.creator
    ours = add_endpoint(owner=brand, url=url, actor=cast.brand_owner, now=NOW)
    theirs = add_endpoint(owner=creator, url=url, actor=cast.creator_user, now=NOW)
    arguments = {
        "notifications_stop": [stop_token(cast.brand_owner, NotificationCategory.WORK)],
        "webhooks": [brand.pk],
        "creator_webhooks": [creator.pk],
        "webhook_act": [brand.pk, ours.pk, "disable"],
        "creator_webhook_act": [creator.pk, theirs.pk, "disable"],
    }
    return lambda name: reverse(name, args=arguments.get(name))


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], BODIES.get(name, {}), cast=cast, browse=browse)
