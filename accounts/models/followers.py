"""Samples of an account's followers: pseudonyms and facts, never names."""

from django.db import models
from django.utils import timezone

from accounts.models.facts import Provenance, append_only
from accounts.models.social import SocialAccount


class FollowerSample(models.Model):
    """Some followers of an account, drawn on one day in one way.

    Its size is the number of its followers, which a later import of the same day may add to;
    each follower says when it was recorded.
    """

    class Method(models.TextChoices):
        RANDOM = "random", "Drawn at random"
        RECENT = "recent", "The latest to follow"
        UNKNOWN = "unknown", "Not stated"

    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="follower_samples"
    )
    taken_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method, default=Method.UNKNOWN)
    provenance = models.CharField(max_length=10, choices=Provenance)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "taken_on", "method"], name="one_follower_sample_per_day_and_way"
            ),
        ]
        triggers = [append_only("follower_sample_append_only")]

    def __str__(self) -> str:
        return f"Followers of {self.account}, {self.taken_on}"


class SampledFollower(models.Model):
    """One follower of a sample: a keyed hash of its id, and what is known of it.

    ``facts`` holds columns of the labelled account collections; what is absent is unknown.
    A correction is a newer row for the same follower.
    """

    sample = models.ForeignKey(FollowerSample, on_delete=models.CASCADE, related_name="followers")
    pseudonym = models.CharField(max_length=64)
    facts = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "pseudonym", "recorded_at"],
                name="one_row_per_follower_and_recording",
            ),
        ]
        triggers = [append_only("sampled_follower_append_only")]

    def __str__(self) -> str:
        return f"{self.pseudonym[:12]} of {self.sample}"
