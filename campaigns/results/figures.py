"""What pieces brought, of one provenance: sums and what they cost. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from campaigns.horizons import COUNTS, Provenance
from campaigns.results.arithmetic import Ratio, Total, engagements, ratio, total


@dataclass(frozen=True)
class Seen:
    """The newest known value of each count; ``observed_at`` is the newest look's time."""

    counts: dict[str, int | None]
    observed_at: datetime


@dataclass(frozen=True)
class PieceLine:
    """One deliverable, planned and actual. ``points`` maps a horizon to its point's state.

    ``days_late`` is above zero for what came, or still is to come, after its date; None where
    that cannot be said yet or any more.
    """

    deliverable_id: int
    position: int
    kind: str
    platform: str
    price_minor: int
    publish_by: date
    state: str
    state_label: str
    published_at: datetime | None
    url: str
    days_late: int | None
    points: dict[str, str] = field(default_factory=dict)
    seen: dict[Provenance, Seen] = field(default_factory=dict)

    def count(self, name: str, provenance: Provenance) -> int | None:
        return self.seen[provenance].counts[name] if provenance in self.seen else None

    def engagements(self, provenance: Provenance) -> int | None:
        if provenance not in self.seen:
            return None
        return engagements(self.seen[provenance].counts, self.platform)

    @property
    def has_its_payment(self) -> bool:
        """Whether what is paid for it is settled, and so can be divided by what it brought."""
        return self.state in ("settled", "cancelled", "waived")


@dataclass(frozen=True)
class Figures:
    """Over published pieces. Costs are in minor units; they are None until all is paid.

    ``reach_per_money`` and ``engagements_per_money`` are what one unit of the currency bought.
    """

    provenance: Provenance
    counts: dict[str, Total]
    engagements: Total
    engagement_rate: Ratio
    cost_per_engagement: Ratio
    cost_per_thousand: Ratio
    cost_per_view: Ratio
    reach_per_money: Ratio
    engagements_per_money: Ratio


@dataclass(frozen=True)
class Bought:
    """Pieces paid for together: a collaboration's. ``paid_minor`` is None while any is unpaid."""

    pieces: Sequence[PieceLine]
    paid_minor: int | None

    def sum_of(self, name: str, provenance: Provenance) -> int | None:
        """Over all pieces; None if one of them is unknown."""
        if name == "engagements":
            found = total(piece.engagements(provenance) for piece in self.pieces)
        else:
            found = total(piece.count(name, provenance) for piece in self.pieces)
        return found.value if found.is_complete else None


def bought(pieces: Sequence[PieceLine], *, paid_minor: int) -> Bought:
    """The published ones of a collaboration's pieces with what was paid for all of it."""
    published = [piece for piece in pieces if piece.published_at is not None]
    is_paid = paid_minor > 0 and all(piece.has_its_payment for piece in published)
    return Bought(published, paid_minor if is_paid else None)


def figures_of(groups: Sequence[Bought], provenance: Provenance, *, unit_minor: int) -> Figures:
    """Sums of what is known; ratios over those collaborations where both parts are known.

    :param unit_minor: minor units in one of the currency the groups were paid in.
    """
    pieces = [piece for group in groups for piece in group.pieces]
    groups = [group for group in groups if group.pieces]
    engaged = [piece.engagements(provenance) for piece in pieces]
    views = [piece.count("views", provenance) for piece in pieces]

    def cost_per(name: str, *, per: int = 1) -> Ratio:
        pairs = [(group.paid_minor, group.sum_of(name, provenance)) for group in groups]
        return ratio(pairs, per=per)

    def per_money(name: str) -> Ratio:
        pairs = [(group.sum_of(name, provenance), group.paid_minor) for group in groups]
        return ratio(pairs, per=unit_minor)

    return Figures(
        provenance=provenance,
        counts={name: total(piece.count(name, provenance) for piece in pieces) for name in COUNTS},
        engagements=total(engaged),
        engagement_rate=ratio(zip(engaged, views, strict=True)),
        cost_per_engagement=cost_per("engagements"),
        cost_per_thousand=cost_per("impressions", per=1_000),
        cost_per_view=cost_per("views"),
        reach_per_money=per_money("reach"),
        engagements_per_money=per_money("engagements"),
    )


def provenances_in(pieces: Sequence[PieceLine]) -> list[Provenance]:
    """Those with anything to show, what is measured first."""
    found = {provenance for piece in pieces for provenance in piece.seen}
    return [provenance for provenance in Provenance if provenance in found]
