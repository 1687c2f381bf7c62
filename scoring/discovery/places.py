"""Where a page of a search begins: a place in its order, not a number of rows to skip.

A creator who joins above the reader's place neither repeats a row nor pushes one away.
"""

import base64
import binascii
import hashlib
import math
import struct
from dataclasses import dataclass
from typing import Final

from accounts.errors import NotFound

BY_NAME: Final = 0
BY_TEXT: Final = 1
BY_FOLLOWERS: Final = 2
# More than any catalogue has, and still a position that the log of lists can hold.
MOST_SHOWN: Final = 10**9
_LAYOUT: Final = struct.Struct(">4sBdqI")


class CursorUnknown(NotFound):
    code = "cursor_unknown"
    message = "This cursor belongs to no page of this search. Begin again without it."


@dataclass(frozen=True, order=True)
class Place:
    """A creator's place: names before texts, then by rising ``value``, ties by id.

    :ivar value: the negated follower count, the cosine distance, or the negated likeness.
    """

    group: int
    value: float
    creator_id: int


def write_cursor(place: Place, *, shown: int, asked: str) -> str:
    """:param shown: how many creators the pages up to this one have shown.
    :param asked: everything the order depends on; a cursor of another search is refused.
    """
    packed = _LAYOUT.pack(_digest(asked), place.group, place.value, place.creator_id, shown)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str, *, asked: str) -> tuple[Place | None, int]:
    """The last place shown and how many were shown; (None, 0) for the first page.

    :raises CursorUnknown: if no page of this search gave it out.
    """
    if not cursor:
        return None, 0
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, group, value, creator_id, shown = _LAYOUT.unpack(packed)
    except (ValueError, binascii.Error, struct.error) as error:
        raise CursorUnknown from error
    if digest != _digest(asked) or not math.isfinite(value) or group > BY_FOLLOWERS:
        raise CursorUnknown
    if shown > MOST_SHOWN:
        raise CursorUnknown
    return Place(group, value, creator_id), shown


def _digest(asked: str) -> bytes:
    return hashlib.sha256(asked.encode()).digest()[:4]
