"""Telling people and programs what happened: written with the cause, delivered later.

A service calls `write` inside its own transaction. If that rolls back, nothing is told; once it
has committed, `accounts.notifying` delivers at least once, also after a crash or while the
broker or the mail server is away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts import queue
from accounts.models import Brand, Creator, NotificationCategory, OutboxEvent, User


@dataclass(frozen=True)
class Letter:
    """The words of an e-mail. ``page`` is the name of a page's URL, ``page_args`` its arguments;
    the mail ends with its full address. ``lines`` are paragraphs of plain text."""

    subject: str
    lines: Sequence[str]
    page: str = "home"
    page_args: Sequence[int | str] = field(default_factory=tuple)


def write(
    *,
    kind: str,
    category: NotificationCategory,
    subject: models.Model,
    now: datetime,
    payload: dict[str, Any] | None = None,
    actor: User | None = None,
    brand: Brand | None = None,
    brand_roles: Iterable[str] = (),
    creator: Creator | None = None,
    to_creator: bool = False,
    to_users: Iterable[User] = (),
    letter: Letter | None = None,
    key: str = "",
) -> OutboxEvent:
    """Note that something is to be told. One insert; one query more with a ``key``.

    Example, in a service and inside its transaction::

        outbox.write(
            kind="message.received",
            category=NotificationCategory.MESSAGES,
            subject=message,
            payload={"collaboration": 12, "message": 7},
            brand=brand,
            creator=creator,
            brand_roles=access.MANAGERS,  # or to_creator=True
            letter=Letter("Carla wrote to you", ["“Can we …”"], "collaboration_messages", [12]),
            actor=actor,
            now=now,
        )

    :param kind: what happened, as "area.happening" in small letters; webhooks are chosen by it.
    :param category: what people choose e-mail by. Disputes and moderation cannot be switched off.
    :param payload: JSON for webhooks: ids and facts that both ``brand`` and ``creator`` may read.
    :param brand: whom it concerns. All webhooks of ``brand`` and ``creator`` that want the kind
        get it; e-mail goes only to whom the next parameters name.
    :param brand_roles: members of ``brand`` in these roles get e-mail.
    :param to_creator: whether the user of ``creator`` gets e-mail.
    :param to_users: more people who get e-mail. ``actor`` never gets any.
    :param letter: the e-mail's words. Without one, `marketplace.mails` must know the kind, or
        there is no e-mail.
    :param key: at most one event is ever written under a key, for instance
        "reminder:collaboration:12:2026-03-01". The earlier event is returned.
    """
    event = draft(
        kind=kind,
        category=category,
        subject=subject,
        now=now,
        payload=payload,
        actor=actor,
        brand=brand,
        brand_roles=brand_roles,
        creator=creator,
        to_creator=to_creator,
        to_users=to_users,
        letter=letter,
        key=key,
    )
    write_all([event])
    return OutboxEvent.objects.get(key=key) if key else event


def draft(
    *,
    kind: str,
    category: NotificationCategory,
    subject: models.Model,
    now: datetime,
    payload: dict[str, Any] | None = None,
    actor: User | None = None,
    brand: Brand | None = None,
    brand_roles: Iterable[str] = (),
    creator: Creator | None = None,
    to_creator: bool = False,
    to_users: Iterable[User] = (),
    letter: Letter | None = None,
    key: str = "",
) -> OutboxEvent:
    """An event as `write` takes it, not written yet: `write_all` writes many at once."""
    return OutboxEvent(
        key=key or None,
        kind=kind,
        category=category,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        payload=payload or {},
        letter=_as_json(letter),
        actor=actor,
        brand=brand,
        brand_roles=list(brand_roles),
        creator=creator,
        to_creator=to_creator,
        to_users=[user.pk for user in to_users],
        created_at=now,
    )


def write_all(events: Iterable[OutboxEvent]) -> None:
    """Write drafts in one insert; those whose key was used before are left out."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is written with its cause.")
    if events := list(events):
        OutboxEvent.objects.bulk_create(events, ignore_conflicts=any(e.key for e in events))
        queue.deliver_outbox()


def _as_json(letter: Letter | None) -> dict[str, Any] | None:
    if letter is None:
        return None
    return {**asdict(letter), "lines": list(letter.lines), "page_args": list(letter.page_args)}
