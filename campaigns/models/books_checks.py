"""What each nightly look at the books found."""

import pgtrigger
from django.db import models
from django.utils import timezone


class BooksCheck(models.Model):
    """One check; never changed. ``wrong`` must be empty; ``late`` asks somebody to look.

    Both map the name of a rule (`campaigns/books.py`) to what breaks it.
    """

    at = models.DateTimeField(default=timezone.now)
    is_right = models.BooleanField()
    operations = models.PositiveBigIntegerField()
    wrong = models.JSONField(default=dict, blank=True)
    late = models.JSONField(default=dict, blank=True)
    seconds = models.FloatField()

    class Meta:
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(
                name="books_check_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {'right' if self.is_right else 'wrong'}"
