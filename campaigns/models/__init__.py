from campaigns.models.briefs import Brief, Campaign
from campaigns.models.collaborations import Collaboration, CollaborationEvent
from campaigns.models.contracts import Contract, Signature
from campaigns.models.deliverables import Deliverable, Draft
from campaigns.models.ledger import LedgerAccount, Operation, Posting
from campaigns.models.offers import BlindLimit, Offer

__all__ = [
    "BlindLimit",
    "Brief",
    "Campaign",
    "Collaboration",
    "CollaborationEvent",
    "Contract",
    "Deliverable",
    "Draft",
    "LedgerAccount",
    "Offer",
    "Operation",
    "Posting",
    "Signature",
]
