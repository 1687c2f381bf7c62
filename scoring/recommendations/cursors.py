"""Where a page of recommendations begins, in a form that goes into an address."""

import re
from dataclasses import dataclass
from datetime import date

from accounts.errors import DomainError

_FORM = re.compile(r"(\d{1,18})-(\d{1,7})-(\d{1,4})-(\d{1,4})")


class BadCursor(DomainError):
    code = "bad_cursor"
    http_status = 400
    message = "This is no place in a list that was given out here. Start without a cursor."


@dataclass(frozen=True)
class Cursor:
    """A place in the order that ``state`` gave on ``day``; ``shown`` creators came before.

    ``place`` counts also those the brand took out, so that it stays where it is when somebody
    is hidden. A state that is no longer kept is followed by the newest: the list moves on then.
    """

    state: int
    day: date
    place: int
    shown: int

    def __str__(self) -> str:
        return f"{self.state}-{self.day.toordinal()}-{self.place}-{self.shown}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """:raises BadCursor: on anything `__str__` would not write."""
        match = _FORM.fullmatch(text) if text.isascii() else None
        if match is None:
            raise BadCursor(details={"field": "cursor"})
        state, ordinal, place, shown = map(int, match.groups())
        if not 1 <= ordinal <= date.max.toordinal() or shown > place:
            raise BadCursor(details={"field": "cursor"})
        return cls(state, date.fromordinal(ordinal), place, shown)
