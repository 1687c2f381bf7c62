"""A creator is told of each step of their case that changes something for them."""

from collections.abc import Iterable

from accounts import outbox
from accounts.case_states import MAILED
from accounts.models import CaseEvent, NotificationCategory


def tell(events: Iterable[CaseEvent]) -> None:
    """Write steps into the outbox, in the transaction that took them. One insert.

    `marketplace.mails.cases` has the words. Nobody is told who has not claimed the profile.
    """
    outbox.write_all(
        outbox.draft(
            kind=f"case.{event.step}",
            category=NotificationCategory.MODERATION,
            subject=event.case,
            payload={
                "event": event.pk,
                "case": event.case_id,
                "creator": event.case.creator_id,
                "step": event.step,
                "state": event.after,
            },
            creator=event.case.creator,
            to_creator=True,
            # No actor: creators also get a receipt for what they did themselves.
            now=event.at,
        )
        for event in events
        if event.case.creator.is_claimed and event.step in MAILED
    )
