from accounts.models.audit import AuditEntry
from accounts.models.comments import Comment
from accounts.models.facts import AccountMetric, AudienceSnapshot, Post, PostMetric, Provenance
from accounts.models.followers import FollowerSample, SampledFollower
from accounts.models.growth import GrowthEvent
from accounts.models.idempotency import KeptAnswer
from accounts.models.invitations import Invitation
from accounts.models.jobs import Job
from accounts.models.moderation import (
    Appeal,
    CaseEvent,
    CaseEvidence,
    CaseFinding,
    ModerationCase,
)
from accounts.models.outbox import (
    NotificationCategory,
    NotificationPreference,
    OutboxDelivery,
    OutboxEvent,
)
from accounts.models.people import Brand, Membership, User
from accounts.models.social import Creator, Platform, SocialAccount
from accounts.models.webhooks import WebhookEndpoint

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
    "KeptAnswer",
    "Membership",
    "ModerationCase",
    "NotificationCategory",
    "NotificationPreference",
    "OutboxDelivery",
    "OutboxEvent",
    "Platform",
    "Post",
    "PostMetric",
    "Provenance",
    "SampledFollower",
    "SocialAccount",
    "User",
    "WebhookEndpoint",
]
