"""Who may take part in a campaign."""

from accounts.errors import Conflict
from accounts.models import Creator


class CreatorNotHireable(Conflict):
    code = "creator_not_hireable"
    message = "This profile is suspended or closed, so it takes part in no new campaign."


def ensure_hireable(creator: Creator) -> None:
    """Guard of invitations and applications; call it with the creator's row locked.

    :raises CreatorNotHireable: if the profile is suspended or closed.
    """
    if not creator.can_be_hired:
        raise CreatorNotHireable
