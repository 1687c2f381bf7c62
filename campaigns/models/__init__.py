from campaigns.models.briefs import Brief, Campaign
from campaigns.models.collaborations import Collaboration, CollaborationEvent
from campaigns.models.ledger import LedgerAccount, Operation, Posting

__all__ = [
    "Brief",
    "Campaign",
    "Collaboration",
    "CollaborationEvent",
    "LedgerAccount",
    "Operation",
    "Posting",
]
