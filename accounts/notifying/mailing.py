"""One e-mail, over a connection that a run of deliveries shares."""

import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.mail import EmailMessage, get_connection

from accounts.models import OutboxEvent, User

MAIL_ERRORS = (smtplib.SMTPException, OSError)


@dataclass(frozen=True)
class Mail:
    """Ready to be sent, whoever gets it. Headers that name the message come from the sender."""

    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Composer(Protocol):
    """Puts events into words: `marketplace.mails.composing` does."""

    def compose(self, event: OutboxEvent, user: User) -> Mail | None:
        """None if there is nothing to say by now."""

    def compose_digest(self, events: list[OutboxEvent], user: User) -> Mail | None: ...

    def message_id(self, name: str) -> str:
        """``name`` made unique in the world, as a Message-ID without its brackets."""


@contextmanager
def mail_connection() -> Iterator[Any]:
    """Closed at the end whatever happens."""
    connection = get_connection()
    try:
        yield connection
    finally:
        reset(connection)


def reset(connection: Any) -> None:
    """Close it; the next mail opens it anew. After an error it may hold half a message."""
    with suppress(*MAIL_ERRORS):
        connection.close()


def send(mail: Mail, *, to: str, message_id: str, connection: Any) -> None:
    """:raises SMTPException, OSError: if the mail server is away or refuses."""
    message = EmailMessage(
        # A name in it may hold line breaks, which a header must not.
        subject=" ".join(mail.subject.split()),
        body=mail.body,
        to=[to],
        connection=connection,
        headers={
            **mail.headers,
            "Message-ID": f"<{message_id}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.send()
