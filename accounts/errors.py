"""The one family of errors that people are meant to read."""

from typing import Any


class DomainError(Exception):
    """A refusal with a stable ``code`` for programs and a ``message`` for people.

    Each interface turns it into its own form in one place: JSON in
    `marketplace/api/errors.py`, a flash message in pages, ``CommandError`` in
    commands. ``details`` holds JSON-ready facts, such as the refused rows of a file.
    """

    code = "error"
    message = "This could not be done."
    http_status = 400

    def __init__(self, message: str = "", *, code: str = "", details: Any = None) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.details = details
        super().__init__(self.message)


class NotFound(DomainError):
    """The object does not exist, or the asker may not know that it does."""

    code = "not_found"
    message = "There is nothing here, or you have no access to it."
    http_status = 404


class Forbidden(DomainError):
    """The asker may see the object but not do this with it."""

    code = "forbidden"
    message = "Your role does not allow this."
    http_status = 403


class Conflict(DomainError):
    """The object's present state does not allow this."""

    code = "conflict"
    message = "This is not possible in the present state."
    http_status = 409
