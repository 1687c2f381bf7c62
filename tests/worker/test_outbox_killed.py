"""Signal 9 between sending and marking: it is sent again, under the same id, and marked once."""

import email
import os
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import NotificationCategory, OutboxDelivery, OutboxEvent
from accounts.notifying import webhooks
from accounts.notifying.delivering import deliver_due
from marketplace.mails.composing import SiteComposer
from tests.cast import Cast
from tests.worker.conftest import REPOSITORY, _database_url

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def hook_server(on_arrival: Callable[[str], None]) -> ThreadingHTTPServer:
    """Tells the id of each webhook that has arrived whole, before it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            on_arrival(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def mail_server(on_arrival: Callable[[str], None]) -> socketserver.ThreadingTCPServer:
    """As little SMTP as sending takes; tells each Message-ID before it says 250 to the mail."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            for line in self.rfile:
                word = line.split()[0].upper()
                if word == b"DATA":
                    self.say("354 go on")
                    text = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        text += part
                    on_arrival(email.message_from_bytes(text)["Message-ID"])
                self.say("221 bye" if word == b"QUIT" else "250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    return socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)


def start(**environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.worker.delivering_process"],
        cwd=REPOSITORY,
        env={**os.environ, "DATABASE_URL": _database_url(), **environment},
    )


@transaction.atomic
def happen(cast: Cast, **fields: Any) -> OutboxEvent:
    return outbox.write(
        kind="collaboration.sign",
        category=NotificationCategory.WORK,
        subject=cast.brand,
        brand=cast.brand,
        letter=outbox.Letter("It is signed", ["By both."]),
        now=timezone.now(),
        **fields,
    )


def deliver_later() -> None:
    """The next worker's turn, once the attempt of the one that died is overdue."""
    deliver_due(composer=SiteComposer(), now=timezone.now() + timedelta(minutes=2))


def assert_delivered_after_two_attempts() -> None:
    delivery = OutboxDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    deliver_later()
    assert OutboxDelivery.objects.filter(attempts=2).count() == 1


def test_a_webhook_survives(cast: Cast, settings: Settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    arrived: list[str] = []
    processes: list[subprocess.Popen[bytes]] = []
    ready = threading.Event()

    def note(identity: str) -> None:
        arrived.append(identity)
        if len(arrived) == 1:
            ready.wait(30)
            processes[0].send_signal(signal.SIGKILL)

    with serving(hook_server(note)) as port:
        webhooks.add_endpoint(
            owner=cast.brand, url=f"http://127.0.0.1:{port}/", actor=cast.brand_owner,
            now=timezone.now(),
        )  # fmt: skip
        event = happen(cast)
        processes.append(start(WEBHOOKS_TO_PRIVATE_ADDRESSES="1"))
        ready.set()
        assert processes[0].wait(60) == -signal.SIGKILL
        assert OutboxDelivery.objects.get().state == "pending"
        deliver_later()
    assert arrived == [str(event.pk)] * 2
    assert_delivered_after_two_attempts()


def test_a_mail_survives(cast: Cast) -> None:
    arrived: list[str] = []
    processes: list[subprocess.Popen[bytes]] = []
    ready = threading.Event()

    def note(identity: str) -> None:
        arrived.append(identity)
        ready.wait(30)
        processes[0].send_signal(signal.SIGKILL)

    with serving(mail_server(note)) as port:
        happen(cast, to_users=[cast.creator_user])
        processes.append(start(EMAIL_URL=f"smtp://127.0.0.1:{port}"))
        ready.set()
        assert processes[0].wait(60) == -signal.SIGKILL
    assert OutboxDelivery.objects.get().state == "pending"
    deliver_later()
    assert arrived == [mail.outbox[0].extra_headers["Message-ID"]]
    assert_delivered_after_two_attempts()
