"""Webhooks: signed, sent until taken, to public addresses only, and switched off when hopeless."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from accounts import outbox
from accounts.models import (
    AuditEntry,
    NotificationCategory,
    OutboxDelivery,
    OutboxEvent,
    WebhookEndpoint,
)
from accounts.notifying import posting, trying_again, webhooks
from accounts.notifying.delivering import deliver_due
from accounts.notifying.posting import AddressRefused, Answer
from tests.accounts.test_outbox import PlainComposer
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@dataclass
class Receiver:
    """A program that takes webhooks, on a port of this machine."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    says: bytes = b""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def verified(self, secret: str, index: int = -1) -> Any:
        headers, body = self.got[index]
        return Webhook(secret).verify(body, headers)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.says)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


def add(cast: Cast, url: str, **fields: Any) -> WebhookEndpoint:
    return webhooks.add_endpoint(
        **{"owner": cast.brand, "url": url, "actor": cast.brand_owner, "now": NOW, **fields}
    )


def happen(cast: Cast, kind: str = "collaboration.sign", **fields: Any) -> OutboxEvent:
    return outbox.write(
        **{
            "kind": kind,
            "category": NotificationCategory.WORK,
            "subject": cast.brand,
            "payload": {"collaboration": 12, "reason": "Schön – <b>"},
            "brand": cast.brand,
            "creator": cast.creator,
            "actor": cast.brand_owner,
            "now": timezone.now(),
            **fields,
        }
    )


def run(now: datetime | None = None) -> None:
    deliver_due(composer=PlainComposer(), now=now or timezone.now())


def test_an_event_arrives_signed_once(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url)
    event = happen(cast)
    run()
    run()
    [(headers, _)] = receiver.got
    assert receiver.verified(endpoint.secret) == {
        "type": "collaboration.sign",
        "timestamp": event.created_at.isoformat(),
        "data": {"collaboration": 12, "reason": "Schön – <b>"},
    }
    assert headers["webhook-id"] == str(event.pk)
    assert headers["content-type"] == "application/json; charset=utf-8"
    delivery = OutboxDelivery.objects.get(endpoint=endpoint)
    assert (delivery.state, delivery.status_code) == ("delivered", 204)
    with pytest.raises(WebhookVerificationError):
        receiver.verified("whsec_" + "A" * 43)


