"""Lists of matches as they were given out, so that their further pages neither repeat nor lose.

A list is worked out once. Its order is kept in the cache for an hour under the id that the
cursor carries, with the version of the brief it was made for; later pages read it from there,
whatever was imported, scored or rewritten in between.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.exceptions import NotFound

from campaigns.models import Campaign

KEPT_SECONDS: Final = 3_600
_CURSOR: Final = re.compile(r"([0-9a-f]{32})-(\d{1,4})")


@dataclass(frozen=True)
class KeptList:
    """``order`` are account ids, best first."""

    brief_version: int
    order: list[int]


def keep_list(campaign: Campaign, list_id: UUID, kept: KeptList) -> bool:
    """Whether further pages can be asked for; without the cache there is only the first."""
    try:
        cache.set(_key(campaign, list_id), json.dumps(asdict(kept)), KEPT_SECONDS)
    except RedisError:
        return False
    return True


def find_list(campaign: Campaign, cursor: str) -> tuple[UUID, int, KeptList]:
    """The list and the places before the page that a cursor names.

    :raises NotFound: on a cursor that is none, or whose list is of another campaign or over.
    """
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise NotFound("There is no such cursor. Begin the list anew, without one.")
    list_id = UUID(parts[1])
    try:
        stored = cache.get(_key(campaign, list_id))
    except RedisError:
        stored = None
    if stored is None:
        raise NotFound("This list is no longer kept. Begin it anew, without a cursor.")
    return list_id, int(parts[2]), KeptList(**json.loads(stored))


def cursor_of(list_id: UUID, offset: int) -> str:
    return f"{list_id.hex}-{offset}"


def _key(campaign: Campaign, list_id: UUID) -> str:
    return f"matches:{campaign.pk}:{list_id.hex}"
