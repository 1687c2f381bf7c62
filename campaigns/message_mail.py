"""Telling people by e-mail of messages they have not read.

Not at once: who has the page open reads them there. Five minutes after the first unread message
one mail tells of all of them, and the next of that thread comes an hour later at the earliest.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import outbox
from accounts.models import NotificationCategory, User
from accounts.outbox import Letter
from campaigns.message_reading import MOST_COUNTED, unread_of
from campaigns.messaging import readers_of
from campaigns.models import Collaboration, Message, ReadMark
from campaigns.states import Side

CHUNK = 200
EXCERPT = 200


def tell_unread(*, now: datetime) -> int:
    """Write the e-mails that are due into the outbox; how many. Each is written once."""
    due = ReadMark.objects.filter(mail_due_at__lte=now).order_by("mail_due_at", "pk")
    return sum(_tell(due.filter(pk=pk), now) for pk in due.values_list("pk", flat=True)[:CHUNK])


@transaction.atomic
def _tell(one: QuerySet[ReadMark], now: datetime) -> bool:
    # Of two workers at once the second passes over it.
    mark = one.select_for_update(skip_locked=True).first()
    if mark is None:
        return False
    mark.mail_due_at = None
    user = mark.user
    collaboration = Collaboration.objects.select_related("campaign__brand", "creator__user").get(
        pk=mark.collaboration_id
    )
    unread = unread_of(user, [collaboration.pk])[collaboration.pk]
    is_told = bool(unread) and _still_reads(user, collaboration)
    if is_told:
        mark.mailed_at = now
        newest = _unread_messages(mark)
        outbox.write(
            kind="message.unread",
            category=NotificationCategory.MESSAGES,
            subject=newest,
            now=now,
            to_users=[user],
            letter=_letter(collaboration, newest, unread),
            # A second mail about the same last message would tell nothing new.
            key=f"message.unread:{collaboration.pk}:{user.pk}:{newest.pk}",
        )
    mark.save(update_fields=["mail_due_at", "mailed_at"])
    return is_told


def _unread_messages(mark: ReadMark) -> Message:
    theirs = Message.objects.filter(
        collaboration=mark.collaboration_id, pk__gt=mark.last_read_id or 0
    ).exclude(author=mark.user_id)
    return theirs.select_related("author").latest("pk")


def _still_reads(user: User, collaboration: Collaboration) -> bool:
    return any(user in readers_of(collaboration, side) for side in (Side.BRAND, Side.CREATOR))


def _letter(collaboration: Collaboration, message: Message, unread: int) -> Letter:
    """Names the sender and quotes the last words, unless there is a warning about them."""
    side = collaboration.campaign.brand if message.side == Side.BRAND else collaboration.creator
    many = f"{unread} new messages" if unread > 1 else "a new message"
    if unread >= MOST_COUNTED:
        many = "many new messages"
    lines = [f"You have {many} from {side} about “{collaboration.campaign}”."]
    if message.warnings:
        lines.append(
            "Fairground found something in the last one that you should be careful with. It is "
            "explained beside the message, so it is not repeated here."
        )
    elif message.text:
        cut = message.text[:EXCERPT].rsplit(" ", 1)[0] + " …"
        lines.append(f"“{message.text if len(message.text) <= EXCERPT else cut}”")
    else:
        lines.append("It has files and no words.")
    return Letter(
        subject=f"{side} wrote to you",
        lines=lines,
        page="collaboration_messages",
        page_args=[collaboration.pk],
    )
