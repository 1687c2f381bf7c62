"""Who is told of what happens to a payment."""

from datetime import datetime

from accounts import outbox
from accounts.models import NotificationCategory, OutboxEvent, User
from campaigns.access import PAYERS
from campaigns.models import Payment


def tell(
    payment: Payment, *, verb: str, reason: str, actor: User | None, now: datetime
) -> OutboxEvent:
    """Write a payment's change of state into the outbox, in its transaction. One insert.

    `marketplace.mails.payments` says which of them are worth an e-mail.
    """
    return outbox.write(
        kind=f"{payment.kind}.{verb}",
        category=NotificationCategory.MONEY,
        subject=payment,
        payload={
            "payment": payment.pk,
            "kind": payment.kind,
            "state": payment.state,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "brand": payment.brand_id,
            "creator": payment.creator_id,
            "reason": reason,
        },
        brand=payment.brand,
        brand_roles=PAYERS,
        creator=payment.creator,
        to_creator=True,
        actor=actor,
        now=now,
    )
