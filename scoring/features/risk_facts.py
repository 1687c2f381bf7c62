"""What besides the account's own numbers speaks for or against its followers.

Every reader takes ``as_of`` and uses nothing recorded later. An account of which nothing of
a kind is known has no entry for it, so that its snapshot says no more than the model saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import AudienceSnapshot, SocialAccount
from scoring.features.follower_facts import SampledFacts, read_follower_samples
from scoring.features.growth_facts import read_events, read_growth
from scoring.ml.audience_facts import measure_spread
from scoring.ml.authenticity import AuthenticityModel, count_evidence
from scoring.ml.bio_phrases import follow_trades, promotions
from scoring.ml.comment_quality import MAX_COMMENTS, measure_comments
from scoring.ml.engagement.answers import AccountEngagement
from scoring.ml.follower_sample import count_scores
from scoring.ml.growth_series import to_inputs

RiskFacts = dict[str, Any]

YOUNG_DAYS = 90

# The latest comments of each account; those without a time are older than any with one.
COMMENTS = """
SELECT account_id, array_agg(text ORDER BY place), array_agg(author ORDER BY place) FROM (
    SELECT account_id, text, author, row_number() OVER (
        PARTITION BY account_id ORDER BY written_at DESC NULLS LAST, id DESC) AS place
    FROM accounts_comment
    WHERE account_id = ANY(%(ids)s) AND recorded_at <= %(as_of)s
      AND (written_at IS NULL OR written_at <= %(as_of)s)
) numbered WHERE place <= %(most)s GROUP BY account_id
"""


def read_risk_facts(
    accounts: Sequence[SocialAccount],
    *,
    model: AuthenticityModel,
    engagement: Mapping[int, AccountEngagement],
    as_of: datetime,
) -> list[RiskFacts]:
    """One JSON-ready dictionary an account, in order. Five queries, however many accounts.

    :param model: judges sampled followers; only the counts of its judgements are kept.
    :param engagement: what the accounts' checked posts say, as of then.
    """
    ids = [account.pk for account in accounts]
    growth = read_growth(accounts, as_of=as_of)
    events = read_events(accounts, as_of=as_of)
    samples = read_follower_samples(ids, as_of=as_of)
    comments = _read_comments(ids, as_of=as_of)
    audiences = _read_audiences(ids, as_of=as_of)
    facts: list[RiskFacts] = []
    for place, account in enumerate(accounts):
        known = profile_facts(bio=account.bio, opened_on=account.opened_on, today=as_of.date())
        if len(growth[place]) > 1:
            known["growth"] = to_inputs(growth[place], events[place])
        if account.pk in engagement and engagement[account.pk].posts:
            known["engagement"] = asdict(engagement[account.pk])
        if account.pk in samples:
            known["follower_sample"] = judge_sample(samples[account.pk], model=model)
        if account.pk in comments:
            known["comments"] = comments[account.pk]
        if account.pk in audiences:
            known["audience"] = audiences[account.pk]
        facts.append(known)
    return facts


def profile_facts(*, bio: str, opened_on: date | None, today: date) -> RiskFacts:
    """Phrases of the biography and the age of the account, where they are known.

    Age enters as young or not, because a number of days would make every day's score new.
    """
    facts: RiskFacts = {}
    if trades := follow_trades(bio):
        facts["follow_trades"] = trades
    if sells := promotions(bio):
        facts["promotions"] = sells
    if opened_on is not None:
        facts["opened_on"] = opened_on.isoformat()
        facts["is_young"] = today - opened_on < timedelta(days=YOUNG_DAYS)
    return facts


def judge_sample(sample: SampledFacts, *, model: AuthenticityModel) -> dict[str, Any]:
    """How many followers of a sample the account model gave which probability."""
    probabilities, abstained = model.probabilities(sample.columns)
    evidence = count_evidence(sample.columns)
    return {
        "taken_on": sample.taken_on.isoformat(),
        "method": sample.method,
        "sampled": len(sample),
        "counts": count_scores(probabilities[~abstained], evidence[~abstained]).tolist(),
    }


def comment_facts(texts: Sequence[str], authors: Sequence[str] = ()) -> dict[str, Any] | None:
    """Measures of comment texts; the texts themselves are not kept."""
    quality = measure_comments(texts, authors)
    return None if quality is None else asdict(quality)


def _read_comments(ids: Sequence[int], *, as_of: datetime) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(COMMENTS, {"ids": list(ids), "as_of": as_of, "most": MAX_COMMENTS})
        found = {row[0]: comment_facts(row[1], row[2]) for row in cursor.fetchall()}
    return {account: facts for account, facts in found.items() if facts is not None}


def _read_audiences(ids: Sequence[int], *, as_of: datetime) -> dict[int, dict[str, Any]]:
    newest = (
        AudienceSnapshot.objects.filter(
            account_id__in=ids, recorded_at__lte=as_of, day__lte=as_of.date()
        )
        .order_by("account_id", "-day", "-recorded_at")
        .distinct("account_id")
        .values_list("account_id", "countries")
    )
    spreads = {account: measure_spread(countries) for account, countries in newest}
    return {account: asdict(spread) for account, spread in spreads.items() if spread is not None}
