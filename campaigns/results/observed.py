"""One look at a publication, on its way in, and why it may be refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.horizons import COUNTS, MAX_COUNT, Provenance

# A creator says that a piece is out some time after it is.
BEFORE_PUBLICATION = timedelta(days=7)
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Counts of the deliverable with this id; a count that is absent or None is unknown."""

    deliverable_id: int
    observed_at: datetime
    counts: Mapping[str, int | None]
    provenance: Provenance

    def known(self) -> dict[str, int | None]:
        """Every count, in order; None is unknown."""
        return {name: self.counts.get(name) for name in COUNTS}


@dataclass(frozen=True)
class Problem:
    """Why one of several observations is refused; ``place`` counts them from 0."""

    place: int
    attr: str
    message: str
    code: str = "observation_refused"


def list_problems(
    place: int, observed: Observed, *, published_at: datetime | None, now: datetime
) -> list[Problem]:
    """What is wrong with it by itself; empty when it can be kept."""
    if published_at is None:
        return [Problem(place, "deliverable", "This piece is not published.", "not_published")]
    problems = []
    if strange := set(observed.counts) - set(COUNTS):
        problems.append(Problem(place, "counts", f"There is no count “{min(strange)[:40]}”."))
    known = {name: count for name, count in observed.known().items() if count is not None}
    if not known:
        known_names = ", ".join(COUNTS)
        problems.append(
            Problem(place, "views", f"Give at least one of {known_names}; unknown ones stay empty.")
        )
    for name, count in known.items():
        if isinstance(count, bool) or not 0 <= count <= MAX_COUNT:
            problems.append(Problem(place, name, f"A whole number from 0 to {MAX_COUNT:,}."))
    moment = f"{observed.observed_at:%d %b %Y %H:%M} UTC"
    if observed.observed_at > now + CLOCKS_DIFFER:
        problems.append(Problem(place, "observed_at", f"{moment} has not come yet."))
    elif observed.observed_at < published_at - BEFORE_PUBLICATION:
        published = f"{published_at:%d %b %Y}"
        problems.append(
            Problem(place, "observed_at", f"{moment} is before the publication on {published}.")
        )
    return problems
