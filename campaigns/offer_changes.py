"""What one offer changed against the one before, in words."""

from dataclasses import dataclass

from accounts.money import exact
from campaigns.offer_terms import DeliverableTerms, OfferTerms

_LABELS = {
    "revision_rounds": "Rounds of changes",
    "usage_rights_months": "Usage rights, months",
    "usage_rights": "Usage rights",
    "exclusivity_days": "Exclusivity, days",
    "disclosure": "Disclosure",
    "notes": "Notes",
    "currency": "Currency",
}
_PIECE_LABELS = {
    "kind": "kind",
    "platform": "platform",
    "description": "what is made",
    "price_minor": "price",
    "draft_due_on": "draft due",
    "publish_by": "publish by",
}


@dataclass(frozen=True)
class Change:
    """``before`` is empty for what was added, ``after`` for what was taken out."""

    label: str
    before: str
    after: str


def list_changes(before: OfferTerms, after: OfferTerms) -> list[Change]:
    """Piece by piece in their order, then the terms that hold for all. Pure."""
    changes: list[Change] = []
    for place in range(max(len(before.deliverables), len(after.deliverables))):
        old = before.deliverables[place] if place < len(before.deliverables) else None
        new = after.deliverables[place] if place < len(after.deliverables) else None
        changes += _of_piece(place + 1, old, before.currency, new, after.currency)
    if before.total_minor != after.total_minor or before.currency != after.currency:
        totals = [exact(terms.total_minor, terms.currency) for terms in (before, after)]
        changes.append(Change("Total", *totals))
    for attr, label in _LABELS.items():
        old_value, new_value = str(getattr(before, attr)), str(getattr(after, attr))
        if old_value != new_value:
            changes.append(Change(label, old_value, new_value))
    return changes


def _of_piece(
    number: int,
    old: DeliverableTerms | None,
    old_currency: str,
    new: DeliverableTerms | None,
    new_currency: str,
) -> list[Change]:
    if old is None or new is None:
        gone = _summary(old, old_currency) if old else ""
        come = _summary(new, new_currency) if new else ""
        return [Change(f"Piece {number}", gone, come)]
    found = []
    for attr, label in _PIECE_LABELS.items():
        if attr == "price_minor":
            pair = (exact(old.price_minor, old_currency), exact(new.price_minor, new_currency))
        elif attr in ("draft_due_on", "publish_by"):
            pair = (f"{getattr(old, attr):%d %b %Y}", f"{getattr(new, attr):%d %b %Y}")
        else:
            pair = (getattr(old, attr), getattr(new, attr))
        if pair[0] != pair[1]:
            found.append(Change(f"Piece {number}, {label}", *pair))
    return found


def _summary(piece: DeliverableTerms, currency: str) -> str:
    return f"{piece.kind} on {piece.platform}, {exact(piece.price_minor, currency)}"
