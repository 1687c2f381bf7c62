"""What can happen to a dispute, and how long each side has.

The collaboration stands still meanwhile (`states.State.DISPUTED`); this is about the dispute
itself, of which a collaboration may have several, one after the other.
"""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices

OPEN_AFTER_COMPLETION: Final = timedelta(days=7)
"""How long after completion a dispute can be opened."""
EVIDENCE_WINDOW: Final = timedelta(hours=72)
"""How long both sides can answer and add evidence after it was opened."""


class DisputeState(TextChoices):
    OPEN = "open", "Waits for a decision"
    PROPOSED = "proposed", "A decision waits to be confirmed"
    RESUMED = "resumed", "Decided: it goes on"
    SETTLED = "settled", "Decided: the money is divided"
    WITHDRAWN = "withdrawn", "Withdrawn"


_D = DisputeState
DISPUTE_LIVE: Final = (_D.OPEN, _D.PROPOSED)
DISPUTE_ALLOWED: Final = (
    (_D.OPEN, _D.PROPOSED),
    (_D.OPEN, _D.WITHDRAWN),
    (_D.PROPOSED, _D.OPEN),
    (_D.PROPOSED, _D.RESUMED),
    (_D.PROPOSED, _D.SETTLED),
    (_D.PROPOSED, _D.WITHDRAWN),
)


class DisputeCategory(TextChoices):
    NOT_DELIVERED = "not_delivered", "Not delivered, or late"
    NOT_AS_AGREED = "not_as_agreed", "Not what was agreed"
    DISCLOSURE = "disclosure", "Advertising not disclosed"
    TAKEN_DOWN = "taken_down", "Taken down or changed after publication"
    CHANGED_DEMANDS = "changed_demands", "Asks for more than was agreed"
    USAGE = "usage", "Used beyond the agreed rights"
    PAYMENT = "payment", "Payment"
    CONDUCT = "conduct", "Conduct"
    OTHER = "other", "Something else"


class DecisionKind(TextChoices):
    RESUME = "resume", "It goes on as agreed; no money moves"
    SETTLE = "settle", "It ends here, and the money is divided"


class ProposalOutcome(TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    SENT_BACK = "sent_back", "Sent back"
    DROPPED = "dropped", "Dropped, since the dispute was withdrawn"


class StatementKind(TextChoices):
    ANSWER = "answer", "Answer"
    EVIDENCE = "evidence", "Evidence"
