"""Who reads which messages: threads, unread counts, single attachments."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch, QuerySet

from accounts.errors import Forbidden, NotFound
from accounts.models import User
from campaigns.access import Seat, seat_for
from campaigns.models import Attachment, Message, MessageReport
from campaigns.states import Side, State

PAGE = 30
# A badge says "99+"; counting on would make one long thread slow down a whole list.
MOST_COUNTED = 100
# One short walk along the index for each collaboration, from where the user stopped reading.
UNREAD = f"""
SELECT asked.id, newer.total
FROM unnest(%s::bigint[]) AS asked (id)
LEFT JOIN campaigns_readmark AS mark
    ON mark.collaboration_id = asked.id AND mark.user_id = %s
CROSS JOIN LATERAL (
    SELECT count(*) AS total FROM (
        SELECT 1 FROM campaigns_message AS message
        WHERE message.collaboration_id = asked.id
          AND message.id > coalesce(mark.last_read_id, 0)
          AND message.author_id IS DISTINCT FROM %s
        LIMIT {MOST_COUNTED}
    ) AS counted
) AS newer
WHERE newer.total > 0
"""  # noqa: S608 (a constant of this module)


@dataclass(frozen=True)
class Thread:
    """A stretch of a thread, oldest first; ``earlier`` is the cursor to what came before it."""

    messages: list[Message]
    earlier: int | None

    @property
    def newest(self) -> int:
        return self.messages[-1].pk if self.messages else 0


def unread_of(user: User, collaboration_ids: Iterable[int]) -> dict[int, int]:
    """How many messages of others the user has not read, at most 100 each. One query.

    Every id asked for is in the answer. It is for the caller to ask only for collaborations
    that the user takes part in.
    """
    ids = list(collaboration_ids)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, [ids, user.pk, user.pk])
        return dict.fromkeys(ids, 0) | dict(cursor.fetchall())


def messages_visible_to(seat: Seat) -> QuerySet[Message]:
    """What may be read from a seat.

    The two sides read all of it. Moderators read a thread while its collaboration is in
    dispute, and otherwise only the messages that somebody reported.

    :raises Forbidden: if a moderator has no cause to read any of it.
    """
    messages = Message.objects.filter(collaboration=seat.collaboration)
    if seat.side is not Side.MODERATOR or seat.collaboration.state == State.DISPUTED:
        return messages
    reported = messages.filter(reports__isnull=False).distinct()
    if not reported.exists():
        raise Forbidden(
            "Moderators read messages of a collaboration in dispute, and reported messages. "
            "This is neither."
        )
    return reported


def threads(messages: QuerySet[Message], *, reader: User) -> QuerySet[Message]:
    """With author, files and the reader's own reports. Three queries, whatever the length."""
    mine = MessageReport.objects.filter(reporter=reader)
    return messages.select_related("author").prefetch_related(
        "attachments", Prefetch("reports", queryset=mine, to_attr="reports_of_reader")
    )


def get_thread(seat: Seat, *, before: int | None = None, limit: int = PAGE) -> Thread:
    """The newest messages, or those before one. At most four queries.

    :raises Forbidden: as `messages_visible_to`.
    """
    messages = threads(messages_visible_to(seat), reader=seat.user).order_by("-pk")
    if before is not None:
        messages = messages.filter(pk__lt=before)
    rows = list(messages[: limit + 1])
    page = rows[:limit][::-1]
    return Thread(page, page[0].pk if len(rows) > limit else None)


def message_for(user: User, message_id: int) -> tuple[Seat, Message]:
    """A message and the user's seat at its collaboration.

    :raises NotFound: if there is none the user may read.
    """
    found = Message.objects.filter(pk=message_id).select_related("collaboration").first()
    if found is None:
        raise NotFound("There is no such message, or you may not read it.")
    seat = seat_for(user, found.collaboration_id)
    if not _may_read(seat, found.pk):
        raise NotFound("There is no such message, or you may not read it.")
    return seat, found


def attachment_for(user: User, attachment_id: int) -> Attachment:
    """A file that was sent where the user reads, or that they uploaded and have not sent.

    :raises NotFound: otherwise, and if it is gone.
    """
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("There is no such file, or it was removed because it was never sent.")
    seat = seat_for(user, found.collaboration_id)
    if found.message_id is None:
        if found.uploader_id != user.pk:
            raise NotFound("There is no such file, or it was removed because it was never sent.")
    elif not _may_read(seat, found.message_id):
        raise NotFound("There is no such file, or you may not read it.")
    return found


def _may_read(seat: Seat, message_id: int) -> bool:
    try:
        return messages_visible_to(seat).filter(pk=message_id).exists()
    except Forbidden:
        return False
