"""Whether somebody can be worked with at all."""

from accounts.errors import Conflict
from accounts.models import Creator


class CreatorUnavailable(Conflict):
    code = "creator_unavailable"


def check_creator(creator: Creator) -> None:
    """:raises CreatorUnavailable: if the creator is suspended or closed."""
    if creator.status in (Creator.Status.SUSPENDED, Creator.Status.CLOSED):
        raise CreatorUnavailable(
            f"{creator}’s profile is {creator.get_status_display().lower()}; nothing new can be "
            "agreed with them."
        )