def test_a_failure_is_sent_again_with_the_same_id_and_body(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url)
    receiver.status, receiver.says = 500, b"<h1>Oh\0 no</h1>" + b"x" * 10_000
    happen(cast)
    run()
    delivery = OutboxDelivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.attempts) == ("pending", 500, 1)
    assert delivery.last_error.startswith("It answered 500: <h1>Oh no</h1>xxx")
    assert len(delivery.last_error) <= 700
    receiver.status, receiver.says = 200, b""
    run(timezone.now() + timedelta(minutes=2))
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert receiver.verified(endpoint.secret)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_redirects_are_not_followed(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    happen(cast)
    run()
    assert len(receiver.got) == 1
    assert "redirects are not followed" in OutboxDelivery.objects.get().last_error


def test_an_endpoint_that_fails_costs_a_run_one_attempt(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    receiver.status = 503
    for _ in range(3):
        happen(cast)
    run()
    assert len(receiver.got) == 1


def test_only_the_kinds_it_wants_and_only_its_owners(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url, kinds=["payout", "collaboration.sign"])
    mine = add(cast, receiver.url, owner=cast.creator, actor=cast.creator_user)
    add(cast, receiver.url, owner=cast.other_brand, actor=cast.other_owner)
    for kind in ("payout.paid", "collaboration.sign", "collaboration.fund"):
        happen(cast, kind)
    run()
    told = OutboxDelivery.objects.filter(endpoint__brand=cast.brand)
    assert set(told.values_list("event__kind", flat=True)) == {"payout.paid", "collaboration.sign"}
    assert OutboxDelivery.objects.filter(endpoint=mine).count() == 3
    assert OutboxDelivery.objects.count() == 5


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "ftp://example.org", "https://", "https:///x", "nonsense", "",
        "https://user:pass@example.org/", "https://example.org/#part", "https://example.org:99999/",
        "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/",
        "https://localhost/", "https://db.internal/", "https://exa mple.org/", "https://[::1",
        "https://example.org/\0", "https://example.org/" + "x" * 500, "https://0.0.0.0/",
        "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://localhost./",
        "https://db.internal./", "https://127.0.0.1./",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(cast: Cast, url: str) -> None:
    with pytest.raises(AddressRefused):
        add(cast, url)
    assert not WebhookEndpoint.objects.exists()


def test_a_name_that_leads_inside_is_refused_when_it_is_called(
    cast: Cast, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    endpoint = add(cast, f"https://hooks.example.org:{receiver.port}/")

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("requests_hardened.ip_filter.socket.getaddrinfo", resolve)
    answer = posting.post(happen(cast), endpoint, now=timezone.now())
    assert answer == Answer(None, "Its name leads to an address that is not public.")
    assert receiver.got == []


def test_a_closed_port_is_told_without_the_machines_inside(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, "http://127.0.0.1:1/")
    answer = posting.post(happen(cast), endpoint, now=timezone.now())
    assert answer == Answer(None, "It could not be reached.")


def test_there_are_few_and_each_address_once(cast: Cast) -> None:
    add(cast, "https://example.org/0")
    with pytest.raises(webhooks.EndpointExists):
        add(cast, "https://example.org/0")
    for number in range(1, webhooks.MOST_ENDPOINTS):
        add(cast, f"https://example.org/{number}")
    with pytest.raises(webhooks.TooManyEndpoints):
        add(cast, "https://example.org/more")
    with pytest.raises(webhooks.UnknownKind):
        add(cast, "https://example.org/kind", owner=cast.other_brand, kinds=["nonsense"])


def test_one_that_fails_for_a_day_is_switched_off_and_its_owner_told(
    cast: Cast, receiver: Receiver
) -> None:
    endpoint = add(cast, "https://example.org/hook")
    bad = Answer(500, "It answered 500")
    for number in range(webhooks.FAILURES_TO_DISABLE):
        webhooks.note_answer(endpoint=endpoint, answer=bad, now=NOW + timedelta(minutes=number))
    endpoint.refresh_from_db()
    assert endpoint.is_active, "a short outage"
    webhooks.note_answer(endpoint=endpoint, answer=bad, now=NOW + timedelta(hours=24))
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert "21 attempts in a row failed" in endpoint.disabled_reason
    assert OutboxEvent.objects.get(kind="webhook.disabled").brand_roles == ["owner"]
    assert AuditEntry.objects.get(verb="webhook.disabled").actor is None


def test_one_that_says_it_is_gone_is_switched_off(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url)
    receiver.status = 410
    happen(cast)
    run()
    endpoint.refresh_from_db()
    assert not endpoint.is_active


def test_what_is_on_its_way_waits_while_it_is_off(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url)
    happen(cast)
    receiver.status = 500
    run()
    who = {"actor": cast.brand_owner, "now": timezone.now()}
    webhooks.disable_endpoint(endpoint=endpoint, **who)
    happen(cast, "collaboration.fund")
    run(timezone.now() + timedelta(hours=1))
    assert len(receiver.got) == 1
    with pytest.raises(webhooks.EndpointDisabled):
        webhooks.send_test(endpoint=endpoint, **who)
    receiver.status = 200
    webhooks.enable_endpoint(endpoint=endpoint, **who)
    run()
    assert len(receiver.got) == 2
    assert receiver.verified(endpoint.secret)["type"] == "collaboration.sign"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {
        "webhook.added", "webhook.disabled", "webhook.enabled",
    }  # fmt: skip


def test_after_three_days_off_it_is_given_up(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url)
    happen(cast)
    receiver.status = 500
    run()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)
    run(timezone.now() + timedelta(days=3, minutes=1))
    assert OutboxDelivery.objects.get().state == "failed"


def test_a_person_has_it_tried_again(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    happen(cast)
    receiver.status = 500
    run()
    OutboxDelivery.objects.update(state="failed", next_attempt_at=None)
    receiver.status = 200
    ids = list(OutboxDelivery.objects.values_list("pk", flat=True))
    who = {"actor": cast.moderator, "now": timezone.now()}
    assert trying_again.try_again(delivery_ids=ids, **who) == 1
    run()
    assert OutboxDelivery.objects.get().state == "delivered"
    assert trying_again.try_again(delivery_ids=ids, **who) == 0


def test_a_test_goes_to_one_endpoint_whatever_it_wants(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url, kinds=["payout"])
    add(cast, receiver.url + "/other")
    webhooks.send_test(endpoint=endpoint, actor=cast.brand_owner, now=timezone.now())
    run()
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["webhook.test"]


def test_deleting_ends_what_is_on_its_way(cast: Cast, receiver: Receiver) -> None:
    endpoint = add(cast, receiver.url)
    happen(cast)
    webhooks.delete_endpoint(endpoint=endpoint, actor=cast.brand_owner)
    run()
    assert receiver.got == []
