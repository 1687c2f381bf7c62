"""Who a plan can be made of: the brief's nearest creators with prices, counts and audiences."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.models import SocialAccount
from campaigns.terms import BriefTerms
from scoring.budgeting.counts import ExpectedCounts, expect_counts
from scoring.budgeting.pricing import Price, price_work
from scoring.budgeting.refusing import NoPlan
from scoring.budgeting.terms import Goal, PlanTerms
from scoring.matching.briefs import read_brief
from scoring.matching.creator_facts import Row
from scoring.matching.listing import Listed, list_creators
from scoring.ml.budgeting.audiences import AudienceShares
from scoring.ml.match.exposure import tier_of
from scoring.ml.match.facts import read_audience
from scoring.ml.match.shares import Shares
from scoring.models import SearchEntry
from scoring.pricing.knowing import know_accounts, market_facts

WHY_LEFT_OUT: Final = {
    "simulated": "made up, so not mixed with real creators",
    "excluded": "left out by you",
    "no_price": "without a price of a comparable market",
    "no_rate": "priced in a currency without a rate to yours",
    "no_reach": "whose reach is unknown",
    "no_engagements": "whose engagements are unknown",
    "low_match": "who match the brief by less than asked",
    "over_share": "dearer than the share of the budget one creator may take",
}

INSISTED: Final = {
    "no_price": "has no price of a comparable market; type the price you know",
    "no_rate": "is priced in a currency without a rate to yours",
    "no_reach": "their reach is unknown; choose another goal",
    "no_engagements": "their engagements are unknown; choose another goal",
    "low_match": "matches the brief by less than asked",
    "over_share": "costs more than the share of the budget one creator may take",
}


@dataclass(frozen=True)
class Candidate:
    """One creator with the account that fits the brief best. ``match`` is 0 to 1."""

    creator_id: int
    account_id: int
    name: str
    platform: str
    tier: str
    followers: int | None
    match: float
    price: Price
    counts: ExpectedCounts
    audience: AudienceShares
    is_simulated: bool


@dataclass(frozen=True)
class Pool:
    """``left_out`` counts who was not planned with, by the names of `WHY_LEFT_OUT`."""

    candidates: list[Candidate]
    left_out: Counter[str]
    eligible: int
    is_simulated: bool
    price_versions: list[str]
    match_version: str

    def left_out_rows(self) -> list[dict[str, Any]]:
        return [
            {"code": code, "reason": WHY_LEFT_OUT[code], "count": count}
            for code, count in sorted(self.left_out.items())
            if count
        ]


def gather_candidates(
    *,
    terms: PlanTerms,
    brief: BriefTerms,
    brand_names: Sequence[str] = (),
    hidden: Collection[int] = (),
    now: datetime,
) -> Pool:
    """The brief's list with whoever must be in. A constant number of queries.

    Real creators, or simulated ones where the list has no others: never both.

    :raises BriefRejected: if the brief cannot be searched by.
    :raises NoPlan: if somebody who must be in cannot be planned with.
    """
    read = read_brief(brief, brand_names=brand_names)
    insisted = list(
        SearchEntry.objects.filter(creator__in=terms.include, is_visible=True).values_list(
            "account_id", flat=True
        )
    )
    listed = list_creators(read, hidden=hidden, besides=insisted)
    rows, scores = _rows(listed, terms.include)
    accounts = SocialAccount.objects.select_related("creator").in_bulk(
        [row["account_id"] for row in rows]
    )
    rows = [row for row in rows if row["account_id"] in accounts]
    left_out: Counter[str] = Counter()
    simulated = _is_simulated(rows, accounts, terms)
    kept = []
    for row in rows:
        if row["creator_id"] in terms.exclude:
            left_out["excluded"] += 1
        elif accounts[row["account_id"]].creator.is_simulated != simulated:
            left_out["simulated"] += 1
        else:
            kept.append(row)
    theirs = [accounts[row["account_id"]] for row in kept]
    known = know_accounts(theirs, as_of=now)
    priced = price_work(
        theirs,
        known,
        terms=terms,
        brief=brief,
        simulated=simulated,
        now=now,
    )
    counts = expect_counts(kept, [market_facts(one) for one in known], now=now)
    candidates, versions = [], set()
    for row, price, count in zip(kept, priced, counts, strict=True):
        why = _why_not(price, count, scores[row["account_id"]], terms)
        if why is not None or isinstance(price, str):
            _refuse_insisted(row, accounts, why or "no_price", terms)
            left_out[why or "no_price"] += 1
            continue
        versions.add(price.version)
        account = accounts[row["account_id"]]
        candidates.append(
            Candidate(
                creator_id=row["creator_id"],
                account_id=row["account_id"],
                name=account.creator.display_name,
                platform=row["platform"],
                tier=tier_of(row["followers"]),
                followers=row["followers"],
                match=scores[row["account_id"]],
                price=price,
                counts=count,
                audience=_audience(row),
                is_simulated=simulated,
            )
        )
    _check_insisted(terms, {row["creator_id"] for row in rows}, simulated, accounts)
    return Pool(
        candidates=candidates,
        left_out=left_out,
        eligible=listed.eligible,
        is_simulated=simulated,
        price_versions=sorted(versions - {""}),
        match_version=f"match/{read.scorer.version}",
    )


def _rows(listed: Listed, include: Collection[int]) -> tuple[list[Row], dict[int, float]]:
    """In the order of the list, then those who must be in and are not in it; scores by account."""
    assessed = listed.assessed
    places = list(listed.places)
    there = {assessed.rows[place]["creator_id"] for place in places}
    for place in range(listed.compared, len(assessed.rows)):
        creator_id = assessed.rows[place]["creator_id"]
        if creator_id in include and creator_id not in there:
            places.append(place)
            there.add(creator_id)
    rows = [assessed.rows[place] for place in places]
    return rows, {
        assessed.rows[place]["account_id"]: float(assessed.scores[place]) for place in places
    }


def _is_simulated(
    rows: Sequence[Row], accounts: dict[int, SocialAccount], terms: PlanTerms
) -> bool:
    """Whether the plan is about made-up creators: those insisted on decide, else anybody real."""
    kinds = [
        accounts[row["account_id"]].creator.is_simulated
        for row in rows
        if not terms.include or row["creator_id"] in terms.include
    ]
    return bool(kinds) and all(kinds)


def _why_not(
    price: Price | str, counts: ExpectedCounts, match: float, terms: PlanTerms
) -> str | None:
    if terms.least_match is not None and match < terms.least_match:
        return "low_match"
    if isinstance(price, str):
        return price
    if terms.goal == Goal.REACH and counts.reach is None:
        return "no_reach"
    if terms.goal == Goal.ENGAGEMENTS and counts.engagements is None:
        return "no_engagements"
    share = terms.largest_share
    if share is not None and price.middle_minor > share * terms.budget_minor:
        return "over_share"
    return None


def _refuse_insisted(
    row: Row, accounts: dict[int, SocialAccount], why: str, terms: PlanTerms
) -> None:
    if row["creator_id"] in terms.include:
        name = accounts[row["account_id"]].creator.display_name
        raise NoPlan(
            {"over_share": "largest_share", "low_match": "least_match"}.get(why, "include"),
            f"{name} must be in the plan, but {INSISTED[why]}.",
            creator_id=row["creator_id"],
        )


def _check_insisted(
    terms: PlanTerms, found: set[int], simulated: bool, accounts: dict[int, SocialAccount]
) -> None:
    if missing := set(terms.include) - found:
        raise NoPlan(
            "include",
            f"Creator {min(missing)} must be in the plan, but cannot be found or is not in the "
            "search index.",
            creator_id=min(missing),
        )
    mixed = {
        account.creator_id
        for account in accounts.values()
        if account.creator_id in terms.include and account.creator.is_simulated != simulated
    }
    if mixed:
        raise NoPlan(
            "include",
            "Made-up and real creators cannot be in one plan; insist on one kind only.",
            creator_id=min(mixed),
        )


def _audience(row: Row) -> AudienceShares:
    """What is known of who follows; where interests are not, the niches of the content."""
    read = read_audience(
        ages=row["match_facts__ages"],
        genders=row["match_facts__genders"],
        countries=row["audience_countries"],
        interests=row["match_facts__interests"],
    )
    niches = row["niche_weights"] or {}
    whole = sum(niches.values())
    topics = _values(read.interests) or (
        {name: weight / whole for name, weight in niches.items()} if whole > 0 else None
    )
    return AudienceShares(
        countries=_values(read.countries),
        ages=_by_band(read.ages),
        genders=_values(read.genders),
        topics=topics,
    )


def _values(shares: Shares | None) -> dict[str, float] | None:
    """Shares of the whole audience, so that what is unknown stays a rest."""
    if shares is None:
        return None
    return {name: share * min(shares.known, 1.0) for name, share in shares.values.items()}


def _by_band(ages: Shares | None) -> dict[str, float] | None:
    """Years of age in the bands that platforms tell, so that audiences are compared alike."""
    if ages is None:
        return None
    bands: dict[str, float] = {}
    for year, share in ages.values.items():
        band = next(name for name, below in BANDS if int(year) < below)
        bands[band] = bands.get(band, 0.0) + share
    return bands


BANDS: Final = (("under 25", 25), ("25–34", 35), ("35–44", 45), ("45 and over", 200))
