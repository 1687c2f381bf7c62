"""Being asked into a brand's team."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models.people import Brand, Membership, User


class Invitation(models.Model):
    """An open seat in a brand's team for whoever owns an e-mail address.

    The same for people who have an account and people who have none, so that inviting
    tells nobody who is registered, and nobody joins a team unasked.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REVOKED = "revoked", "Revoked"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail")
    role = models.CharField(max_length=10, choices=Membership.Role)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["email", "pk"]
        constraints = [
            models.UniqueConstraint(
                "brand",
                Lower("email"),
                condition=models.Q(state="open"),
                name="one_open_invitation_per_email",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.brand}"

    def is_usable(self, *, now: datetime) -> bool:
        return self.state == self.State.OPEN and now < self.expires_at
