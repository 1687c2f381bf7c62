"""Why a file, or rows of it, could not be imported."""

from typing import Any

from accounts.errors import DomainError


class FileUnreadable(DomainError):
    """The file as a whole cannot be read as a table; nothing was imported."""

    code = "file_unreadable"
    message = "The file cannot be read."
    http_status = 422


class LayoutUnknown(DomainError):
    """The header is of no known layout, or of one that belongs elsewhere."""

    code = "layout_unknown"
    message = "The header is of no known layout."
    http_status = 422


class FileRefused(DomainError):
    """Some rows are bad, so nothing was imported; ``details`` is the report."""

    code = "file_refused"
    message = "The file has bad rows; nothing was imported."
    http_status = 422

    def __init__(self, message: str, *, details: dict[str, Any]) -> None:
        super().__init__(message, details=details)


class RefusalsUnwritable(DomainError):
    """The file for the refused rows cannot be written; nothing was imported."""

    code = "refusals_unwritable"
    message = "The refused rows cannot be written."
    http_status = 422
