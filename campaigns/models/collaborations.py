"""A creator's work for a campaign, from the first word to the last payment."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Brand, Creator, SocialAccount
from campaigns.models.briefs import Campaign
from campaigns.models.summaries import SUMMARY, stage_of
from campaigns.states import ALLOWED, FINAL, LIVE, Acting, Side, Stage, State


class Collaboration(models.Model):
    """One creator in one campaign; `campaigns/states.py` says what can happen to it.

    ``acting_side`` is who must act next, ``deadline_at`` by when; both are empty where nobody
    must. What happens by silence is `states.WAITING`.

    ``brand``, ``brand_acts``, ``creator_acts`` and ``due_at`` are kept by the database, from the
    campaign and from the pieces of work of an active collaboration, and ``stage`` from the state:
    so that a list of many thousands is read in its order, without a join.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="collaborations")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="collaborations")
    account = models.ForeignKey(
        SocialAccount, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=16, choices=State)
    started_by = models.CharField(max_length=10, choices=Side)
    acting_side = models.CharField(max_length=10, choices=Acting, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    earmark_minor = models.BigIntegerField(
        default=0, help_text="Of the campaign's budget, what the present offer or contract takes."
    )
    earmark_currency = models.CharField(max_length=3, blank=True)
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="collaborations",
        editable=False,
        db_index=False,
        help_text="The campaign's.",
    )
    stage = models.GeneratedField(
        expression=stage_of("state"),
        output_field=models.CharField(max_length=8, choices=Stage),
        db_persist=True,
    )
    brand_acts = models.BooleanField(default=False, editable=False)
    creator_acts = models.BooleanField(default=False, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    stood_still = models.DurationField(
        default=timedelta,
        help_text="How long cancelling was asked for or a dispute open; the contract's dates of "
        "what is not done move by it.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["campaign", "-updated_at", "-id"], name="collaboration_list"),
            models.Index(fields=["brand", "-updated_at", "-id"], name="collaboration_of_brand"),
            models.Index(
                fields=["brand", "stage", "-updated_at", "-id"], name="collaboration_of_stage"
            ),
            models.Index(
                fields=["brand", "-updated_at", "-id"],
                name="collaboration_needs_brand",
                condition=Q(brand_acts=True),
            ),
            models.Index(
                fields=["creator", "-updated_at", "-id"],
                name="collaboration_needs_creator",
                condition=Q(creator_acts=True),
            ),
            models.Index(
                fields=["brand", "due_at"],
                name="collaboration_due_of_brand",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(fields=["creator", "-updated_at", "-id"], name="collaboration_of_creator"),
            models.Index(
                fields=["deadline_at"],
                name="collaboration_due",
                condition=Q(deadline_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "creator"],
                name="one_live_collaboration_per_creator",
                condition=Q(state__in=[state.value for state in LIVE]),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="known_state"
            ),
            models.CheckConstraint(
                condition=Q(earmark_minor=0) | (Q(earmark_minor__gt=0) & ~Q(earmark_currency="")),
                name="earmark_has_currency",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in FINAL])
                | Q(acting_side="", deadline_at=None),
                name="nobody_acts_after_the_end",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="legal_transition", field="state", transitions=list(ALLOWED)),
            pgtrigger.Protect(
                name="starts_invited_or_applied",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state NOT IN ('invited', 'applied')"),
            ),
            pgtrigger.ReadOnly(
                name="collaboration_parties_fixed",
                fields=["campaign", "brand", "creator", "started_by", "created_at"],
            ),
            SUMMARY,
            pgtrigger.Protect(name="collaboration_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.creator} for {self.campaign}"


class CollaborationEvent(models.Model):
    """One line of the timeline both sides read; never changed."""

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="events"
    )
    name = models.CharField(max_length=40)
    side = models.CharField(max_length=10, choices=Side)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16, choices=State)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["collaboration", "id"], name="collaboration_timeline")]
        triggers = [
            pgtrigger.ReadOnly(name="event_read_only", exclude=["actor"]),
            pgtrigger.Protect(name="event_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.collaboration}: {self.name}"
