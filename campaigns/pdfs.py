"""PDFs that strangers send, checked and written anew in a process with limits.

The limits are the process's own (`pdf_rewriting.py`): 512 MB, 5 seconds of a processor, no file,
no environment. A request therefore waits for a bounded time, and a file that breaks the parser
breaks no web server.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from accounts.errors import DomainError

PROGRAM = Path(__file__).with_name("pdf_rewriting.py")
WALL_SECONDS = 15


class PdfRefused(DomainError):
    code = "pdf_unreadable"
    message = "The PDF is damaged or is none. Print it into a new PDF and attach that."


class PdfEncrypted(PdfRefused):
    code = "pdf_encrypted"
    message = "The PDF is locked with a password. Attach one without."


class PdfActive(PdfRefused):
    code = "pdf_active"
    message = (
        "The PDF holds scripts, files or actions that run when it is opened. "
        "Print it into a new PDF and attach that."
    )


class PdfTooManyPages(PdfRefused):
    code = "pdf_too_many_pages"
    message = "The PDF has more than 200 pages. Attach only those that matter."


class PdfTooHeavy(PdfRefused):
    code = "pdf_too_heavy"
    message = "The PDF unpacks to far more than its size. Print it into a new PDF."


class PdfOldCompression(PdfRefused):
    code = "pdf_old_compression"
    message = "The PDF is packed in a way no longer used. Print it into a new PDF."


_REFUSALS: dict[str, type[PdfRefused]] = {
    "encrypted": PdfEncrypted,
    "active": PdfActive,
    "too_many_pages": PdfTooManyPages,
    "too_heavy": PdfTooHeavy,
    "filter": PdfOldCompression,
}


@dataclass(frozen=True)
class CleanPdf:
    data: bytes
    pages: int


def clean_pdf(data: bytes) -> CleanPdf:
    """The document in ``data``, checked and written anew.

    :raises PdfRefused: or one of its kin, which say why.
    """
    if not data.startswith(b"%PDF-"):
        raise PdfRefused
    try:
        done = subprocess.run(  # noqa: S603 (a program of ours, no shell, no argument from outside)
            [sys.executable, "-I", str(PROGRAM)],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfTooHeavy from error
    said = done.stderr.decode(errors="replace")
    if done.returncode == 0 and said.isdigit():
        return CleanPdf(done.stdout, int(said))
    if done.returncode == 2:
        raise _REFUSALS.get(said, PdfRefused)
    if done.returncode < 0:  # stopped by a limit
        raise PdfTooHeavy
    raise PdfRefused
