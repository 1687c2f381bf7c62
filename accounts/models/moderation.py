"""Cases about creators: what raised them, what was said, and who decided what."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.case_states import IN_FORCE, STATE_CHANGES, UNDER_REVIEW, CaseState, CaseStep
from accounts.models.people import User
from accounts.models.social import Creator, SocialAccount

DECIDED_BY_ONE = [CaseState.SECOND_REVIEW, CaseState.DISMISSED, CaseState.FLAGGED]


class ModerationCase(models.Model):
    """A question about one creator's followers and engagement that a person decides.

    ``statement`` is the statement of reasons as the creator was given it. ``decided_by`` is
    who took the present decision, or proposed the suspension that ``second_reviewer``
    confirmed. State and people change only as `accounts.case_states` allows.
    """

    class Ground(models.TextChoices):
        SCORE = "score", "A high-risk score"
        REPORT = "report", "A report"

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="cases")
    ground = models.CharField(max_length=8, choices=Ground)
    statement = models.JSONField()
    risk = models.FloatField(null=True, help_text="The highest risk when the case was opened.")
    level = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=14, choices=CaseState, default=CaseState.OPEN)
    opened_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Empty when Fairground opened it by itself.",
    )
    opened_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    second_reviewer = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state", "opened_at"], name="case_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(state__in=UNDER_REVIEW),
                name="one_open_case_per_creator",
            ),
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(state__in=IN_FORCE),
                name="one_decision_in_force_per_creator",
            ),
            models.CheckConstraint(
                condition=~Q(second_reviewer=F("decided_by")), name="case_second_reviewer_differs"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="case_begins_open",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df=CaseState.OPEN.value),
            ),
            pgtrigger.FSM(name="case_transitions", field="state", transitions=STATE_CHANGES),
            # At the change of state only: losing a moderator's account later is allowed.
            pgtrigger.Protect(
                name="case_decided_by_somebody",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state__df=pgtrigger.F("new__state"),
                    new__state__in=[state.value for state in DECIDED_BY_ONE],
                    new__decided_by__isnull=True,
                ),
            ),
            pgtrigger.Protect(
                name="case_suspended_by_two",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state__df=pgtrigger.F("new__state"), new__state=CaseState.SUSPENDED.value
                )
                & (
                    pgtrigger.Q(new__second_reviewer__isnull=True)
                    | pgtrigger.Q(new__decided_by__isnull=True)
                ),
            ),
            pgtrigger.ReadOnly(
                name="case_opening_read_only",
                fields=["creator", "ground", "statement", "risk", "level", "opened_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.pk} about {self.creator}"

    @property
    def is_under_review(self) -> bool:
        return self.state in UNDER_REVIEW

    @property
    def is_in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def is_automated(self) -> bool:
        return self.ground == self.Ground.SCORE


class CaseFinding(models.Model):
    """What the model said about one account of the creator when the case was opened.

    The case is about exactly the accounts that have a finding.
    """

    case = models.ForeignKey(ModerationCase, on_delete=models.CASCADE, related_name="findings")
    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="findings")
    score_number = models.BigIntegerField(null=True)
    risk = models.FloatField(null=True)
    level = models.CharField(max_length=12, blank=True)
    confidence = models.FloatField(null=True)
    model_version = models.CharField(max_length=60, blank=True)
    reasons = models.JSONField(default=list)
    as_of = models.DateTimeField(null=True)

    class Meta:
        ordering = [F("risk").desc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "account"], name="one_finding_per_account")
        ]
        triggers = [pgtrigger.Protect(name="finding_append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Finding about {self.account}"


class CaseEvent(models.Model):
    """One step of a case with its reasons, as the creator may read them. Never changed."""

    case = models.ForeignKey(ModerationCase, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=20, choices=CaseStep)
    before = models.CharField(max_length=14, choices=CaseState, blank=True)
    after = models.CharField(max_length=14, choices=CaseState)
    reasons = models.TextField(blank=True, max_length=4000)
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [pgtrigger.ReadOnly(name="case_event_read_only", exclude=["actor"])]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.at:%Y-%m-%d %H:%M}"


class CaseEvidence(models.Model):
    """What the creator says and shows while the case is open. Never changed."""

    case = models.ForeignKey(ModerationCase, on_delete=models.CASCADE, related_name="evidence")
    text = models.TextField(max_length=4000)
    links = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "case evidence"
        ordering = ["submitted_at", "pk"]
        triggers = [pgtrigger.ReadOnly(name="evidence_read_only", exclude=["submitted_by"])]

    def __str__(self) -> str:
        return f"Evidence of {self.submitted_at:%Y-%m-%d %H:%M}"


class Appeal(models.Model):
    """The creator's one objection to a decision, answered by somebody else by ``due_at``."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Not yet decided"
        GRANTED = "granted", "Granted"
        REJECTED = "rejected", "Rejected"

    case = models.OneToOneField(ModerationCase, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(max_length=4000)
    links = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    reasons = models.TextField(blank=True, max_length=4000)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(outcome="pending"), name="appeal_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="pending") | ~Q(reasons=""), name="appeal_decided_with_reasons"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="appeal_read_only", fields=["case", "text", "links", "filed_at", "due_at"]
            ),
            pgtrigger.FSM(
                name="appeal_decided_once",
                field="outcome",
                transitions=[("pending", "granted"), ("pending", "rejected")],
            ),
            # A row of another table says who must not decide, so no constraint can.
            pgtrigger.Trigger(
                name="appeal_decided_by_an_outsider",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__outcome__df=pgtrigger.F("new__outcome")),
                func="""
                IF NEW.decided_by_id IS NULL OR EXISTS (
                    SELECT 1 FROM accounts_moderationcase WHERE id = NEW.case_id
                    AND NEW.decided_by_id IN (decided_by_id, second_reviewer_id)
                ) THEN
                    RAISE EXCEPTION 'An appeal is decided by somebody who took no part.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal in case {self.case_id}"

    @property
    def is_pending(self) -> bool:
        return self.outcome == self.Outcome.PENDING
