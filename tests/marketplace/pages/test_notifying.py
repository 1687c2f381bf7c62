"""Choosing one's e-mail, ending it with one click, and keeping webhooks."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import outbox
from accounts.models import (
    NotificationCategory,
    NotificationPreference,
    OutboxDelivery,
    WebhookEndpoint,
)
from accounts.notifying.delivering import deliver_due
from accounts.notifying.preferences import get_paces
from accounts.notifying.webhooks import add_endpoint
from marketplace.mails.composing import SiteComposer
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db
PAGE = reverse("notifications")


def paces(**changed: str) -> dict[str, str]:
    names = ("work", "money", "deadlines", "messages", "results", "alerts", "technical")
    return {**dict.fromkeys(names, "at_once"), **changed}


def test_somebody_chooses_what_comes(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)
    page = client.get(PAGE).content.decode()
    assert "Once a day" in page
    assert "Disputes and decisions of moderators always come at once" in page
    assert reverse("webhooks", args=[cast.brand.pk]) in page
    response = client.post(PAGE, paces(work="daily", results="never"), follow=True)
    assert "It is saved." in response.content.decode()
    kept = get_paces(cast.brand_owner)
    assert (kept["work"], kept["results"], kept["money"]) == ("daily", "never", "at_once")
    assert get_paces(cast.creator_user)["work"] == "at_once"


@pytest.mark.parametrize(
    "sent", [{}, paces(work="sometimes"), {"moderation": "never"}, paces(work="\0")]
)
def test_what_is_no_choice_changes_nothing(
    cast: Cast, browse: Browse, sent: dict[str, str]
) -> None:
    assert browse(cast.brand_owner).post(PAGE, sent).status_code == 422
    assert not NotificationPreference.objects.exists()


def test_one_click_in_a_mail_ends_its_kind(cast: Cast) -> None:
    outbox.write(
        kind="message.unread", category=NotificationCategory.MESSAGES, subject=cast.brand,
        to_users=[cast.creator_user], letter=outbox.Letter("Hello", ["Read me."]), now=NOW,
    )  # fmt: skip
    deliver_due(composer=SiteComposer(), now=NOW)
    (sent,) = mail.outbox
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in sent.body
    stranger = Client(enforce_csrf_checks=True)
    path = link.removeprefix("http://localhost:8000")
    assert stranger.get(path).status_code == 200
    assert get_paces(cast.creator_user)["messages"] == "at_once", "looking at it ends nothing"
    response = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert get_paces(cast.creator_user)["messages"] == "never"
    assert stranger.post(path[:-4] + "xx/").status_code == 404


def test_an_owner_adds_a_webhook_and_sees_its_secret_once(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)
    page = reverse("webhooks", args=[cast.brand.pk])
    response = client.post(page, {"url": "https://example.org/hook", "kinds": ["payout"]})
    endpoint = WebhookEndpoint.objects.get()
    assert response.status_code == 201
    assert endpoint.secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert (endpoint.brand, endpoint.kinds) == (cast.brand, ["payout"])
    later = client.get(page).content.decode()
    assert endpoint.url in later
    assert endpoint.secret not in later
    again = client.post(page, {"url": endpoint.url})
    assert (again.status_code, "in the list already" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "sent",
    [
        {"url": "http://example.org"}, {"url": "https://10.0.0.1/"}, {"url": ""}, {},
        {"url": "https://example.org", "kinds": ["nonsense"]}, {"url": "https://e\0x.org"},
    ],
)  # fmt: skip
def test_a_bad_address_is_told_beside_it(
    cast: Cast, browse: Browse, sent: dict[str, object]
) -> None:
    page = reverse("webhooks", args=[cast.brand.pk])
    response = browse(cast.brand_owner).post(page, sent)
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_webhook_is_tested_switched_and_deleted(cast: Cast, browse: Browse) -> None:
    client = browse(cast.creator_user)
    endpoint = add_endpoint(
        owner=cast.creator, url="https://example.org/", actor=cast.creator_user, now=NOW
    )

    def act(name: str) -> str:
        address = reverse("creator_webhook_act", args=[cast.creator.pk, endpoint.pk, name])
        return client.post(address, follow=True).content.decode()

    assert "webhook.test" in act("test"), "it is among the last deliveries"
    assert OutboxDelivery.objects.get().event.kind == "webhook.test"
    assert "Switched off by Carla Creator" in act("disable")
    assert "Switch it on first" in act("test")
    assert "what has waited is sent first" in act("enable")
    assert "There is nothing" not in act("delete")
    assert not WebhookEndpoint.objects.exists()


def test_what_is_not_there_is_not_found(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)
    theirs = add_endpoint(
        owner=cast.other_brand, url="https://example.org/", actor=cast.other_owner, now=NOW
    )
    for endpoint_id in (theirs.pk, 0, 10**30):
        address = reverse("webhook_act", args=[cast.brand.pk, endpoint_id, "delete"])
        assert client.post(address).status_code == 404
    own = add_endpoint(
        owner=cast.brand, url="https://example.org/", actor=cast.brand_owner, now=NOW
    )
    assert client.post(reverse("webhook_act", args=[cast.brand.pk, own.pk, "x"])).status_code == 404
    assert client.get(reverse("webhooks", args=[10**30])).status_code == 404
    assert WebhookEndpoint.objects.count() == 2
