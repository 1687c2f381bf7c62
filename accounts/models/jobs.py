"""Long work, as the database knows it: the row is the truth, the broker only a nudge."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class Job(models.Model):
    """One piece of long work and how far it is.

    A worker that dies leaves ``heartbeat_at`` behind; `accounts/jobs.py` queues the
    job again. ``attempt`` is a fencing token: a worker that lost the job to the
    reaper cannot report for it any more.
    """

    class Kind(models.TextChoices):
        IMPORT = "import", "Import a file"
        EMBED = "embed", "Embed the catalogue"
        SCORE = "score", "Score the catalogue"
        REFRESH = "refresh", "Embed and score the catalogue"
        CLUSTER = "cluster", "Find niche groups"
        PRICES = "prices", "Learn prices of the market"
        VALUES = "values", "Rank market values"
        REPORTS = "reports", "Write niche reports"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    LIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=60, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    attempt = models.IntegerField(default=0)
    lost = models.IntegerField(
        default=0, help_text="Workers that died with it since a person last asked for it."
    )
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_live")]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def percent(self) -> int | None:
        """Whole per cent done, or None while the total is unknown."""
        if self.state == self.State.SUCCEEDED:
            return 100
        if not self.total:
            return None
        return min(99, int(100 * self.done / self.total))

    def remaining(self, *, now: datetime) -> timedelta | None:
        """Time left at the pace so far; None before there is a pace."""
        if self.state != self.State.RUNNING or not self.total or not self.done:
            return None
        if self.started_at is None:
            return None
        pace = (now - self.started_at) / self.done
        return pace * max(0, self.total - self.done)
