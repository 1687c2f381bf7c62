"""Checks of what people write into a case."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from scoring.moderation.errors import LinkUnusable, ReasonsMissing, TextUnusable

MAX_TEXT = 4_000
MAX_LINKS = 5
MAX_LINK_LENGTH = 500

_is_https = URLValidator(schemes=["https"])


def checked_reasons(reasons: str) -> str:
    """:raises ReasonsMissing: if there are none. :raises TextUnusable: if they are too long."""
    if not reasons.strip():
        raise ReasonsMissing(details={"field": "reasons"})
    return checked_text(reasons, field="reasons")


def checked_text(text: str, *, field: str = "text") -> str:
    """:raises TextUnusable: if it is empty, too long or holds a NUL byte."""
    text = text.strip()
    if not text:
        raise TextUnusable("Say what is so, in a sentence or more.", details={"field": field})
    if len(text) > MAX_TEXT:
        raise TextUnusable(
            f"This has {len(text):,} characters; {MAX_TEXT:,} are kept.", details={"field": field}
        )
    if "\x00" in text:
        raise TextUnusable("The text holds a NUL byte.", details={"field": field})
    return text


def checked_links(links: Sequence[str]) -> list[str]:
    """Links without repetitions, in order.

    :raises LinkUnusable: if one is no https address or there are too many.
    """
    kept = list(dict.fromkeys(link.strip() for link in links if link.strip()))
    if len(kept) > MAX_LINKS:
        raise LinkUnusable(
            f"These are {len(kept)} links; {MAX_LINKS} are kept at a time.",
            details={"field": "links"},
        )
    for link in kept:
        if len(link) > MAX_LINK_LENGTH:
            raise LinkUnusable(
                f"A link may have {MAX_LINK_LENGTH} characters.", details={"field": "links"}
            )
        try:
            _is_https(link)
        except ValidationError as error:
            raise LinkUnusable(
                f"“{link[:80]}” is no address that begins with https://.",
                details={"field": "links"},
            ) from error
    return kept
