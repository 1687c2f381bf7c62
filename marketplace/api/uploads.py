"""One file in a multipart body: the only bodies here that are no JSON."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser

from campaigns.attachments import LARGEST
from marketplace.api.bodies import BodyTooLarge

# The boundaries between the parts and their heads.
ENVELOPE = 16 * 1024


class OneFileParser(MultiPartParser):
    """:raises BodyTooLarge: by the length the head names, before a byte is read.
    :raises ParseError: on what is no multipart body.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        assert parser_context is not None
        length = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST + ENVELOPE:
            raise BodyTooLarge(f"The body is larger than {LARGEST + ENVELOPE:,} bytes.")
        try:
            return super().parse(stream, media_type, parser_context)
        except (SuspiciousOperation, UnicodeError) as error:
            raise ParseError("The body is no multipart form with one file.") from error


class FilesAnyway(DefaultContentNegotiation):
    """Lets a program that asks for ``image/*`` have the file; refusals stay JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type
