"""What is known of several creators at once, for lists and comparisons.

A constant number of queries, whatever the number of creators. Whom the reader may see is
decided before: nothing here looks at a profile's status.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import AccountMetric, AudienceSnapshot, Creator, SocialAccount
from campaigns.creator_ratings import Rating, ratings_of
from campaigns.states import Side
from campaigns.terms import BriefTerms
from campaigns.transparency import Record, get_track_records
from scoring.matching import MatchScore, match_accounts
from scoring.models import SearchEntry
from scoring.scored_accounts import ScoredAccount
from scoring.selectors import current_audiences, current_scores


@dataclass
class CandidateAccount(ScoredAccount):
    """One account with its search row, current scores and, where a brief was given, its match.

    ``counted`` and ``audience`` are loaded by `compare_candidates` alone.
    """

    match: MatchScore | None = None
    counted: AccountMetric | None = None
    audience: AudienceSnapshot | None = None

    @property
    def entry(self) -> SearchEntry | None:
        return getattr(self.account, "search_entry", None)

    @property
    def followers(self) -> int | None:
        return self.entry.followers if self.entry else None


@dataclass
class Candidate:
    """A creator with all their accounts; ``rating`` and ``record`` as for ``counted`` above."""

    creator: Creator
    accounts: list[CandidateAccount] = field(default_factory=list)
    rating: Rating | None = None
    record: Record | None = None

    def main(self, *, platform: str = "") -> CandidateAccount | None:
        """The account that speaks for the creator: the best match, else the most followed.

        :param platform: only accounts there; None if there is none.
        """
        asked = [one for one in self.accounts if platform in ("", one.account.platform)]
        return max(asked, key=_weight, default=None)

    @property
    def best(self) -> CandidateAccount | None:
        return self.main()


def read_candidates(
    creators: Sequence[Creator],
    *,
    now: datetime,
    terms: BriefTerms | None = None,
    brand_names: Sequence[str] = (),
) -> dict[int, Candidate]:
    """By creator id. Two queries, and those of a match where there is a brief.

    :param brand_names: whose brief it is, as `scoring.matching.match_accounts` reads it.
    """
    candidates = {creator.pk: Candidate(creator) for creator in creators}
    accounts = list(
        SocialAccount.objects.filter(creator__in=list(candidates))
        .select_related("search_entry", "creator")
        .order_by("platform", "pk")
    )
    scores = current_scores([account.pk for account in accounts])
    matches = (
        match_accounts(terms=terms, accounts=accounts, now=now, brand_names=brand_names)
        if terms
        else {}
    )
    for account in accounts:
        candidates[account.creator_id].accounts.append(
            CandidateAccount(account, scores.get(account.pk, {}), matches.get(account.pk))
        )
    return candidates


def compare_candidates(
    creators: Sequence[Creator],
    *,
    now: datetime,
    terms: BriefTerms | None = None,
    brand_names: Sequence[str] = (),
) -> dict[int, Candidate]:
    """As `read_candidates`, with counts, audiences, ratings and records. Five queries more."""
    candidates = read_candidates(creators, now=now, terms=terms, brand_names=brand_names)
    accounts = {one.account.pk: one for each in candidates.values() for one in each.accounts}
    counts = (
        AccountMetric.objects.filter(account__in=list(accounts), followers__isnull=False)
        .order_by("account", "-day", "-recorded_at")
        .distinct("account")
    )
    for metric in counts:
        accounts[metric.account_id].counted = metric
    for pk, audience in current_audiences(list(accounts)).items():
        accounts[pk].audience = audience
    ratings = ratings_of(candidates)
    records = get_track_records(Side.CREATOR, candidates, now=now)
    for pk, candidate in candidates.items():
        candidate.rating, candidate.record = ratings.get(pk), records.get(pk)
    return candidates


def _weight(one: CandidateAccount) -> tuple[float, float, int]:
    """Unknown counts least; the older account wins a tie."""
    match = one.match.score if one.match else -1.0
    return match, one.followers if one.followers is not None else -1.0, -one.account.pk
