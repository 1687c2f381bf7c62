"""What brands and creators are written about money that came, went or came back."""

from typing import Final

from accounts.models import OutboxEvent, User
from accounts.money import exact
from accounts.outbox import Letter
from campaigns.models import Payment

HAPPENED: Final[dict[str, str]] = {
    "deposit.received": "{amount} arrived in your wallet",
    "deposit.failed": "Your deposit of {amount} failed",
    "deposit.returned": "Your deposit of {amount} was taken back by the bank",
    "withdrawal.paid": "Your withdrawal of {amount} is paid",
    "withdrawal.failed": "Your withdrawal of {amount} failed; the money is in your wallet again",
    "withdrawal.returned": "Your withdrawal of {amount} came back; it is in your wallet again",
    "payout.paid": "Your payout of {amount} is paid",
    "payout.failed": "Your payout of {amount} failed; the money is still owed to you",
    "payout.returned": "Your payout of {amount} came back; the money is owed to you again",
    "payout.held": "Your payout of {amount} is held for review",
    "payout.released": "Your payout of {amount} was reviewed and goes out",
    "payout.refused": "Your payout of {amount} was refused; the money is still owed to you",
    "payout.retried": "Your payout of {amount} is tried again",
}
"""All other kinds, such as one that was just asked for, are webhooks' alone."""


def letter_of(event: OutboxEvent, user: User) -> Letter | None:
    payment = Payment.objects.filter(pk=event.payload.get("payment")).first()
    if payment is None or event.kind not in HAPPENED:
        return None
    amount = exact(payment.amount_minor, payment.currency)
    headline = HAPPENED[event.kind].format(amount=amount)
    lines = [f"{headline}."]
    if payment.brand is not None:
        lines += [f"Brand: {payment.brand}"]
    if reason := str(event.payload.get("reason") or ""):
        lines += [f"What was said about it: {reason[:2_000]}"]
    lines += [f"{payment} · asked for on {payment.created_at:%d %b %Y}"]
    if payment.brand_id is not None:
        return Letter(headline, lines, "brand_money", [payment.brand_id])
    return Letter(headline, lines, "creator_money", [payment.creator_id or 0])
