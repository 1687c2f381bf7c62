"""What one cell of a file may hold: functions from its text to a value.

Each parser takes the stripped, non-empty text of a cell. It raises `CellRefused` when
the cell makes its row unusable, and `CellDoubtful` when the value cannot be true but
is derived from others, so that the row is kept and only this value becomes unknown.
"""

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Platform

Parser = Callable[[str], Any]

# More than the people on Earth: a count above this is a broken export, not a success.
MAX_COUNT = 10_000_000_000
EARLIEST_YEAR = 1990
# A double holds numbers up to MAX_COUNT to within 2e-6.
FLOAT_NOISE = 1e-4

# JSON can spell what UTF-8 text cannot hold.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\Z", re.ASCII | re.IGNORECASE)
_PICTURE_HASH = re.compile(r"[0-9a-f]{16}\Z")
_TRUE = frozenset({"1", "1.0", "true", "yes", "t", "y"})
_FALSE = frozenset({"0", "0.0", "false", "no", "f", "n"})
_PLATFORM_NAMES = {**{name.value: name.value for name in Platform}, "x": Platform.TWITTER.value}


class CellRefused(ValueError):
    """The cell is wrong; the message says what was expected."""


class CellDoubtful(ValueError):
    """The value is impossible but the row is usable without it."""


def count(text: str) -> int:
    """A whole number from 0 to `MAX_COUNT`; ``30200.0`` is one too.

    So is ``515299.99999999994``, which is what some program made of 515.3 thousand.
    """
    expected = "a whole number from 0 to 10,000,000,000"
    if text.isdecimal() and text.isascii() and len(text) <= 10:
        return int(text)
    number = _finite(text, expected)
    if not 0 <= number <= MAX_COUNT or abs(number - round(number)) > FLOAT_NOISE:
        raise CellRefused(expected)
    return round(number)


def _finite(text: str, expected: str) -> float:
    value = float(text) if _NUMBER.match(text) else math.nan
    if not math.isfinite(value):
        raise CellRefused(expected)
    return value


def quantity(text: str) -> float:
    """An average or estimate of a count: a number from 0 to `MAX_COUNT`."""
    expected = "a number from 0 to 10,000,000,000"
    value = _finite(text, expected)
    if not 0 <= value <= MAX_COUNT:
        raise CellRefused(expected)
    return value


def change(text: str) -> float:
    """A difference of counts, of either sign."""
    expected = "a number from -10,000,000,000 to 10,000,000,000"
    value = _finite(text, expected)
    if abs(value) > MAX_COUNT:
        raise CellRefused(expected)
    return value


def ratio(*, limit: float, scale: float = 1.0) -> Parser:
    """A derived ratio from 0 to ``limit``, multiplied by ``scale`` when kept.

    A number outside the limits was computed wrongly somewhere: unknown, not refused.
    """

    def parse(text: str) -> float:
        value = _finite(text, "a number")
        if not 0 <= value <= limit:
            raise CellDoubtful(f"a ratio from 0 to {limit:g}, so it stays unknown")
        return value * scale

    return parse


def text(*, limit: int) -> Parser:
    """Plain text of at most ``limit`` characters. A formula is text like any other."""

    def parse(value: str) -> str:
        if len(value) > limit:
            raise CellRefused(f"at most {limit:,} characters, not {len(value):,}")
        return value

    return parse


def one_line(*, limit: int) -> Parser:
    """Text in which every run of white space is one space."""
    parse_text = text(limit=limit)
    return lambda value: parse_text(" ".join(value.split()))


def items(*, limit: int, separator: str = ";", strip: str = "") -> Parser:
    """A list of texts of at most ``limit`` characters each; repeated ones are kept once."""

    def parse(value: str) -> list[str]:
        found = dict.fromkeys(part.strip().lstrip(strip) for part in value.split(separator))
        found.pop("", None)
        return _checked_items(list(found), limit)

    return parse


def _checked_items(found: list[str], limit: int) -> list[str]:
    longest = max(map(len, found), default=0)
    if longest > limit:
        raise CellRefused(f"list items of at most {limit} characters, not {longest:,}")
    return found


def json_names(*, limit: int) -> Parser:
    """The names in a JSON array of texts, or the keys and items of an object of arrays."""
    expected = 'a JSON array like ["a"] or an object like {"a": ["b"]}'

    def parse(value: str) -> list[str]:
        document = _json(value, expected)
        if isinstance(document, dict):
            document = [name for key, inner in document.items() for name in (key, *_list(inner))]
        if not isinstance(document, list) or not all(isinstance(name, str) for name in document):
            raise CellRefused(expected)
        names = dict.fromkeys(" ".join(name.split()) for name in document)
        names.pop("", None)
        if _UNSTORABLE.search("".join(names)):
            raise CellRefused("names without NUL characters and halves of characters")
        return _checked_items(list(names), limit)

    return parse


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def json_counts(*, length: int) -> Parser:
    """A JSON array of exactly ``length`` whole counts."""
    expected = f"a JSON array of {length} whole numbers from 0 to 10,000,000,000"

    def parse(value: str) -> list[int]:
        document = _json(value, expected)
        if not isinstance(document, list) or len(document) != length:
            raise CellRefused(expected)
        for number in document:
            if type(number) is not int or not 0 <= number <= MAX_COUNT:
                raise CellRefused(expected)
        return document

    return parse


def _json(value: str, expected: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise CellRefused(expected) from error


def flag(value: str) -> bool:
    """Yes or no, as 1/0, true/false, yes/no in any case."""
    word = value.lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise CellRefused("1 or 0, true or false, yes or no")


def picture_hash(value: str) -> str:
    """The 64 bits of a picture's perceptual hash (`scoring.ml.match.repetition`)."""
    found = value.lower()
    if not _PICTURE_HASH.match(found):
        raise CellRefused("16 hexadecimal digits")
    return found


def platform(value: str) -> str:
    found = _PLATFORM_NAMES.get(value.lower())
    if found is None:
        raise CellRefused(f"one of {', '.join(Platform.values)}")
    return found


def day(value: str) -> date:
    """A date such as ``2025-05-21``."""
    expected = f"a date like 2025-05-21, not before {EARLIEST_YEAR}"
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise CellRefused(expected) from error
    if found.year < EARLIEST_YEAR:
        raise CellRefused(expected)
    return found


def moment(value: str) -> datetime:
    """A time such as ``2025-05-21 09:44:45``; UTC unless it names its offset."""
    expected = f"a time like 2025-05-21 09:44:45, not before {EARLIEST_YEAR}"
    try:
        found = datetime.fromisoformat(value)
        if found.year < EARLIEST_YEAR:
            raise CellRefused(expected)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CellRefused(expected) from error
