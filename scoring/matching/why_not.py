"""Where a named creator stands in a brief's list, and if nowhere, why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pgvector.django import CosineDistance

from accounts.models import Creator, SocialAccount
from campaigns.terms import BriefTerms
from scoring.matching.briefs import ReadBrief, read_brief
from scoring.matching.factors import Factor, MatchScore
from scoring.matching.limits import limits_of
from scoring.matching.listing import Listed, entries_for, list_creators
from scoring.matching.refusing import why_not_shown
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.limits import Refusal
from scoring.models import SearchEntry

HIDDEN: Final = Refusal("hidden", "Your brand has hidden this creator")
WEAKEST = 3


@dataclass(frozen=True)
class Placing:
    """One account in a brief's list.

    ``refusals`` are the limits it does not pass. Without any it is eligible: at ``rank``, or
    behind a better account of the same creator (``instead``), or it was not compared, because
    the texts of ``nearer`` accounts are nearer to the brief (None: it has no text).
    """

    account: SocialAccount
    refusals: list[Refusal]
    rank: int | None = None
    instead: SocialAccount | None = None
    nearer: int | None = None
    match: MatchScore | None = None

    @property
    def is_eligible(self) -> bool:
        return not self.refusals

    @property
    def weakest(self) -> list[Factor]:
        return self.match.weakest[:WEAKEST] if self.match else []


@dataclass(frozen=True)
class WhyNot:
    """What is to be said of a creator and a brief's list of ``ranked`` creators."""

    creator: Creator
    placings: list[Placing]
    ranked: int
    eligible: int


def explain_place(
    *,
    terms: BriefTerms,
    creator: Creator,
    now: datetime,
    brand_names: Sequence[str] = (),
    hidden: Collection[int] = (),
) -> WhyNot:
    """The place of each account of a creator, or every limit it fails and by how much.

    The queries of one list, and at most three for each account.

    :raises BriefRejected, LimitsRefused: if the brief cannot be searched by.
    """
    brief = read_brief(terms, brand_names=brand_names)
    accounts = list(creator.accounts.select_related("creator").order_by("pk"))
    listed = list_creators(brief, hidden=hidden, besides=[one.pk for one in accounts])
    placings = [
        _placing(account, brief, listed, accounts=accounts, hidden=hidden) for account in accounts
    ]
    return WhyNot(creator, placings, ranked=len(listed.places), eligible=listed.eligible)


def _placing(
    account: SocialAccount,
    brief: ReadBrief,
    listed: Listed,
    *,
    accounts: Sequence[SocialAccount],
    hidden: Collection[int],
) -> Placing:
    refusals = why_not_shown(limits=limits_of(brief.terms), account=account)
    if account.creator_id in hidden:
        refusals = [HIDDEN, *refusals]
    rows = listed.assessed.rows
    place = next((n for n, row in enumerate(rows) if row["account_id"] == account.pk), None)
    if place is None:
        return Placing(account, refusals)
    [match] = listed.assessed.explain([place])
    if refusals:
        return Placing(account, refusals, match=match)
    if place in listed.places:
        return Placing(account, [], rank=listed.places.index(place) + 1, match=match)
    if place < listed.compared:
        shown = {rows[better]["account_id"] for better in listed.places}
        instead = next((one for one in accounts if one.pk in shown), None)
        return Placing(account, [], instead=instead, match=match)
    return Placing(account, [], nearer=_count_nearer(account, brief, hidden), match=match)


def _count_nearer(account: SocialAccount, brief: ReadBrief, hidden: Collection[int]) -> int | None:
    """Eligible accounts whose text is nearer to the brief; None without a text. Two queries."""
    distance = CosineDistance("embedding__vector", brief.vector.tolist())
    measured = SearchEntry.objects.filter(
        account=account, embedding__encoder_version=ENCODER_VERSION
    ).annotate(distance=distance)
    own = measured.values_list("distance", flat=True).first()
    if own is None:
        return None
    entries = entries_for(brief.terms, hidden=hidden).filter(
        embedding__encoder_version=ENCODER_VERSION
    )
    return entries.annotate(distance=distance).filter(distance__lt=own).count()
