"""Sending a message, and noting how far somebody has read."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import audit, outbox
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import NotificationCategory, User
from campaigns.access import MANAGERS
from campaigns.message_warnings import find_warnings
from campaigns.models import Attachment, Collaboration, Message, ReadMark
from campaigns.moving import OTHER_SIDE, lock
from campaigns.states import BEFORE_AGREEMENT, FINAL, Side, State

TEXT_CHARACTERS = 4_000
ATTACHMENTS_PER_MESSAGE = 5
# The last words after the end: thanks, a missing file, a question about the payout.
OPEN_AFTER_THE_END = timedelta(days=30)
MAIL_WAITS = timedelta(minutes=5)
MAIL_PAUSES = timedelta(hours=1)
# Nobody writes this fast; a program that does would fill the other side's page and mailbox.
BURST, BURST_TIME = 60, timedelta(minutes=10)
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_NOT_YET_SIGNED = (*BEFORE_AGREEMENT, State.AGREED)


class MessageEmpty(DomainError):
    code = "message_empty"
    message = "Write something or attach a file."


class MessageTooLong(DomainError):
    code = "message_too_long"
    message = f"A message has at most {TEXT_CHARACTERS:,} characters; send it in two."


class TooManyAttachments(DomainError):
    code = "too_many_attachments"
    message = f"A message carries at most {ATTACHMENTS_PER_MESSAGE} files."


class AttachmentUnusable(DomainError):
    code = "attachment_unusable"
    message = (
        "One of the files is not there, was sent with another message, or is older than a day. "
        "Attach it again."
    )


class ClientKeyInvalid(DomainError):
    code = "client_key_invalid"
    message = "The key of a message is 1 to 64 letters, digits or the signs _ . : -"


class ClientKeyUsed(Conflict):
    code = "client_key_used"
    message = "Another message was already sent under this key."


class ThreadClosed(Conflict):
    code = "thread_closed"
    message = "This collaboration ended more than 30 days ago. What was written can still be read."


class TooFast(Conflict):
    code = "too_many_messages"
    message = "That is a lot of messages in a few minutes. Wait a moment."


@transaction.atomic
def send_message(
    *,
    collaboration: Collaboration,
    side: Side,
    actor: User,
    text: str,
    client_key: str,
    now: datetime,
    attachment_ids: Iterable[int] = (),
) -> Message:
    """Write a message into the thread; sent again under the same key, the first is returned.

    Warnings about its words are stored with it and never hold it back. The other side is told
    by e-mail once it has not read it for some minutes (`message_mail`).

    :param attachment_ids: of files the actor uploaded for this collaboration and has not used.
    :raises MessageEmpty, MessageTooLong, TooManyAttachments, ClientKeyInvalid: as they say.
    :raises AttachmentUnusable: if a file is not the actor's to send here, or no longer.
    :raises ClientKeyUsed: if the key belongs to a message with other words or files.
    :raises ThreadClosed: if the collaboration ended too long ago.
    """
    if side not in OTHER_SIDE:
        raise Forbidden("Only the two sides write here.")
    text, ids = clean_text(text), list(dict.fromkeys(attachment_ids))
    if not _KEY.fullmatch(client_key):
        raise ClientKeyInvalid(details={"field": "client_key"})
    if len(ids) > ATTACHMENTS_PER_MESSAGE:
        raise TooManyAttachments(details={"field": "attachments"})
    if not text and not ids:
        raise MessageEmpty(details={"field": "text"})
    locked = lock(collaboration)
    if earlier := _sent_before(locked, actor, client_key):
        if earlier.text != text or [one.pk for one in earlier.attachments.all()] != sorted(ids):
            raise ClientKeyUsed(details={"field": "client_key"})
        return earlier
    ensure_open(locked, now=now)
    _ensure_slow_enough(locked, actor, now)
    files = _usable(locked, actor, ids)
    warnings = find_warnings(
        text,
        contract_signed=State(locked.state) not in _NOT_YET_SIGNED,
        own_hosts=frozenset(settings.ALLOWED_HOSTS),
    )
    message = Message.objects.create(
        collaboration=locked,
        side=side,
        author=actor,
        text=text,
        warnings=[warning.as_json() for warning in warnings],
        client_key=client_key,
        sent_at=now,
    )
    if files:
        Attachment.objects.filter(pk__in=[file.pk for file in files]).update(message=message)
    _plan_mail(locked, side, now)
    _tell(message, locked, actor, now, kinds=[warning.kind for warning in warnings])
    return message


def clean_text(text: str) -> str:
    """:raises MessageTooLong, MessageEmpty: if it cannot be stored as it is."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > TEXT_CHARACTERS:
        raise MessageTooLong(details={"field": "text"})
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise MessageEmpty(
            "The text holds signs that nobody can read; type it again.", details={"field": "text"}
        )
    return text


