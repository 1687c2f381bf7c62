from accounts.models.audit import AuditEntry
from accounts.models.comments import Comment
from accounts.models.facts import AccountMetric, AudienceSnapshot, Post, PostMetric, Provenance
from accounts.models.followers import FollowerSample, SampledFollower
from accounts.models.growth import GrowthEvent
from accounts.models.invitations import Invitation
from accounts.models.jobs import Job
from accounts.models.moderation import (
    Appeal,
    CaseEvent,
    CaseEvidence,
    CaseFinding,
    ModerationCase,
)
from accounts.models.people import Brand, Membership, User
from accounts.models.social import Creator, Platform, SocialAccount

__all__ = [
    "AccountMetric",
    "Appeal",
    "AudienceSnapshot",
    "AuditEntry",
    "Brand",
    "CaseEvent",
    "CaseEvidence",
    "CaseFinding",
    "Comment",
    "Creator",
    "FollowerSample",
    "GrowthEvent",
    "Invitation",
    "Job",
    "Membership",
    "ModerationCase",
    "Platform",
    "Post",
    "PostMetric",
    "Provenance",
    "SampledFollower",
    "SocialAccount",
    "User",
]
