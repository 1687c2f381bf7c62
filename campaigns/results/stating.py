"""What one side says a publication came to: a table, one look, or a program's push."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import DomainError
from campaigns.access import REVIEWERS, Seat
from campaigns.horizons import Provenance
from campaigns.models import Deliverable
from campaigns.results.connectors.csv import RowProblem, TableRefused, read_table
from campaigns.results.observed import Observed, Problem
from campaigns.results.taking import ObservationsRefused, Taken, take_observations
from campaigns.states import Side

STATED_BY = {Side.CREATOR: Provenance.CREATOR, Side.BRAND: Provenance.BRAND}
CSV_SOURCE = "csv"
FORM_SOURCE = "form"
SOURCE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


class SourceRefused(DomainError):
    code = "source_refused"
    message = "Name the source with up to 40 of a-z, 0-9, “.”, “-” and “_”."


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One look at the piece with this number in the collaboration; None is unknown."""

    position: int
    observed_at: datetime
    counts: Mapping[str, int | None]


@transaction.atomic
def state_results(
    *, seat: Seat, stated: Sequence[Stated], source: str, now: datetime, dry_run: bool = False
) -> Taken:
    """Keep what this side says, all or nothing; the same again changes nothing.

    It stands beside what is measured and is never mixed with it.

    :raises Forbidden: for moderators and for roles of the brand that only read.
    :raises SourceRefused: for a source with other characters.
    :raises ObservationsRefused: as `taking.take_observations`; a number that is no piece's is
        refused as not published.
    """
    seat.check(REVIEWERS)
    if not SOURCE.fullmatch(source):
        raise SourceRefused(details={"field": "source"})
    pieces = dict(
        Deliverable.objects.filter(collaboration=seat.collaboration).values_list("position", "pk")
    )
    if problems := [
        Problem(place, "deliverable", f"There is no piece {one.position} here.")
        for place, one in enumerate(stated)
        if one.position not in pieces
    ]:
        raise ObservationsRefused(problems)
    taken = take_observations(
        [
            Observed(
                deliverable_id=pieces[one.position],
                observed_at=one.observed_at,
                counts=one.counts,
                provenance=STATED_BY[seat.side],
            )
            for one in stated
        ],
        source=source,
        actor=seat.user,
        now=now,
        dry_run=dry_run,
    )
    if taken.stored and not dry_run:
        audit.record(
            actor=seat.user,
            verb="results.stated",
            subject=seat.collaboration,
            data={"side": seat.side.value, "source": source, "observations": len(taken.stored)},
        )
    return taken


def state_table(*, seat: Seat, content: bytes, now: datetime, dry_run: bool = False) -> Taken:
    """An uploaded table, all or nothing.

    :raises TableRefused: with row numbers, whatever is wrong with a row.
    """
    seat.check(REVIEWERS)
    rows = read_table(content)
    stated = [
        Stated(position=row.position, observed_at=row.observed_at, counts=row.counts)
        for row in rows
    ]
    try:
        return state_results(seat=seat, stated=stated, source=CSV_SOURCE, now=now, dry_run=dry_run)
    except ObservationsRefused as error:
        raise TableRefused(
            [RowProblem(rows[one.place].row, one.attr, one.message) for one in error.problems]
        ) from error
