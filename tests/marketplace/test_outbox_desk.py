"""The desk reads what was not delivered, and has it tried again."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts import outbox
from accounts.models import AuditEntry, NotificationCategory, OutboxDelivery, User
from accounts.notifying.spreading import spread_events
from accounts.notifying.webhooks import add_endpoint
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
LIST = reverse("admin:accounts_outboxdelivery_changelist")


@pytest.fixture
def failed(cast: Cast) -> OutboxDelivery:
    outbox.write(
        kind="message.unread", category=NotificationCategory.MESSAGES, subject=cast.brand,
        to_users=[cast.creator_user], now=NOW,
    )  # fmt: skip
    spread_events(now=NOW)
    OutboxDelivery.objects.update(
        state="failed", next_attempt_at=None, attempts=20, last_error="SMTPException: away"
    )
    return OutboxDelivery.objects.get()


@pytest.fixture
def moderator(cast: Cast) -> User:
    cast.moderator.groups.add(Group.objects.get(name="Moderators"))
    return cast.moderator


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_moderator_has_it_tried_again(failed: OutboxDelivery, moderator: User) -> None:
    desk = desk_of(moderator)
    page = desk.get(LIST).content.decode()
    assert "SMTPException: away" in page
    assert "carla.creator@example.org" in page
    sent = {"action": "try_again", "_selected_action": [failed.pk]}
    assert "1 of 1 are tried again" in desk.post(LIST, sent, follow=True).content.decode()
    failed.refresh_from_db()
    assert failed.state == "pending"
    assert AuditEntry.objects.get(verb="delivery.tried_again").actor == moderator


def test_delivered_ones_are_shown_when_asked_for(failed: OutboxDelivery, moderator: User) -> None:
    OutboxDelivery.objects.update(state="pending", next_attempt_at=NOW)
    OutboxDelivery.objects.update(state="delivered", next_attempt_at=None, delivered_at=NOW)
    desk = desk_of(moderator)
    assert "carla.creator" not in desk.get(LIST).content.decode()
    assert "carla.creator" in desk.get(LIST, {"state__exact": "delivered"}).content.decode()
    one = reverse("admin:accounts_outboxdelivery_change", args=[failed.pk])
    assert desk.get(one).status_code == 200


def test_nobody_reads_a_webhooks_secret_or_edits_it(cast: Cast, moderator: User) -> None:
    endpoint = add_endpoint(
        owner=cast.brand, url="https://example.org/", actor=cast.brand_owner, now=NOW
    )
    address = reverse("admin:accounts_webhookendpoint_change", args=[endpoint.pk])
    page = desk_of(moderator).get(address).content.decode()
    assert endpoint.url in page
    assert endpoint.secret not in page
    assert desk_of(moderator).post(address, {"url": "https://other.org/"}).status_code == 403


def test_others_have_no_desk(failed: OutboxDelivery, brand_owner: User) -> None:
    assert desk_of(brand_owner).get(LIST).status_code in (302, 403)
