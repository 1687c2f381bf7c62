"""What one collaboration came to so far, for both of its sides."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from accounts.money import exponent
from campaigns.models import (
    Collaboration,
    CollectionPoint,
    Contract,
    Deliverable,
    Observation,
    Posting,
)
from campaigns.results.figures import Figures, PieceLine, bought, figures_of, provenances_in
from campaigns.results.reading import read_pieces

MOST_OBSERVATIONS = 500


@dataclass(frozen=True)
class PieceResults:
    """A piece with its collection points and every observation of it, the newest first."""

    piece: PieceLine
    points: list[CollectionPoint]
    observations: list[Observation]


@dataclass(frozen=True)
class CollaborationResults:
    """``paid_minor`` is what the ledger settled for the creator so far."""

    pieces: list[PieceResults]
    figures: list[Figures]
    currency: str
    paid_minor: int
    has_publications: bool


def get_collaboration_results(
    collaboration: Collaboration, *, now: datetime
) -> CollaborationResults:
    """Seven queries, whatever was observed; the latest `MOST_OBSERVATIONS` are listed."""
    lines, _ = read_pieces(Deliverable.objects.filter(collaboration=collaboration), now=now)
    pieces = lines.get(collaboration.pk, [])
    points: dict[int, list[CollectionPoint]] = {}
    for point in list_points(collaboration):
        points.setdefault(point.deliverable_id, []).append(point)
    seen: dict[int, list[Observation]] = {}
    for observation in list_observations(collaboration)[:MOST_OBSERVATIONS]:
        seen.setdefault(observation.deliverable_id, []).append(observation)
    currency = (
        Contract.objects.filter(collaboration=collaboration)
        .values_list("currency", flat=True)
        .first()
    )
    paid = Posting.objects.filter(
        operation__collaboration=collaboration, account__kind="creator_payable"
    ).aggregate(amount=Sum("amount_minor"))["amount"]
    group = bought(pieces, paid_minor=int(paid or 0))
    return CollaborationResults(
        pieces=[
            PieceResults(
                piece, points.get(piece.deliverable_id, []), seen.get(piece.deliverable_id, [])
            )
            for piece in pieces
        ],
        figures=[
            figures_of([group], provenance, unit_minor=10 ** exponent(currency or ""))
            for provenance in provenances_in(pieces)
        ],
        currency=currency or "",
        paid_minor=int(paid or 0),
        has_publications=any(piece.published_at is not None for piece in pieces),
    )


def list_points(collaboration: Collaboration) -> QuerySet[CollectionPoint]:
    return (
        CollectionPoint.objects.filter(deliverable__collaboration=collaboration)
        .select_related("observation")
        .order_by("deliverable", "due_at")
    )


def list_observations(collaboration: Collaboration) -> QuerySet[Observation]:
    """Every look at its pieces, the newest first."""
    return Observation.objects.filter(deliverable__collaboration=collaboration).order_by(
        "-observed_at", "-pk"
    )
