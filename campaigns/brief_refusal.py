"""What happens to a brief that keeps no rule."""

from accounts.errors import DomainError


class BriefRejected(DomainError):
    """The brief cannot be searched by; ``details`` names the field."""

    code = "brief_rejected"
    message = "The brief cannot be used."

    def __init__(self, message: str, *, code: str, attr: str) -> None:
        super().__init__(message, code=code, details={"field": attr})
        self.attr = attr
