from accounts.models.audit import AuditEntry
from accounts.models.facts import AccountMetric, AudienceSnapshot, Post, PostMetric, Provenance
from accounts.models.growth import GrowthEvent
from accounts.models.invitations import Invitation
from accounts.models.jobs import Job
from accounts.models.people import Brand, Membership, User
from accounts.models.social import Creator, Platform, SocialAccount

__all__ = [
    "AccountMetric",
    "AudienceSnapshot",
    "AuditEntry",
    "Brand",
    "Creator",
    "GrowthEvent",
    "Invitation",
    "Job",
    "Membership",
    "Platform",
    "Post",
    "PostMetric",
    "Provenance",
    "SocialAccount",
    "User",
]
