from campaigns.models.attachments import Attachment
from campaigns.models.books_checks import BooksCheck
from campaigns.models.briefs import Brief, Campaign
from campaigns.models.collaborations import Collaboration, CollaborationEvent
from campaigns.models.contracts import Contract, Signature
from campaigns.models.deliverables import Deliverable, Draft
from campaigns.models.disputes import DecisionProposal, Dispute, DisputeStatement
from campaigns.models.ledger import LedgerAccount, Operation, Posting
from campaigns.models.messages import Message, MessageReport, ReadMark
from campaigns.models.offers import BlindLimit, Offer
from campaigns.models.outcomes import CampaignPlan, Outcome
from campaigns.models.payments import FakeTransfer, Payment, PaymentAttempt, ProviderEvent
from campaigns.models.report_formulas import ReportFormula
from campaigns.models.results import CollectionPoint, Observation, Publication
from campaigns.models.reviews import Review
from campaigns.models.shortlists import Shortlist, ShortlistEntry, ShortlistNote, ShortlistVote
from campaigns.models.submissions import CampaignSubmission
from campaigns.models.templates import BriefTemplate
from campaigns.models.track_records import TrackRecord

__all__ = [
    "Attachment",
    "BlindLimit",
    "BooksCheck",
    "Brief",
    "BriefTemplate",
    "Campaign",
    "CampaignPlan",
    "CampaignSubmission",
    "Collaboration",
    "CollaborationEvent",
    "CollectionPoint",
    "Contract",
    "DecisionProposal",
    "Deliverable",
    "Dispute",
    "DisputeStatement",
    "Draft",
    "FakeTransfer",
    "LedgerAccount",
    "Message",
    "MessageReport",
    "Observation",
    "Offer",
    "Operation",
    "Outcome",
    "Payment",
    "PaymentAttempt",
    "Posting",
    "ProviderEvent",
    "Publication",
    "ReadMark",
    "ReportFormula",
    "Review",
    "Shortlist",
    "ShortlistEntry",
    "ShortlistNote",
    "ShortlistVote",
    "Signature",
    "TrackRecord",
]
