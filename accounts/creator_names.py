"""Creators as people name them: by number, @handle or whole name."""

from django.db.models import Q, QuerySet

from accounts.models import Creator

MOST_CALLED = 10
LONGEST = 200


def find_called(seen: QuerySet[Creator], text: str) -> QuerySet[Creator]:
    """Those of ``seen`` who are called so, upper and lower case the same; one query when read.

    Nobody is called by an empty text, by one of more than `LONGEST` characters or by part of a
    name. Of more than `MOST_CALLED`, the first.
    """
    called = " ".join(text.split())
    if not called or len(called) > LONGEST or "\x00" in called:
        return seen.none()
    if called.isascii() and called.isdigit() and len(called) < 19:
        return seen.filter(pk=int(called))
    handle = Q(accounts__handle__iexact=called.removeprefix("@"), accounts__handle_is_hash=False)
    named = handle if called.startswith("@") else handle | Q(display_name__iexact=called)
    return seen.filter(named).order_by("pk").distinct()[:MOST_CALLED]
