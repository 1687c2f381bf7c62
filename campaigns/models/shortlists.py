"""Shortlists: creators a brand considers, what its team says of them and how it votes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.models.briefs import Campaign

LONGEST_NAME = 80
LONGEST_NOTE = 2_000


class Shortlist(models.Model):
    """A named list of one brand, for one of its campaigns or for none.

    An archived list is read and no longer changed; its name is free again.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="shortlists")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="shortlists"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "brand",
                Lower("name"),
                condition=Q(archived_at=None),
                name="one_live_shortlist_per_name",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="shortlist_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class ShortlistEntry(models.Model):
    """A creator on a list, from ``added_at`` to ``removed_at``; who returns gets a new row."""

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="entries")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="shortlist_entries")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "shortlist entries"
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortlist", "creator"],
                condition=Q(removed_at=None),
                name="one_live_entry_per_creator",
            ),
        ]
        indexes = [models.Index(fields=["added_at"], name="shortlist_entry_added")]
        triggers = [
            pgtrigger.ReadOnly(
                name="shortlist_entry_fixed", fields=["shortlist", "creator", "added_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} on {self.shortlist}"

    @property
    def is_live(self) -> bool:
        return self.removed_at is None


class ShortlistNote(models.Model):
    """What somebody of the team wrote about an entry. A deleted note keeps no text."""

    entry = models.ForeignKey(ShortlistEntry, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(deleted_at=None) & ~Q(text="")) | (~Q(deleted_at=None) & Q(text="")),
                name="shortlist_note_has_text_until_deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk} on {self.entry}"


class ShortlistVote(models.Model):
    """One person's vote for or against an entry; who has not voted has no row."""

    class Value(models.IntegerChoices):
        AGAINST = -1, "Against"
        FOR = 1, "For"

    entry = models.ForeignKey(ShortlistEntry, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    value = models.SmallIntegerField(choices=Value)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "voter"], name="one_vote_per_person"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="vote_is_for_or_against"),
        ]

    def __str__(self) -> str:
        return f"{self.get_value_display()} {self.entry}"