def is_open(collaboration: Collaboration, *, now: datetime) -> bool:
    """Whether the two sides may still write. One query after the end, none before."""
    state = State(collaboration.state)
    if state not in FINAL:
        return True
    # What is recorded later carries the state, too: the first line with it is the end.
    ended = collaboration.events.filter(to_state=state).order_by("pk").values_list("at", flat=True)
    at = ended.first() or collaboration.updated_at
    return now <= at + OPEN_AFTER_THE_END


def ensure_open(collaboration: Collaboration, *, now: datetime) -> None:
    """:raises ThreadClosed: if the collaboration ended more than 30 days ago."""
    if not is_open(collaboration, now=now):
        raise ThreadClosed


def mark_read(
    *, collaboration: Collaboration, user: User, now: datetime, up_to: int | None = None
) -> None:
    """Note that ``user`` has read everything, or all up to the message ``up_to``.

    Never goes back. Cheap where nothing is new: three short queries and no lock.
    """
    messages = Message.objects.filter(collaboration=collaboration)
    if up_to is not None:
        messages = messages.filter(pk__lte=up_to)
    newest = messages.order_by("-pk").values_list("pk", flat=True).first()
    mark = ReadMark.objects.filter(collaboration=collaboration, user=user).first()
    if newest is None or (mark and mark.last_read_id and mark.last_read_id >= newest):
        return
    with transaction.atomic():
        # With sending kept out, the mail of a message that comes right now is not called off.
        lock(collaboration)
        mark, _ = ReadMark.objects.select_for_update().get_or_create(
            collaboration=collaboration, user=user
        )
        mark.last_read_id, mark.read_at = max(newest, mark.last_read_id or 0), now
        later = Message.objects.filter(collaboration=collaboration, pk__gt=mark.last_read_id)
        if not later.exclude(author=user).exists():
            mark.mail_due_at = None
        mark.save(update_fields=["last_read", "read_at", "mail_due_at"])


def readers_of(collaboration: Collaboration, side: Side) -> list[User]:
    """Who answers messages for a side: the creator, or the brand's owners and managers."""
    if side is Side.CREATOR:
        return [user] if (user := collaboration.creator.user) else []
    brand = collaboration.campaign.brand
    return list(
        User.objects.filter(
            is_active=True, memberships__brand=brand, memberships__role__in=MANAGERS
        ).order_by("pk")
    )


def _sent_before(collaboration: Collaboration, actor: User, client_key: str) -> Message | None:
    found = Message.objects.filter(collaboration=collaboration, author=actor, client_key=client_key)
    return found.prefetch_related("attachments").first()


def _ensure_slow_enough(collaboration: Collaboration, actor: User, now: datetime) -> None:
    recent = Message.objects.filter(collaboration=collaboration, author=actor).order_by("-pk")
    times = recent.values_list("sent_at", flat=True)[BURST - 1 : BURST]
    if any(at > now - BURST_TIME for at in times):
        raise TooFast


def _usable(collaboration: Collaboration, actor: User, ids: Sequence[int]) -> list[Attachment]:
    found = list(
        Attachment.objects.select_for_update().filter(
            pk__in=ids, collaboration=collaboration, uploader=actor, message=None
        )
    )
    if len(found) != len(ids):
        raise AttachmentUnusable(details={"field": "attachments"})
    return found


def _plan_mail(collaboration: Collaboration, side: Side, now: datetime) -> None:
    """Have the other side told some minutes from now, at most once an hour."""
    readers = readers_of(collaboration, OTHER_SIDE[side])
    marks = {
        mark.user_id: mark
        for mark in ReadMark.objects.select_for_update().filter(
            collaboration=collaboration, user__in=readers
        )
    }
    planned = []
    for user in readers:
        mark = marks.get(user.pk) or ReadMark(collaboration=collaboration, user=user)
        if mark.mail_due_at is None:
            mark.mail_due_at = now + MAIL_WAITS
            if mark.mailed_at is not None:
                mark.mail_due_at = max(mark.mail_due_at, mark.mailed_at + MAIL_PAUSES)
            planned.append(mark)
    ReadMark.objects.bulk_create(
        planned,
        update_conflicts=True,
        unique_fields=["collaboration", "user"],
        update_fields=["mail_due_at"],
    )


def _tell(
    message: Message, collaboration: Collaboration, actor: User, now: datetime, *, kinds: list[str]
) -> None:
    audit.record(
        actor=actor,
        verb="message.sent",
        subject=collaboration,
        data={"message": message.pk, "warnings": kinds},
    )
    outbox.write(
        kind="message.received",
        category=NotificationCategory.MESSAGES,
        subject=message,
        now=now,
        actor=actor,
        brand=collaboration.campaign.brand,
        creator=collaboration.creator,
        payload={
            "collaboration": collaboration.pk,
            "message": message.pk,
            "side": message.side,
        },
    )
