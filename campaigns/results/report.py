"""A campaign's report: what was planned and agreed, what came of it, per creator and in all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Sum

from accounts.money import exponent
from campaigns.briefs import get_latest_brief
from campaigns.horizons import Horizon, PointState, Provenance
from campaigns.models import Campaign, Collaboration, Deliverable, Posting
from campaigns.results.arithmetic import Total, engagements, total
from campaigns.results.earned_value import EarnedValue, earned_values
from campaigns.results.figures import (
    Bought,
    Figures,
    PieceLine,
    bought,
    figures_of,
    provenances_in,
)
from campaigns.results.planning import PlanTerms, get_plan
from campaigns.results.reading import Point, read_pieces
from campaigns.results.report_formula import UsedFormula, formula_for
from campaigns.states import FREES_BUDGET, State

PAID_KINDS = ("creator_payable", "platform_fee", "tax")


@dataclass(frozen=True)
class Completeness:
    """Collection points of published pieces, by what became of them."""

    collected: int
    missed: int
    due: int

    @property
    def planned(self) -> int:
        return self.collected + self.missed + self.due


@dataclass(frozen=True)
class CreatorLine:
    """One collaboration. ``paid_minor`` is what the ledger settled for the creator.

    ``earned`` is an estimate in the formula's currency, one for each provenance; it is in no cost.
    """

    collaboration_id: int
    creator_id: int
    creator: str
    is_simulated: bool
    state: str
    state_label: str
    currency: str
    agreed_minor: int
    agreed_fee_minor: int
    paid_minor: int
    fee_minor: int
    planned_pieces: int
    pieces: list[PieceLine]
    completeness: Completeness
    figures: list[Figures]
    earned: list[EarnedValue]

    @property
    def published(self) -> int:
        return sum(piece.published_at is not None for piece in self.pieces)

    @property
    def on_time(self) -> int:
        return sum(
            piece.published_at is not None and (piece.days_late or 0) <= 0 for piece in self.pieces
        )

    @property
    def days_late(self) -> int | None:
        """Of the latest piece; None if none is late."""
        late = [piece.days_late for piece in self.pieces if (piece.days_late or 0) > 0]
        return max((days for days in late if days is not None), default=None)


@dataclass(frozen=True)
class Moment:
    """What all pieces together had at one horizon, of one provenance."""

    horizon: Horizon
    provenance: Provenance
    views: Total
    engagements: Total


@dataclass(frozen=True)
class Report:
    """Money is None where lines are in more than one currency; ``currencies`` names them.

    ``earned`` is empty without a ``formula``, which is off until a brand turns it on.
    """

    campaign: Campaign
    as_of: datetime
    plan: PlanTerms
    budget_minor: int | None
    budget_currency: str
    currencies: list[str]
    agreed_minor: int | None
    paid_minor: int | None
    fee_minor: int | None
    planned_pieces: int
    published: int
    on_time: int
    completeness: Completeness
    figures: list[Figures]
    moments: list[Moment]
    lines: list[CreatorLine]
    formula: UsedFormula | None = None
    earned: list[EarnedValue] = field(default_factory=list)

    @property
    def currency(self) -> str:
        return self.currencies[0] if len(self.currencies) == 1 else ""


def get_report(campaign: Campaign, *, now: datetime, formula_version: int | None = None) -> Report:
    """Eight queries, whatever the number of collaborations; nine under an earlier formula.

    Everything that was agreed is in it, and what ended before it was funded is not.

    :param formula_version: of the brand's formula; None for the present one, if it is on.
    :raises NotFound: if the brand has no such version.
    """
    formula = formula_for(campaign.brand, version=formula_version)
    funded = Deliverable.objects.filter(collaboration=OuterRef("pk"))
    collaborations = list(
        Collaboration.objects.filter(campaign=campaign, contract__isnull=False)
        .filter(~Q(state__in=FREES_BUDGET) | Exists(funded))
        .select_related("creator", "contract__offer")
        .defer("contract__text")
        .order_by("creator__display_name", "pk")
    )
    deliverables = Deliverable.objects.filter(collaboration__campaign=campaign)
    pieces, points = read_pieces(deliverables, now=now)
    paid = _paid(campaign)
    lines, groups = [], []
    for collaboration in collaborations:
        own = pieces.get(collaboration.pk, [])
        line, group = _line(collaboration, own, paid.get(collaboration.pk, {}), formula)
        lines.append(line)
        groups.append(group)
    everything = [piece for line in lines for piece in line.pieces]
    currencies = sorted({line.currency for line in lines})
    is_one = len(currencies) == 1
    brief = get_latest_brief(campaign)
    # Costs in two currencies cannot be added up, nor what they are divided by.
    comparable = groups if is_one else [Bought(group.pieces, None) for group in groups]
    provenances = provenances_in(everything)
    unit = 10 ** exponent(currencies[0]) if is_one else 1
    return Report(
        campaign=campaign,
        as_of=now,
        plan=get_plan(campaign),
        budget_minor=brief.total_budget_minor,
        budget_currency=brief.budget_currency,
        currencies=currencies,
        agreed_minor=sum(line.agreed_minor for line in lines) if is_one else None,
        paid_minor=sum(line.paid_minor for line in lines) if is_one else None,
        fee_minor=sum(line.fee_minor for line in lines) if is_one else None,
        planned_pieces=sum(line.planned_pieces for line in lines),
        published=sum(line.published for line in lines),
        on_time=sum(line.on_time for line in lines),
        completeness=_completeness([own for line in lines for own in line.pieces]),
        figures=[figures_of(comparable, one, unit_minor=unit) for one in provenances],
        moments=_moments(everything, points),
        lines=lines,
        formula=formula,
        earned=earned_values(everything, provenances, rates=formula.rates) if formula else [],
    )


def _line(
    collaboration: Collaboration,
    pieces: list[PieceLine],
    paid: dict[str, int],
    formula: UsedFormula | None,
) -> tuple[CreatorLine, Bought]:
    contract = collaboration.contract
    provenances, unit = provenances_in(pieces), 10 ** exponent(contract.currency)
    paid_minor = paid.get("creator_payable", 0)
    group = bought(pieces, paid_minor=paid_minor)
    line = CreatorLine(
        collaboration_id=collaboration.pk,
        creator_id=collaboration.creator_id,
        creator=collaboration.creator.display_name,
        is_simulated=collaboration.creator.is_simulated,
        state=collaboration.state,
        state_label=State(collaboration.state).label,
        currency=contract.currency,
        agreed_minor=contract.total_minor,
        agreed_fee_minor=contract.fee_minor,
        paid_minor=paid_minor,
        fee_minor=paid.get("platform_fee", 0) + paid.get("tax", 0),
        planned_pieces=len(pieces) or len(contract.offer.terms["deliverables"]),
        pieces=pieces,
        completeness=_completeness(pieces),
        figures=[figures_of([group], one, unit_minor=unit) for one in provenances],
        earned=earned_values(pieces, provenances, rates=formula.rates) if formula else [],
    )
    return line, group


def _paid(campaign: Campaign) -> dict[int, dict[str, int]]:
    """Collaboration → kind of account → what its operations put there, clawbacks taken off."""
    rows = (
        Posting.objects.filter(
            operation__collaboration__campaign=campaign, account__kind__in=PAID_KINDS
        )
        .values_list("operation__collaboration", "account__kind")
        .annotate(amount=Sum("amount_minor"))
        .order_by()
    )
    paid: dict[int, dict[str, int]] = {}
    for collaboration_id, kind, amount in rows:
        paid.setdefault(collaboration_id, {})[kind] = int(amount)
    return paid


def _completeness(pieces: Sequence[PieceLine]) -> Completeness:
    states = [state for piece in pieces for state in piece.points.values()]
    return Completeness(
        collected=states.count(PointState.COLLECTED),
        missed=states.count(PointState.MISSED),
        due=states.count(PointState.DUE),
    )


def _moments(pieces: Sequence[PieceLine], points: dict[int, list[Point]]) -> list[Moment]:
    """Every horizon of every provenance that has anything, in the order of time."""
    platforms = {piece.deliverable_id: piece.platform for piece in pieces}
    views: dict[tuple[str, str], list[int | None]] = {}
    engaged: dict[tuple[str, str], list[int | None]] = {}
    for deliverable_id, platform in platforms.items():
        for horizon, _, provenance, counts in points.get(deliverable_id, []):
            if provenance:
                key = (provenance, horizon)
                views.setdefault(key, []).append(counts["views"])
                engaged.setdefault(key, []).append(engagements(counts, platform))
    published = sum(piece.published_at is not None for piece in pieces)

    def of_all(known: list[int | None]) -> Total:
        return total(known + [None] * (published - len(known)))

    return [
        Moment(horizon, provenance, of_all(views[key]), of_all(engaged[key]))
        for provenance in Provenance
        for horizon in Horizon
        if (key := (provenance.value, horizon.value)) in views
    ]
