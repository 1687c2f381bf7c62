"""Counts of accounts and posts: rows are only added, and only when they say something new.

A value of a day that is known already is a correction: a newer row for that day, which
carries over what it does not contradict, so that the newest row is all that is known of
the day. Facts of a file that does not tell its day are compared with the newest known
ones first: importing the same file again tomorrow adds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from accounts.importing.rows import MetricFact, PostFact
from accounts.models import AccountMetric, PostMetric, Provenance

R = TypeVar("R", AccountMetric, PostMetric)

COUNTS = [
    "followers",
    "following",
    "posts",
    "avg_likes",
    "avg_comments",
    "engagement_rate",
    "comments_to_likes",
]
POST_COUNTS = ["views", "likes", "comments", "shares", "saves", "engagement_rate"]

_TICK = timedelta(microseconds=1)

# The newest imported rows of every account: of the last known `span` days, and of the
# `span` days up to the moment of the file. LATERAL walks the unique index from its end.
_NEWEST = """
SELECT metric.*
FROM unnest(%(accounts)s) AS wanted (account_id)
CROSS JOIN LATERAL (
    SELECT max(day) AS day FROM accounts_accountmetric
    WHERE account_id = wanted.account_id AND provenance = %(provenance)s
) AS newest
JOIN accounts_accountmetric AS metric
    ON metric.account_id = wanted.account_id AND metric.provenance = %(provenance)s
    AND (metric.day > newest.day - %(span)s OR metric.day BETWEEN %(first)s AND %(last)s)
ORDER BY metric.recorded_at
"""


@dataclass(slots=True)
class Added:
    """How many rows a fact led to: for a day not known before, or correcting one."""

    new: int = 0
    corrected: int = 0

    @property
    def total(self) -> int:
        return self.new + self.corrected


@dataclass
class _Known(Generic[R]):
    """The newest known row of each (owner, day or moment)."""

    rows: dict[tuple[int, Any], R] = field(default_factory=dict)
    last: dict[int, Any] = field(default_factory=dict)

    def add(self, owner: int, when: Any, row: R) -> None:
        self.rows[owner, when] = row
        if owner not in self.last or when > self.last[owner]:
            self.last[owner] = when


def add_account_metrics(
    facts: Sequence[tuple[int, Sequence[MetricFact]]],
    *,
    as_of: date,
    as_of_given: bool,
    old_accounts: set[int],
    now: datetime,
) -> list[Added]:
    """Add what is new of each account's counts; one answer for each item of ``facts``.

    :param as_of_given: whether a person said which day undated facts are of.
    :param old_accounts: those that may have rows already; for others nothing is read.
    At most 3 queries.
    """
    known: _Known[AccountMetric] = _Known()
    undated = {
        account for account, own in facts if account in old_accounts and own and own[-1].day is None
    }
    days = {fact.day for _, own in facts for fact in own if fact.day is not None}
    if undated:
        span = 1 + max(fact.age for _, own in facts for fact in own)
        arguments = {
            "accounts": list(undated),
            "provenance": Provenance.IMPORTED.value,
            "span": span,
            "first": as_of - timedelta(days=span - 1),
            "last": as_of,
        }
        for row in AccountMetric.objects.raw(_NEWEST, arguments):
            known.add(row.account_id, row.day, row)
    if days and old_accounts:
        for row in AccountMetric.objects.filter(
            account_id__in=old_accounts, day__in=days, provenance=Provenance.IMPORTED
        ).order_by("recorded_at"):
            known.add(row.account_id, row.day, row)

    added: list[AccountMetric] = []
    answers = []
    for account, own in facts:
        answer = Added()
        anchor = as_of
        if not as_of_given and account in known.last and _all_known(own, known, account):
            anchor = known.last[account]
        for fact in own:
            day = fact.day or anchor - timedelta(days=fact.age)
            old = known.rows.get((account, day))
            if not (fact.values or fact.extra) or (old and _says_nothing_new(fact, old)):
                continue
            row = AccountMetric(
                account_id=account,
                day=day,
                provenance=Provenance.IMPORTED,
                recorded_at=_after(now, old),
                extra={**(old.extra if old else {}), **fact.extra},
                **_carried(old, fact.values, COUNTS),
            )
            known.add(account, day, row)
            added.append(row)
            answer.corrected += old is not None
            answer.new += old is None
        answers.append(answer)
    AccountMetric.objects.bulk_create(added)
    return answers


def add_post_metrics(
    facts: Sequence[tuple[int, PostFact]],
    *,
    as_of: datetime,
    as_of_given: bool,
    old_posts: set[int],
    now: datetime,
) -> list[Added]:
    """Add what is new of each post's counts, as `add_account_metrics`. At most 3 queries."""
    known: _Known[PostMetric] = _Known()
    rows = PostMetric.objects.filter(post_id__in=old_posts, provenance=Provenance.IMPORTED)
    moments = {fact.observed_at for _, fact in facts if fact.observed_at is not None}
    if moments and old_posts:
        for row in rows.filter(observed_at__in=moments).order_by("recorded_at"):
            known.add(row.post_id, row.observed_at, row)
    if old_posts and any(fact.observed_at is None for _, fact in facts):
        newest = rows.order_by("post_id", "-observed_at", "-recorded_at").distinct("post_id")
        for row in newest if not as_of_given else rows.filter(observed_at=as_of):
            known.add(row.post_id, row.observed_at, row)

    added: list[PostMetric] = []
    answers = []
    for post, fact in facts:
        answer = Added()
        answers.append(answer)
        when = fact.observed_at or as_of
        if not (fact.counts or fact.extra):
            continue
        if fact.observed_at is None and not as_of_given and post in known.last:
            newest_row = known.rows[post, known.last[post]]
            if _agrees(fact.counts, fact.extra, newest_row):
                continue
        old = known.rows.get((post, when))
        if old and _agrees(fact.counts, fact.extra, old):
            continue
        row = PostMetric(
            post_id=post,
            observed_at=when,
            provenance=Provenance.IMPORTED,
            recorded_at=_after(now, old),
            extra={**(old.extra if old else {}), **fact.extra},
            **_carried(old, fact.counts, POST_COUNTS),
        )
        known.add(post, when, row)
        added.append(row)
        answer.corrected += old is not None
        answer.new += old is None
    PostMetric.objects.bulk_create(added)
    return answers


def _all_known(own: Sequence[MetricFact], known: _Known[AccountMetric], account: int) -> bool:
    """Whether undated facts, laid so that they end on the last known day, say nothing new."""
    last: date = known.last[account]
    for fact in own:
        old = known.rows.get((account, last - timedelta(days=fact.age)))
        if fact.day is not None or old is None or not _says_nothing_new(fact, old):
            return False
    return True


def _says_nothing_new(fact: MetricFact, old: AccountMetric) -> bool:
    return _agrees(fact.values, fact.extra, old)


def _agrees(values: dict[str, Any], extra: dict[str, Any], old: AccountMetric | PostMetric) -> bool:
    return all(getattr(old, name) == value for name, value in values.items()) and all(
        name in old.extra and old.extra[name] == value for name, value in extra.items()
    )


def _carried(
    old: AccountMetric | PostMetric | None, values: dict[str, Any], names: Sequence[str]
) -> dict[str, Any]:
    return {name: values.get(name, getattr(old, name, None)) for name in names}


def _after(now: datetime, old: AccountMetric | PostMetric | None) -> datetime:
    """The moment of recording, later than that of the row it corrects."""
    return now if old is None or old.recorded_at < now else old.recorded_at + _TICK
