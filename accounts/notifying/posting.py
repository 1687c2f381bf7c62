"""One webhook: signed, to a public address only, and with an end in sight.

The form is standardwebhooks.com's: headers ``webhook-id`` (the event's id, the same at every
attempt), ``webhook-timestamp`` and ``webhook-signature``.
"""

import ipaddress
import json
import socket
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from standardwebhooks import Webhook

from accounts.errors import DomainError
from accounts.models import OutboxEvent, WebhookEndpoint

CONNECT_SECONDS = 3.05
READ_SECONDS = 8
KEPT_CHARACTERS = 500
GONE = 410
URL_CHARACTERS = 500


class AddressRefused(DomainError):
    code = "address_refused"


@dataclass(frozen=True)
class Answer:
    """What came back; ``error`` is empty if the receiver took it."""

    status_code: int | None
    error: str

    @property
    def is_taken(self) -> bool:
        return not self.error


def body_of(event: OutboxEvent) -> str:
    """The same text at every attempt: it is what is signed."""
    return json.dumps(
        {"type": event.kind, "timestamp": event.created_at.isoformat(), "data": event.payload},
        ensure_ascii=False,
        sort_keys=True,
    )


def headers_of(event: OutboxEvent, *, secret: str, body: str, now: datetime) -> dict[str, str]:
    identity = str(event.pk)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, now, body),
    }


def post(event: OutboxEvent, endpoint: WebhookEndpoint, *, now: datetime) -> Answer:
    """Send it once. Never raises for what the receiver or the network does."""
    body = body_of(event)
    manager = Manager(
        Config(
            # Of a name's addresses the one that was checked is the one that is called.
            ip_filter_enable=not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            user_agent_override="Fairground-Webhooks/1",
        )
    )
    try:
        check_url(endpoint.url)
        with manager.get_session() as session:
            session.trust_env = False  # neither proxies nor passwords of this machine
            with session.post(
                endpoint.url,
                data=body.encode(),
                headers=headers_of(event, secret=endpoint.secret, body=body, now=now),
                stream=True,
            ) as response:
                return _answer(response)
    except DomainError as error:
        return Answer(None, error.message)
    except requests.RequestException as error:
        return Answer(None, _reason(error))


def check_url(url: str) -> None:
    """Whether events may be sent there, by its form; its name is looked up when they are.

    :raises AddressRefused: if it is not https, or names an address no stranger can reach.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused("This is no address.") from error
    if len(url) > URL_CHARACTERS or not url.isprintable() or any(map(str.isspace, url)):
        raise AddressRefused(f"Give an address of at most {URL_CHARACTERS} characters.")
    if parts.username is not None or parts.fragment or not host:
        raise AddressRefused("Give a whole address, without a user name, a password or a “#”.")
    if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise AddressRefused("The address must begin with https://.")
    if _is_private(host):
        raise AddressRefused("The address must be one that anybody on the internet can reach.")


def _is_private(host: str) -> bool:
    host = host.rstrip(".")
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        pass
    try:
        # The short and the hexadecimal spellings of old, such as 127.1, are connected to as well.
        return not ipaddress.ip_address(socket.inet_aton(host)).is_global
    except OSError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _answer(response: requests.Response) -> Answer:
    code = response.status_code
    if 200 <= code < 300:
        return Answer(code, "")
    if 300 <= code < 400:
        return Answer(code, f"It answered {code}; redirects are not followed.")
    # One read: whoever sends without end is not waited for.
    said = response.raw.read1(KEPT_CHARACTERS * 4, decode_content=True) or b""
    text = " ".join(said.decode("utf-8", errors="replace").replace("\0", "").split())
    return Answer(code, f"It answered {code}: {text[:KEPT_CHARACTERS]}".rstrip(": "))


def _reason(error: requests.RequestException) -> str:
    """In words; the library's own hold addresses of memory and of the inside."""
    if isinstance(error, requests.exceptions.SSLError):
        return "Its certificate is not valid."
    if isinstance(error, requests.Timeout):
        return f"It did not answer within {READ_SECONDS} seconds."
    if isinstance(error, InvalidIPAddress):
        return "Its name leads to an address that is not public."
    if isinstance(error, requests.ConnectionError):
        return "It could not be reached."
    return "It gave no answer that could be read."
