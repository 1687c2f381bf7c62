"""Files people send, on disk where the workers find them."""

import re
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.errors import NotFound
from accounts.models import Job

REFUSED_ROWS = "refused-rows.csv"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def store_upload(file: UploadedFile) -> Path:
    """Stream the file into a directory of its own under ``UPLOAD_DIR``; its path.

    :raises OSError: if the disk is full or cannot be written; nothing is left behind.
    """
    # Django has cut any directories off the name; the rest may still be anything.
    name = _UNSAFE.sub("_", file.name or "").strip("._")[-80:] or "upload.csv"
    directory = Path(settings.UPLOAD_DIR) / uuid.uuid4().hex
    directory.mkdir(parents=True, mode=0o700)
    path = directory / name
    try:
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    except OSError:
        path.unlink(missing_ok=True)
        directory.rmdir()
        raise
    return path


def refused_rows_path(upload: Path) -> Path:
    """Where the refused rows of an uploaded file go."""
    return upload.with_name(REFUSED_ROWS)


def refused_rows_of(job: Job) -> Path:
    """The file of rows an import refused.

    :raises NotFound: if there is none, or it lies outside of what was uploaded here.
    """
    name = str((job.result or {}).get("refused_file") or "")
    path = Path(name).resolve()
    if not name or not path.is_relative_to(Path(settings.UPLOAD_DIR).resolve()):
        raise NotFound("This job refused no rows, or they were written elsewhere by a command.")
    if not path.is_file():
        raise NotFound("The file of refused rows has been removed.")
    return path
