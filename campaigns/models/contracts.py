"""What both signed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from campaigns.models.collaborations import Collaboration
from campaigns.models.offers import Offer
from campaigns.states import Side


class Contract(models.Model):
    """The agreed terms in words, with every deadline and what silence means; never changed.

    The fee is the platform's, on top of the total, paid by the brand; its tax is part of it.
    """

    collaboration = models.OneToOneField(
        Collaboration, on_delete=models.PROTECT, related_name="contract"
    )
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="contract")
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    total_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    fee_basis_points = models.PositiveSmallIntegerField()
    fee_tax_basis_points = models.PositiveSmallIntegerField(default=0)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            pgtrigger.ReadOnly(name="contract_read_only"),
            pgtrigger.Protect(name="contract_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Contract of {self.collaboration}"

    @property
    def to_fund_minor(self) -> int:
        """What the brand sets aside: the creator's total and the fee."""
        return self.total_minor + self.fee_minor


class Signature(models.Model):
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    typed_name = models.CharField(max_length=120)
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "side"], name="one_signature_per_side"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="signature_read_only", exclude=["user"]),
            pgtrigger.Protect(name="signature_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.typed_name} for {self.get_side_display().lower()}"
