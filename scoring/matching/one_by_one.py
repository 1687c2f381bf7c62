"""Named accounts against a brief, whether or not its filters would show them."""

from collections.abc import Sequence
from datetime import datetime

from accounts.errors import Conflict
from accounts.models import SocialAccount
from campaigns.terms import BriefTerms
from scoring.matching.assessing import assess, measure, sample_of
from scoring.matching.briefs import read_brief
from scoring.matching.factors import MatchScore
from scoring.matching.listing import entries_for
from scoring.models import SearchEntry


class NotScoredYet(Conflict):
    code = "not_scored_yet"
    message = "This account is not embedded and scored yet. Try again when the running job is done."


def match_accounts(
    *,
    terms: BriefTerms,
    accounts: Sequence[SocialAccount],
    now: datetime,
    brand_names: Sequence[str] = (),
) -> dict[int, MatchScore]:
    """Account id → its match with a brief, with percentiles among the brief's eligible.

    Accounts are scored whether or not the filters would show them; those that are not in the
    search index yet are left out. A constant number of queries.

    :raises BriefRejected: if the brief cannot be searched by.
    """
    if not accounts:
        return {}
    brief = read_brief(terms, brand_names=brand_names)
    entries = SearchEntry.objects.filter(account__in=[account.pk for account in accounts])
    candidates = measure(entries.order_by("account_id"), brief)
    if not candidates.ids:
        return {}
    assessed = assess(brief, candidates, sample_of(entries_for(terms), brief))
    scores = assessed.explain(range(len(assessed.rows)))
    return {row["account_id"]: score for row, score in zip(assessed.rows, scores, strict=True)}


def match_account(
    *,
    terms: BriefTerms,
    account: SocialAccount,
    now: datetime,
    brand_names: Sequence[str] = (),
) -> MatchScore:
    """One account against one brief, as `match_accounts`.

    :raises NotScoredYet: if the account is not in the search index yet.
    """
    found = match_accounts(terms=terms, accounts=[account], now=now, brand_names=brand_names)
    if account.pk not in found:
        raise NotScoredYet
    return found[account.pk]
