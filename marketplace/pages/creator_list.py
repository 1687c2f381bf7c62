"""The creators list: filtered, by followers, in pages that stay quick however deep."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from accounts import access
from accounts.models import Creator, SocialAccount, User
from scoring.filtering import filter_creators
from scoring.models import SearchEntry

PAGE_SIZE = 24
UNKNOWN_FOLLOWERS = -1
_CURSOR = re.compile(r"(-?\d{1,18})\.(\d{1,18})")


@dataclass(frozen=True)
class CreatorPage:
    """Creators with ``accounts`` and their search entries loaded, and where the next begin."""

    creators: Sequence[Creator]
    next_cursor: str


def list_creators(user: User, filters: dict[str, Any], *, cursor: str = "") -> CreatorPage:
    """One page of the creators the user may see. Three queries, whatever the page's length.

    :param cursor: the ``next_cursor`` of the page before; anything else is the first page.
    """
    ordered = (
        filter_creators(access.creators_visible_to(user), filters)
        .annotate(
            largest=Coalesce(_largest_account(), UNKNOWN_FOLLOWERS, output_field=BigIntegerField())
        )
        .order_by("-largest", "-pk")
    )
    if match := _CURSOR.fullmatch(cursor):
        largest, pk = int(match[1]), int(match[2])
        ordered = ordered.filter(Q(largest__lt=largest) | Q(largest=largest, pk__lt=pk))
    accounts = SocialAccount.objects.select_related("search_entry").order_by("platform", "pk")
    rows = list(ordered.prefetch_related(Prefetch("accounts", accounts))[: PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    # `largest` is an annotation, unknown to the model's type.
    last: Any = page[-1] if page else None
    return CreatorPage(page, f"{last.largest}.{last.pk}" if more else "")


def _largest_account() -> Subquery:
    entries = SearchEntry.objects.filter(creator=OuterRef("pk"), followers__isnull=False)
    return Subquery(entries.order_by("-followers").values("followers")[:1])
