"""What stands still while cancelling is asked for or a dispute is open: time, and money."""

from datetime import datetime, timedelta

from django.db.models import F, Sum

from accounts.models import Creator
from campaigns.dispute_states import DISPUTE_LIVE
from campaigns.models import Collaboration, Contract, Deliverable, Dispute
from campaigns.states import DELIVERABLE_LIVE, DeliverableState, Side, State


def thaw(collaboration: Collaboration, *, now: datetime) -> timedelta:
    """Give pieces back the time that they stood still; call it on the return to active.

    Each keeps exactly what was left of its time when work stopped. The contract's dates, too,
    move by it (`Collaboration.stood_still`).
    """
    stopped_at = (
        collaboration.events.filter(from_state=State.ACTIVE)
        .exclude(to_state=State.ACTIVE)
        .order_by("-pk")
        .values_list("at", flat=True)[0]
    )
    still = now - stopped_at
    Deliverable.objects.filter(
        collaboration=collaboration, state__in=DELIVERABLE_LIVE, deadline_at__isnull=False
    ).update(deadline_at=F("deadline_at") + still)
    Collaboration.objects.filter(pk=collaboration.pk).update(stood_still=F("stood_still") + still)
    collaboration.stood_still += still
    return still


def frozen_minor(creator: Creator, currency: str) -> int:
    """Of what the creator is owed, the price of paid pieces that a brand disputes now.

    It is not paid out before the dispute ends. What was paid out before is not counted back, and
    a creator's own dispute freezes nothing of theirs. One query where nothing is in dispute.
    """
    return sum(
        Deliverable.objects.filter(
            collaboration=dispute.collaboration_id,
            position__in=dispute.positions,
            state=DeliverableState.SETTLED,
        ).aggregate(total=Sum("price_minor"))["total"]
        or 0
        for dispute in Dispute.objects.filter(
            collaboration__creator=creator,
            state__in=DISPUTE_LIVE,
            opened_side=Side.BRAND,
            collaboration__in=Contract.objects.filter(
                currency=currency, collaboration__creator=creator
            ).values("collaboration"),
        )
    )
