"""Why an event is not recorded."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from accounts.errors import DomainError

OLDEST: Final = timedelta(hours=24)
# Clocks of telephones run ahead; what is sooner than this counts as now.
CLOCK_TOLERANCE: Final = timedelta(minutes=1)
ROWS_NAMED: Final = 10


class CreatorNotShown(DomainError):
    """The event names a list in which this creator was not shown to this brand."""

    code = "creator_not_shown"
    http_status = 422
    message = (
        "This creator was not shown to your brand in that list. Name the list the creator stood "
        "in, or none: then the event is recorded without a position."
    )


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one event of a batch; ``row`` counts from 1, 0 is the batch itself."""

    row: int
    field: str
    code: str
    message: str


class EventsRefused(DomainError):
    """Nothing of the batch was recorded; ``problems`` name the rows."""

    code = "events_refused"
    http_status = 422

    def __init__(self, problems: list[RowProblem]) -> None:
        self.problems = problems
        numbers = sorted({one.row for one in problems} - {0})
        rows = ", ".join(str(row) for row in numbers[:ROWS_NAMED])
        more = " and more" if len(numbers) > ROWS_NAMED else ""
        where = f" See row {rows}{more}:" if numbers else ""
        super().__init__(
            f"Nothing was recorded.{where} {problems[0].message}",
            details={"rows": [asdict(one) for one in problems]},
        )
