"""Languages that accounts of the catalogue were read to write in."""

from contextlib import suppress

from django.core.cache import cache
from django.db.models import Count
from redis.exceptions import RedisError

from scoring.models import SearchEntry

KEY = "known-languages"
SECONDS = 60


def known_languages() -> list[tuple[str, int]]:
    """Language codes of visible accounts with their counts, the most frequent first."""
    found: list[tuple[str, int]] | None = None
    with suppress(RedisError):
        found = cache.get(KEY)
    if found is None:
        rows = SearchEntry.objects.filter(is_visible=True).exclude(language="")
        counted = rows.order_by().values_list("language").annotate(count=Count("pk"))
        found = list(counted.order_by("-count", "language"))
        with suppress(RedisError):
            cache.set(KEY, found, SECONDS)
    return [(code, count) for code, count in found]
