"""What became of a published piece: when it is looked at, and what was seen."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Post, SocialAccount
from campaigns.horizons import COUNTS, Horizon, PointState, Provenance
from campaigns.models.deliverables import Deliverable


class Publication(models.Model):
    """Where a deliverable was published, and the post it is among the creator's facts.

    ``published_at`` is when the creator said so. The account is empty where the address does
    not belong to one we know; then nothing reaches the creator's facts.
    """

    deliverable = models.OneToOneField(
        Deliverable, on_delete=models.PROTECT, related_name="publication"
    )
    url = models.URLField(max_length=500)
    external_id = models.CharField(max_length=100)
    account = models.ForeignKey(
        SocialAccount, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(
        Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.ReadOnly(name="publication_read_only", exclude=["account", "post"]),
            pgtrigger.Protect(name="publication_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} at {self.url}"


class Observation(models.Model):
    """A publication's counts as they stood at one moment, and who says so; never changed.

    Unknown counts are empty, never zero. ``source`` is the connector or the program that sent
    them; ``warnings`` say what is implausible about them, which is kept as it came.
    """

    COUNTS = COUNTS

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="observations"
    )
    observed_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    provenance = models.CharField(max_length=10, choices=Provenance)
    views = models.BigIntegerField(null=True)
    likes = models.BigIntegerField(null=True)
    comments = models.BigIntegerField(null=True)
    shares = models.BigIntegerField(null=True)
    saves = models.BigIntegerField(null=True)
    reach = models.BigIntegerField(null=True)
    impressions = models.BigIntegerField(null=True)
    clicks = models.BigIntegerField(null=True)
    warnings = models.JSONField(default=list, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["deliverable", "observed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "observed_at", "source", "provenance"],
                name="one_observation_per_moment_and_source",
            ),
            models.CheckConstraint(
                condition=Q(*((f"{count}__isnull", False) for count in COUNTS), _connector=Q.OR),
                name="observation_knows_something",
            ),
            *(
                models.CheckConstraint(
                    condition=Q((f"{count}__gte", 0)) | Q((count, None)),
                    name=f"observed_{count}_not_negative",
                )
                for count in COUNTS
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="observation_read_only", exclude=["actor"]),
            pgtrigger.Protect(name="observation_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable}, {self.observed_at:%Y-%m-%d %H:%M}"

    @property
    def counts(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in COUNTS}


class CollectionPoint(models.Model):
    """One of the five moments at which a publication is looked at.

    ``ask_at`` is when connectors are asked (again); empty once nothing more is to be measured.
    The observation is the best of those made within the point's window.
    """

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="collection_points"
    )
    horizon = models.CharField(max_length=3, choices=Horizon)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=PointState, default=PointState.DUE)
    source = models.CharField(max_length=40, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    observation = models.ForeignKey(
        Observation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ask_at = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["deliverable", "due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "horizon"], name="one_collection_point_per_horizon"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="collected",
                    observation__isnull=False,
                    observed_at__isnull=False,
                )
                | Q(observation=None, observed_at=None, source="") & ~Q(state="collected"),
                name="collected_point_has_its_observation",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at"], name="collection_point_to_ask", condition=Q(ask_at__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_collection",
                field="state",
                transitions=[
                    ("due", "collected"), ("due", "missed"), ("missed", "collected"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="collection_point_fixed", fields=["deliverable", "horizon", "due_at"]
            ),
            pgtrigger.Protect(name="collection_point_no_delete", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.deliverable}, {self.get_horizon_display()}"
