"""Why no values can be worked out or shown."""

from accounts.errors import DomainError


class BadMoment(DomainError):
    """The moment to value as of cannot be used."""

    code = "bad_as_of"
    http_status = 422


class BadRanking(DomainError):
    """A filter or a place in the list means nothing; ``field`` names it."""

    code = "bad_ranking"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, details={"field": field})
        self.field = field
