"""What a brief asks to be made: value objects, stored as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from accounts.models import Platform


@dataclass(frozen=True, kw_only=True)
class DeliverableSpec:
    """So many pieces of a kind for a platform; ``length`` and ``format`` may be left open."""

    kind: str
    platform: str
    description: str
    count: int = 1
    length: str = ""
    format: str = ""

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "DeliverableSpec":
        return cls(**document)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        """``2 × video on Instagram (30 s, vertical)``."""
        platform = Platform(self.platform).label if self.platform in Platform.values else ""
        details = ", ".join(part for part in (self.length, self.format) if part)
        place = f" on {platform}" if platform else ""
        return f"{self.count} × {self.kind}{place}{f' ({details})' if details else ''}"

    @property
    def full_description(self) -> str:
        """With length and format, as an offer's deliverable says it."""
        details = ", ".join(part for part in (self.length, self.format) if part)
        return f"{self.description.strip()} ({details})" if details else self.description.strip()
