from campaigns.models.books_checks import BooksCheck
from campaigns.models.briefs import Brief, Campaign
from campaigns.models.collaborations import Collaboration, CollaborationEvent
from campaigns.models.contracts import Contract, Signature
from campaigns.models.deliverables import Deliverable, Draft
from campaigns.models.ledger import LedgerAccount, Operation, Posting
from campaigns.models.offers import BlindLimit, Offer
from campaigns.models.payments import FakeTransfer, Payment, PaymentAttempt, ProviderEvent

__all__ = [
    "BlindLimit",
    "BooksCheck",
    "Brief",
    "Campaign",
    "Collaboration",
    "CollaborationEvent",
    "Contract",
    "Deliverable",
    "Draft",
    "FakeTransfer",
    "LedgerAccount",
    "Offer",
    "Operation",
    "Payment",
    "PaymentAttempt",
    "Posting",
    "ProviderEvent",
    "Signature",
]
