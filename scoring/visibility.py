"""Who is shown: a creator's status and the search rows that follow from it."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Creator, User
from scoring import entries


@transaction.atomic
def set_creator_status(
    *, creator: Creator, status: str, actor: User | None, now: datetime
) -> Creator:
    """Change a creator's status; search stops or starts showing them in the same moment.

    Flags, suspensions and reinstatements come here from the decisions of
    `scoring.moderation`, which have reasons. An unchanged status does nothing.

    :raises ValueError: if there is no such status.
    """
    wanted = Creator.Status(status)
    locked = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    before = locked.status
    if before == wanted:
        return locked
    locked.status = wanted
    locked.save(update_fields=["status"])
    entries.sync_entries(account_ids=list(locked.accounts.values_list("pk", flat=True)))
    audit.record(
        actor=actor,
        verb="creator.status_changed",
        subject=locked,
        data={"from": before, "to": wanted.value, "at": now.isoformat()},
    )
    return locked
