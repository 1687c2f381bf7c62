"""What two sides cannot agree on: who says what, and what was decided."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.dispute_states import (
    DISPUTE_ALLOWED,
    DISPUTE_LIVE,
    DecisionKind,
    DisputeCategory,
    DisputeState,
    ProposalOutcome,
    StatementKind,
)
from campaigns.models.collaborations import Collaboration
from campaigns.states import Side, State

SIDES = [Side.BRAND.value, Side.CREATOR.value]


class Dispute(models.Model):
    """``positions`` are the pieces it is about; ``from_state`` is what the collaboration was in.

    ``left_of_deadline`` is what was left of that state's deadline, to be given back if the
    collaboration returns to it.
    """

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="disputes"
    )
    from_state = models.CharField(max_length=16, choices=State)
    left_of_deadline = models.DurationField(null=True, blank=True)
    opened_side = models.CharField(max_length=10, choices=Side)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    category = models.CharField(max_length=20, choices=DisputeCategory)
    text = models.TextField()
    links = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    positions = ArrayField(models.PositiveSmallIntegerField())
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    evidence_until = models.DateTimeField()
    decide_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("decide_dispute", "Can propose decisions of disputes"),
            ("confirm_dispute", "Can confirm decisions of disputes, as the finance desk"),
        ]
        indexes = [
            models.Index(
                fields=["decide_by"],
                name="dispute_queue",
                condition=Q(state__in=[state.value for state in DISPUTE_LIVE]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration"],
                name="one_live_dispute",
                condition=Q(state__in=[state.value for state in DISPUTE_LIVE]),
            ),
            models.CheckConstraint(
                condition=Q(opened_side__in=SIDES), name="dispute_is_opened_by_a_side"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DISPUTE_LIVE], ended_at=None)
                | (
                    ~Q(state__in=[state.value for state in DISPUTE_LIVE])
                    & Q(ended_at__isnull=False)
                ),
                name="dispute_ends_once",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_dispute_transition",
                field="state",
                transitions=[(before.value, after.value) for before, after in DISPUTE_ALLOWED],
            ),
            pgtrigger.ReadOnly(
                name="dispute_claim_fixed", exclude=["opened_by", "state", "ended_at"]
            ),
            pgtrigger.Protect(name="dispute_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Dispute {self.pk} of {self.collaboration}"

    @property
    def is_live(self) -> bool:
        return self.state in DISPUTE_LIVE

    @property
    def is_about_completed_work(self) -> bool:
        return self.from_state == State.COMPLETED


class DisputeStatement(models.Model):
    """Words and links of one side, which both read; never changed."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10, choices=StatementKind)
    side = models.CharField(max_length=10, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField()
    links = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                name="one_answer_per_dispute",
                condition=Q(kind=StatementKind.ANSWER.value),
            ),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="statement_is_of_a_side"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="statement_read_only", exclude=["author"]),
            pgtrigger.Protect(name="statement_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.get_side_display().lower()}"


class DecisionProposal(models.Model):
    """What one person of the desk proposes; it takes effect when a second one confirms it.

    The three parts, in minor units of the contract's currency, divide what is set aside.
    ``clawbacks`` are {position of a paid piece: minor units of its price to give back}.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=DecisionKind)
    creator_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    brand_minor = models.BigIntegerField(default=0)
    clawbacks = models.JSONField(default=dict, blank=True)
    reasons = models.TextField(help_text="Both sides read them once the decision is confirmed.")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=ProposalOutcome, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True, help_text="Why it was sent back; for the desk.")

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], name="one_proposal_at_a_time", condition=Q(outcome="")
            ),
            models.CheckConstraint(
                condition=Q(creator_minor__gte=0, fee_minor__gte=0, brand_minor__gte=0),
                name="proposal_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None)
                | Q(reviewed_by=None)
                | ~Q(proposed_by=F("reviewed_by")),
                name="proposal_has_two_people",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", reviewed_at=None)
                | (~Q(outcome="") & Q(reviewed_at__isnull=False)),
                name="proposal_reviewed_with_time",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="proposal_fixed",
                exclude=["proposed_by", "outcome", "reviewed_by", "reviewed_at", "review_note"],
            ),
            pgtrigger.FSM(
                name="legal_proposal_outcome",
                field="outcome",
                transitions=[("", outcome.value) for outcome in ProposalOutcome],
            ),
            pgtrigger.Protect(name="proposal_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk} for {self.dispute}"
