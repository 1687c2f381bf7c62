"""What each piece came to, recorded for those who learn from it; append-only, recomputable."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import SocialAccount
from campaigns.contracts import last_day
from campaigns.horizons import Horizon, PointState
from campaigns.models import (
    Brief,
    CollectionPoint,
    Contract,
    Deliverable,
    Observation,
    Outcome,
    Publication,
    Review,
)
from campaigns.results.account_facts import read_account_facts
from campaigns.states import FINAL, Side

CHUNK = 200
RECORDED = (Horizon.WEEK, Horizon.MONTH)


def record_due_outcomes(*, now: datetime) -> int:
    """Record pieces whose collaboration ended, and again when their 30 days are over.

    How many rows were written. Asking again writes nothing.
    """
    own = Outcome.objects.filter(deliverable=OuterRef("pk"))
    month = CollectionPoint.objects.filter(
        deliverable=OuterRef("pk"), horizon=Horizon.MONTH
    ).exclude(state=PointState.DUE)
    due = (
        Deliverable.objects.filter(
            (Exists(month) & ~Exists(own.filter(stage=Outcome.Stage.MONTH)))
            | (Q(collaboration__state__in=FINAL) & ~Exists(own))
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return record_outcomes(deliverable_ids=list(due[:CHUNK]), now=now)


@transaction.atomic
def record_outcomes(*, deliverable_ids: Sequence[int], now: datetime) -> int:
    """Write the present outcome of each piece, unless it is what was last written.

    How many rows were written. Nine queries, so pass pieces by the hundred.
    """
    if not deliverable_ids:
        return 0
    pieces = list(
        Deliverable.objects.select_related("collaboration__campaign", "collaboration__creator")
        .filter(pk__in=deliverable_ids)
        .order_by("pk")
    )
    contracts = {
        contract.collaboration_id: contract
        for contract in Contract.objects.filter(
            collaboration__in=[piece.collaboration_id for piece in pieces]
        )
    }
    publications = {p.deliverable_id: p for p in Publication.objects.filter(deliverable__in=pieces)}
    points: dict[int, dict[str, CollectionPoint]] = {}
    for point in CollectionPoint.objects.select_related("observation").filter(
        deliverable__in=pieces, horizon__in=RECORDED
    ):
        points.setdefault(point.deliverable_id, {})[point.horizon] = point
    briefs, ratings = _briefs(pieces), _ratings(pieces)
    accounts = _accounts(pieces, publications)
    facts = read_account_facts(
        [
            (account, contracts[piece.collaboration_id].created_at)
            for piece in pieces
            if (account := accounts[piece.pk]) is not None
        ]
    )
    rows = [
        _outcome(
            piece,
            contract=contracts[piece.collaboration_id],
            publication=publications.get(piece.pk),
            points=points.get(piece.pk, {}),
            briefs=briefs.get(piece.collaboration.campaign_id, []),
            account_id=accounts[piece.pk],
            rating=ratings.get(piece.collaboration_id),
            facts=facts.get(
                (accounts[piece.pk] or 0, contracts[piece.collaboration_id].created_at)
            ),
            now=now,
        )
        for piece in pieces
    ]
    before = dict(
        Outcome.objects.filter(deliverable__in=pieces)
        .order_by("deliverable", "-pk")
        .distinct("deliverable")
        .values_list("deliverable", "fingerprint")
    )
    new = [row for row in rows if before.get(row.deliverable_id) != row.fingerprint]
    # Two who record at once write the same row; one of them stays.
    Outcome.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _outcome(
    piece: Deliverable,
    *,
    contract: Contract,
    publication: Publication | None,
    points: dict[str, CollectionPoint],
    briefs: Sequence[Brief],
    account_id: int | None,
    rating: int | None,
    facts: dict[str, Any] | None,
    now: datetime,
) -> Outcome:
    month = points.get(Horizon.MONTH)
    agreed_with = [brief for brief in briefs if brief.created_at <= contract.created_at]
    results = {
        horizon.value: _seen(points[horizon].observation)
        for horizon in RECORDED
        if horizon in points and points[horizon].observation is not None
    }
    collaboration = piece.collaboration
    due = last_day(piece.publish_by, stood_still=collaboration.stood_still)
    row = Outcome(
        deliverable=piece,
        collaboration=collaboration,
        brief=agreed_with[-1] if agreed_with else None,
        account_id=account_id,
        stage=(
            Outcome.Stage.MONTH
            if month is not None and month.state != PointState.DUE
            else Outcome.Stage.ENDED
        ),
        platform=piece.platform,
        kind=piece.kind,
        price_minor=piece.price_minor,
        fee_minor=piece.fee_minor,
        currency=contract.currency,
        agreed_at=contract.created_at,
        account_facts=facts or {},
        state=piece.state,
        published_at=publication.published_at if publication else None,
        days_late=((publication.published_at.date() - due).days if publication else None),
        results=results,
        rating=rating,
        is_simulated=collaboration.campaign.is_simulated
        or collaboration.creator.is_simulated
        or any(seen["provenance"] == "simulated" for seen in results.values()),
        recorded_at=now,
    )
    row.fingerprint = _fingerprint(row)
    return row


def _seen(observation: Observation | None) -> dict[str, Any]:
    assert observation is not None
    return {
        **observation.counts,
        "observed_at": observation.observed_at.isoformat(),
        "provenance": observation.provenance,
        "warnings": len(observation.warnings),
    }


def _briefs(pieces: Iterable[Deliverable]) -> dict[int, list[Brief]]:
    """Campaign → its briefs, the oldest first."""
    found: dict[int, list[Brief]] = {}
    campaigns = {piece.collaboration.campaign_id for piece in pieces}
    for brief in Brief.objects.filter(campaign__in=campaigns).order_by("version"):
        found.setdefault(brief.campaign_id, []).append(brief)
    return found


def _ratings(pieces: Iterable[Deliverable]) -> dict[int, int]:
    """Collaboration → what the brand's review says of the creator, once both may read it."""
    return dict(
        Review.objects.filter(
            collaboration__in={piece.collaboration_id for piece in pieces},
            side=Side.BRAND,
            published_at__isnull=False,
            hidden_at=None,
        ).values_list("collaboration", "rating")
    )


def _accounts(
    pieces: Sequence[Deliverable], publications: dict[int, Publication]
) -> dict[int, int | None]:
    """Piece → the account it was published on, or the creator's only one on its platform."""
    creators = {piece.collaboration.creator_id for piece in pieces}
    own: dict[tuple[int, str], list[int]] = {}
    for pk, creator, platform in SocialAccount.objects.filter(creator__in=creators).values_list(
        "pk", "creator_id", "platform"
    ):
        own.setdefault((creator, platform), []).append(pk)
    found: dict[int, int | None] = {}
    for piece in pieces:
        publication = publications.get(piece.pk)
        candidates = own.get((piece.collaboration.creator_id, piece.platform), [])
        agreed = piece.collaboration.account_id
        if publication is not None and publication.account_id is not None:
            found[piece.pk] = publication.account_id
        elif agreed in candidates:
            found[piece.pk] = agreed
        else:
            found[piece.pk] = candidates[0] if len(candidates) == 1 else None
    return found


def _fingerprint(row: Outcome) -> str:
    content = {
        field.attname: getattr(row, field.attname)
        for field in Outcome._meta.concrete_fields
        if field.name not in ("id", "fingerprint", "recorded_at")
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
