"""Checks of what people write into disputes and reviews."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from accounts.errors import DomainError

MAX_LINKS = 5
LINK_CHARACTERS = 500

_is_https = URLValidator(schemes=["https"])


class TextUnusable(DomainError):
    code = "text_unusable"


class LinkUnusable(DomainError):
    code = "link_unusable"


def checked_text(text: str, *, longest: int, field: str = "text") -> str:
    """:raises TextUnusable: if it is empty, too long, or cannot be stored."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise TextUnusable("Say it in a sentence or more.", details={"field": field})
    if len(text) > longest:
        raise TextUnusable(
            f"This has {len(text):,} characters; {longest:,} are kept.", details={"field": field}
        )
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise TextUnusable(
            "The text holds signs that nobody can read; type it again.", details={"field": field}
        )
    return text


def checked_links(links: Sequence[str]) -> list[str]:
    """Links without repetitions, in order. :raises LinkUnusable: if one is no https address, or
    there are too many."""
    kept = list(dict.fromkeys(link.strip() for link in links if link.strip()))
    if len(kept) > MAX_LINKS:
        raise LinkUnusable(
            f"These are {len(kept)} links; {MAX_LINKS} are kept at a time.",
            details={"field": "links"},
        )
    for link in kept:
        try:
            _is_https(link)
        except ValidationError as error:
            raise LinkUnusable(
                f"“{link[:80]}” is no address that begins with https://.",
                details={"field": "links"},
            ) from error
        if len(link) > LINK_CHARACTERS:
            raise LinkUnusable(
                f"A link may have {LINK_CHARACTERS} characters.", details={"field": "links"}
            )
    return kept
