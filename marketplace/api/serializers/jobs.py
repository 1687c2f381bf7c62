"""Long work and how far it is."""

from django.utils import timezone
from rest_framework import serializers

from accounts.models import Job


class JobSerializer(serializers.ModelSerializer):
    percent = serializers.IntegerField(
        allow_null=True, help_text="Null while the total is unknown."
    )
    seconds_left = serializers.SerializerMethodField(help_text="At the pace so far, or null.")
    result = serializers.DictField()

    class Meta:
        model = Job
        fields = (
            "id", "kind", "title", "state", "stage", "done", "total", "percent", "seconds_left",
            "cancel_requested", "error", "result", "created_at", "started_at", "finished_at",
        )  # fmt: skip
        extra_kwargs = {
            name: {"required": True}
            for name in ("state", "stage", "done", "total", "cancel_requested", "error",
                         "created_at", "started_at", "finished_at")
        }  # fmt: skip

    def get_seconds_left(self, job: Job) -> float | None:
        left = job.remaining(now=timezone.now())
        return None if left is None else round(left.total_seconds(), 1)
