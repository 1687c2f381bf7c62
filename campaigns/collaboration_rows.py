"""What a list says of each collaboration: who must act, by when, and where the money is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from accounts.models import User
from campaigns.message_reading import unread_of
from campaigns.models import Collaboration, Contract, Deliverable, LedgerAccount, Posting
from campaigns.standing import Standing, get_deliverable_standing, get_standing
from campaigns.states import Side, State

Kind = LedgerAccount.Kind


@dataclass(frozen=True)
class RowMoney:
    """Minor units of one currency.

    ``offered`` is what the present offer takes of the budget, ``agreed`` the contract's total
    for the creator (None before there is one), ``set_aside`` lies ready with the platform's fee,
    ``paid`` was credited to the creator.
    """

    currency: str
    offered_minor: int
    agreed_minor: int | None
    set_aside_minor: int
    paid_minor: int


@dataclass(frozen=True)
class CollaborationRow:
    """``standing`` is of the whole; ``next_step`` of the ``piece`` that is due first, if any."""

    collaboration: Collaboration
    side: Side
    standing: Standing
    next_step: Standing
    piece: Deliverable | None
    needs_me: bool
    is_overdue: bool
    money: RowMoney
    unread: int

    @property
    def other(self) -> str:
        """Who is on the other side."""
        row = self.collaboration
        return str(row.brand if self.side is Side.CREATOR else row.creator)

    @property
    def due_at(self) -> datetime | None:
        """When the next step is, or was, due."""
        return self.next_step.deadline_at or self.collaboration.due_at


def describe_rows(
    page: Sequence[Collaboration], *, user: User, creator_id: int | None, now: datetime
) -> list[CollaborationRow]:
    """Of collaborations with brand, campaign, creator and contract loaded. Three queries.

    :param creator_id: the user's own profile; in all other rows they are on the brand's side.
    """
    pieces = _next_pieces([one.pk for one in page if one.state == State.ACTIVE])
    moved = _moved([one.pk for one in page if hasattr(one, "contract")])
    unread = unread_of(user, [one.pk for one in page])
    rows = []
    for one in page:
        one.campaign.brand = one.brand
        side = Side.CREATOR if one.creator_id == creator_id else Side.BRAND
        piece = _choose(pieces.get(one.pk, []), side)
        standing = get_standing(one)
        rows.append(
            CollaborationRow(
                collaboration=one,
                side=side,
                standing=standing,
                next_step=get_deliverable_standing(piece) if piece else standing,
                piece=piece,
                needs_me=one.creator_acts if side is Side.CREATOR else one.brand_acts,
                is_overdue=one.due_at is not None and one.due_at <= now,
                money=_money(one, moved),
                unread=unread.get(one.pk, 0),
            )
        )
    return rows


def _next_pieces(collaboration_ids: list[int]) -> dict[int, list[Deliverable]]:
    """For each side of each collaboration the piece due first; what is late has no deadline."""
    if not collaboration_ids:
        return {}
    found: dict[int, list[Deliverable]] = {}
    waiting = Deliverable.objects.filter(collaboration__in=collaboration_ids)
    for piece in (
        waiting.exclude(acting_side="")
        .order_by(
            "collaboration_id", "acting_side", F("deadline_at").asc(nulls_first=True), "position"
        )
        .distinct("collaboration_id", "acting_side")
        .defer("description")
    ):
        found.setdefault(piece.collaboration_id, []).append(piece)
    return found


def _choose(pieces: list[Deliverable], side: Side) -> Deliverable | None:
    """Rather one that waits for the reader than one that waits for the other side."""
    own = [piece for piece in pieces if piece.acting_side == side]
    return next(iter(own or pieces), None)


def _moved(collaboration_ids: list[int]) -> dict[tuple[int, str], int]:
    """What the ledger holds aside for each, and what it credited to the creator."""
    if not collaboration_ids:
        return {}
    sums = (
        Posting.objects.filter(
            operation__collaboration__in=collaboration_ids,
            account__kind__in=[Kind.HOLD, Kind.CREATOR_PAYABLE],
        )
        .order_by()
        .values_list("operation__collaboration_id", "account__kind")
        .annotate(total=Sum("amount_minor"))
    )
    return {(pk, kind): total for pk, kind, total in sums}


def _money(one: Collaboration, moved: dict[tuple[int, str], int]) -> RowMoney:
    contract: Contract | None = getattr(one, "contract", None)
    return RowMoney(
        currency=contract.currency if contract else one.earmark_currency,
        offered_minor=one.earmark_minor if contract is None else 0,
        agreed_minor=contract.total_minor if contract else None,
        set_aside_minor=moved.get((one.pk, Kind.HOLD), 0),
        paid_minor=moved.get((one.pk, Kind.CREATOR_PAYABLE), 0),
    )
