"""Files for messages: taken in, checked, kept, removed if never sent."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import structlog
from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError, Forbidden, NotFound
from accounts.models import User
from campaigns.images import FORMATS, clean_image
from campaigns.messaging import ensure_open
from campaigns.models import Attachment, Collaboration
from campaigns.moving import OTHER_SIDE
from campaigns.pdfs import clean_pdf
from campaigns.states import Side

log = structlog.get_logger(__name__)
LARGEST = 8 * 1024 * 1024
UNUSED_LASTS = timedelta(days=1)
# Enough for a few messages that are being written; a disk is not to be filled with more.
MOST_UNUSED = 15
MOST_PER_COLLABORATION = 300
CHUNK = 200
_NAME_UNSAFE = re.compile(r"[^\w .,()+@&'-]+")


class FileTooLarge(DomainError):
    code = "file_too_large"
    message = f"A file has at most {LARGEST // 1024 // 1024} MB. Make it smaller or link to it."


class FileEmpty(DomainError):
    code = "file_empty"
    message = "The file is empty."


class FileKindRefused(DomainError):
    code = "file_kind_refused"
    message = "Only JPEG, PNG and WebP pictures and PDFs can be attached. Link to anything else."


class TooManyFiles(Conflict):
    code = "too_many_files"
    message = "Too many files wait to be sent, or were sent here already. Send or link to them."


@dataclass(frozen=True)
class _Cleaned:
    data: bytes
    kind: Attachment.Kind
    content_type: str
    suffix: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None


def store_attachment(
    *,
    collaboration: Collaboration,
    side: Side,
    actor: User,
    file: BinaryIO,
    name: str,
    now: datetime,
) -> Attachment:
    """Check a file, write it anew and keep it for a day to be sent with a message.

    Reads at most 8 MB and a byte. Pictures are decoded and encoded again here (`images`), PDFs
    in a process with limits (`pdfs`). The cleaned file is written before the row, so that no row
    lacks its file; a file without a row is harmless and removed when the row cannot be made.

    :raises FileTooLarge, FileEmpty, FileKindRefused: by size and by first bytes.
    :raises images.ImageRefused, pdfs.PdfRefused: by what is inside.
    :raises TooManyFiles: if too many wait already.
    :raises messaging.ThreadClosed: if nobody writes here any more.
    """
    if side not in OTHER_SIDE:
        raise Forbidden("Only the two sides attach files here.")
    ensure_open(collaboration, now=now)
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FileTooLarge(details={"field": "file"})
    _ensure_room(collaboration, actor)
    try:
        cleaned = _clean(data)
    except DomainError as error:
        error.details = {"field": "file"}
        raise
    path = _write(cleaned.data)
    try:
        with transaction.atomic():
            kept = Attachment.objects.create(
                collaboration=collaboration,
                uploader=actor,
                kind=cleaned.kind,
                content_type=cleaned.content_type,
                name=safe_name(name, suffix=cleaned.suffix),
                size=len(cleaned.data),
                sha256=hashlib.sha256(cleaned.data).hexdigest(),
                width=cleaned.width,
                height=cleaned.height,
                pages=cleaned.pages,
                path=path,
                uploaded_at=now,
            )
            audit.record(
                actor=actor,
                verb="attachment.stored",
                subject=collaboration,
                data={"attachment": kept.pk, "sha256": kept.sha256},
            )
    except BaseException:
        path_of(path).unlink(missing_ok=True)
        raise
    return kept


def open_attachment(attachment: Attachment) -> BinaryIO:
    """:raises NotFound: if the file is not where it was put."""
    try:
        return path_of(attachment.path).open("rb")
    except OSError as error:
        log.error("attachment_missing", attachment=attachment.pk, error=str(error))
        raise NotFound("The file cannot be read at the moment.") from error


def remove_unsent(*, now: datetime) -> int:
    """Remove files that were uploaded a day ago and sent with no message; how many."""
    old = Attachment.objects.filter(message=None, uploaded_at__lte=now - UNUSED_LASTS)
    with transaction.atomic():
        rows = list(old.select_for_update(skip_locked=True).order_by("pk")[:CHUNK])
        Attachment.objects.filter(pk__in=[row.pk for row in rows], message=None).delete()
    # After the commit: a file without a row is waste, a row without a file a broken promise.
    for row in rows:
        path_of(row.path).unlink(missing_ok=True)
    return len(rows)


def path_of(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def safe_name(name: str, *, suffix: str) -> str:
    """A name to show and to save under, with the ending that fits what the file now is."""
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or name
    stem = _NAME_UNSAFE.sub("_", stem).strip(" ._")[:100]
    return f"{stem or 'file'}{suffix}"


def _clean(data: bytes) -> _Cleaned:
    if not data:
        raise FileEmpty
    if data.startswith(b"%PDF-"):
        pdf = clean_pdf(data)
        return _Cleaned(pdf.data, Attachment.Kind.PDF, "application/pdf", ".pdf", pages=pdf.pages)
    if _image_format(data) not in FORMATS:
        raise FileKindRefused
    image = clean_image(data)
    suffix = ".png" if image.content_type == "image/png" else ".jpg"
    return _Cleaned(
        image.data, Attachment.Kind.IMAGE, image.content_type, suffix, image.width, image.height
    )


def _image_format(data: bytes) -> str:
    """By the first bytes; what a browser or a name calls it counts for nothing."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _ensure_room(collaboration: Collaboration, actor: User) -> None:
    unused = Attachment.objects.filter(uploader=actor, message=None).count()
    if unused >= MOST_UNUSED or collaboration.attachments.count() >= MOST_PER_COLLABORATION:
        raise TooManyFiles


def _write(data: bytes) -> str:
    """Below MEDIA_ROOT under a name that says nothing and cannot be guessed."""
    name = secrets.token_hex(16)
    relative = f"attachments/{name[:2]}/{name}"
    path = path_of(relative)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as target:
        target.write(data)
    return relative
