"""Creators who are called what was typed: "@name" wants that creator, not a similar one."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Creator, SocialAccount
from scoring.models import SearchEntry

# People share names; beyond these, a name is not what tells them apart.
MOST_NAMED = 20
LONGEST_NAME = 200


@dataclass(frozen=True)
class Named:
    """Entries called so: (entry, creator, followers), the largest first; -1 is unknown.

    ``refused`` says that the catalogue has the name but the limits leave it out.
    """

    rows: list[tuple[int, int, int]]
    refused: bool = False


def find_named(entries: QuerySet[SearchEntry], text: str) -> Named:
    """The entries of exactly this name, upper and lower case the same.

    A text that begins with "@" names a handle; any other also a creator's or account's full
    name. Two queries, and two more when somebody has the name: names are looked up by
    themselves, because no index serves a choice between columns of joined tables.
    """
    name = " ".join(text.split())
    handle = name.removeprefix("@")
    if not handle or len(name) > LONGEST_NAME:
        return Named([])
    called = Q(handle__iexact=handle, handle_is_hash=False)
    creators: list[int] = []
    if not name.startswith("@"):
        called |= Q(full_name__iexact=name)
        people = Creator.objects.filter(display_name__iexact=name)
        creators = list(people.values_list("pk", flat=True)[:MOST_NAMED])
    accounts = list(SocialAccount.objects.filter(called).values_list("pk", flat=True)[:MOST_NAMED])
    if not accounts and not creators:
        return Named([])
    theirs = Q(account_id__in=accounts) | Q(creator_id__in=creators)
    largest = Coalesce("followers", -1, output_field=BigIntegerField())
    rows = list(
        entries.filter(theirs)
        .annotate(largest=largest)
        .order_by("-largest", "creator_id", "pk")
        .values_list("pk", "creator_id", "largest")[:MOST_NAMED]
    )
    if rows:
        return Named(rows)
    return Named([], refused=SearchEntry.objects.filter(theirs, is_visible=True).exists())
