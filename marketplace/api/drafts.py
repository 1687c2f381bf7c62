"""Bodies of a draft: JSON alone, or JSON and a picture as two parts of a form."""

import io
from collections.abc import Mapping
from typing import IO, Any, Final

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from marketplace.api.bodies import LARGEST_BODY, BodyTooLarge, StrictJSONParser
from scoring.planning_posts.pictures import MAX_BYTES

LARGEST: Final = MAX_BYTES + LARGEST_BODY


class DraftPartsParser(MultiPartParser):
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
        if not length.isdigit() or int(length) > LARGEST:
            raise BodyTooLarge(f"The body is larger than {LARGEST:,} bytes.")
        try:
            return super().parse(stream, media_type, parser_context)
        except (SuspiciousOperation, UnicodeError) as error:
            raise ParseError("The body is no multipart form.") from error


def read_parts(request: Request) -> tuple[Any, bytes | None]:
    """The draft as JSON, and the picture's bytes where one was sent.

    :raises ParseError: without a part `draft` of JSON, or with parts that mean nothing here.
    """
    if not str(request.content_type).startswith("multipart/"):
        return request.data, None
    parts: dict[str, Any] = dict(request.data.items()) if isinstance(request.data, dict) else {}
    draft, image = parts.pop("draft", None), parts.pop("image", None)
    if parts:
        raise ParseError(f"There is no part “{next(iter(parts))[:40]}” here: draft and image.")
    if isinstance(draft, UploadedFile):
        draft = draft.read(LARGEST_BODY + 1).decode("utf-8", "replace")
    if not isinstance(draft, str):
        raise ParseError("The part “draft” is missing: the JSON that would be sent without image.")
    if image is not None and not isinstance(image, UploadedFile):
        raise ParseError("The part “image” is no file.")
    found = StrictJSONParser().parse(io.BytesIO(draft.encode("utf-8", "surrogatepass")))
    # one byte more than is allowed tells that it is too large
    return found, image.read(MAX_BYTES + 1) if image is not None else None
