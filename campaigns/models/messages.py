"""What the two sides of a collaboration write to each other."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.collaborations import Collaboration
from campaigns.states import Side


class Message(models.Model):
    """Never changed or removed; only its author may become nobody, when they leave Fairground.

    Ids rise in the order in which the messages of one collaboration became visible, since
    sending holds the collaboration's row: "all above this id" is "all that came later".
    """

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="messages"
    )
    side = models.CharField(max_length=10, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(blank=True, help_text="Empty where it only carries attachments.")
    warnings = models.JSONField(
        default=list, blank=True, help_text="As `message_warnings` gave them when it was sent."
    )
    client_key = models.CharField(
        max_length=64, help_text="Chosen by the sender: the same key makes no second message."
    )
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["collaboration", "id"], include=["author"], name="message_thread")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "author", "client_key"], name="one_message_per_client_key"
            ),
            models.CheckConstraint(
                condition=Q(side__in=[Side.BRAND.value, Side.CREATOR.value]),
                name="message_is_of_a_side",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="message_read_only", exclude=["author"]),
            pgtrigger.Protect(name="message_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk} in {self.collaboration}"

    @property
    def author_name(self) -> str:
        """For both sides to read; never an e-mail address, which a nameless `User` shows."""
        if self.author is None:
            return "A former member"
        return self.author.name or f"Somebody of {Side(self.side).label.lower()}"


class ReadMark(models.Model):
    """How far one person has read a thread, and when they are told by e-mail of the rest."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks"
    )
    last_read = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["mail_due_at"],
                name="message_mail_due",
                condition=Q(mail_due_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "user"], name="one_read_mark_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} read {self.collaboration} up to message {self.last_read_id}"


class MessageReport(models.Model):
    """One person asks the moderators to look at a message."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        UPHELD = "upheld", "Upheld"
        DISMISSED = "dismissed", "Dismissed"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.TextField()
    reported_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "reporter"], name="one_report_per_person_and_message"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decision="")
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(decision="")),
                name="message_decision_has_reasons",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="message_report_fixed", fields=["message", "reason", "reported_at"]
            ),
            pgtrigger.FSM(
                name="legal_message_report_transition",
                field="state",
                transitions=[("open", "upheld"), ("open", "dismissed")],
            ),
            pgtrigger.Protect(name="message_report_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Report of message {self.message_id}"
