from campaigns.models.briefs import Brief, Campaign
from campaigns.models.collaborations import Collaboration, CollaborationEvent
from campaigns.models.ledger import LedgerAccount, Operation, Posting
from campaigns.models.offers import BlindLimit, Offer

__all__ = [
    "BlindLimit",
    "Brief",
    "Campaign",
    "Collaboration",
    "CollaborationEvent",
    "LedgerAccount",
    "Offer",
    "Operation",
    "Posting",
]
