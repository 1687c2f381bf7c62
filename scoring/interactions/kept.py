"""Events as they are sent, and what was kept under their keys."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from accounts.idempotency import KeyReused
from accounts.models import Brand
from scoring.interactions.errors import RowProblem
from scoring.models import InteractionEvent


@dataclass(frozen=True)
class NewEvent:
    """One thing done about one creator, as somebody reports it.

    ``surface`` and ``campaign_id`` of an event that names a list are the list's, unless a
    campaign is given. ``at`` is when it happened; None for now.
    """

    kind: str
    creator_id: int
    campaign_id: int | None = None
    list_id: UUID | None = None
    surface: str = InteractionEvent.Surface.OTHER
    key: UUID | None = None
    at: datetime | None = None

    def with_key(self, key: UUID) -> "NewEvent":
        return replace(self, key=key)

    def is_told_by(self, kept: InteractionEvent) -> bool:
        """Whether the kept row says what this says; the time may have been told otherwise."""
        said = (self.kind, self.creator_id, self.list_id)
        same_campaign = self.campaign_id in (None, kept.campaign_id)
        return same_campaign and said == (kept.kind, kept.creator_id, kept.list_id)


@dataclass(frozen=True)
class Kept:
    """Rows of one brand by the key they were sent with."""

    rows: dict[UUID, InteractionEvent]

    @classmethod
    def read(cls, brand: Brand, events: Sequence[NewEvent]) -> "Kept":
        """One query."""
        keys = {one.key for one in events}
        found = InteractionEvent.objects.filter(brand=brand, key__in=keys).order_by()
        return cls({row.key: row for row in found if row.key is not None})

    def has(self, event: NewEvent) -> bool:
        return event.key in self.rows

    def event_of(self, event: NewEvent) -> InteractionEvent:
        assert event.key is not None
        return self.rows[event.key]

    def problems(self, events: Sequence[NewEvent]) -> list[RowProblem]:
        """Rows whose key stands for another event."""
        return [
            RowProblem(row, "key", KeyReused.code, "This key was used for another event.")
            for row, one in enumerate(events, start=1)
            if self.has(one) and not one.is_told_by(self.event_of(one))
        ]
