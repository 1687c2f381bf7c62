"""Counts of accounts and posts: rows are only added, and only when they say something new.

A value of a day that is known already is a correction: a newer row for that day, which
carries over what it does not contradict, so that the newest row is all that is known of
the day. Facts of a file that does not tell its day are compared with the newest known
ones first: importing the same file again tomorrow adds nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from accounts.importing.inserting import as_json, insert_rows
from accounts.importing.rows import MetricFact, PostFact
from accounts.models import AccountMetric, PostMetric, Provenance

COUNTS = list(AccountMetric.MEASURED)
POST_COUNTS = ["views", "likes", "comments", "shares", "saves", "engagement_rate"]

_IMPORTED = Provenance.IMPORTED.value
_TICK = timedelta(microseconds=1)

# The newest imported rows of every account: of the last known `span` days, and of the
# `span` days up to the moment of the file. LATERAL walks the unique index from its end.
_NEWEST = f"""
SELECT metric.account_id, metric.day, metric.recorded_at, metric.extra,
       {", ".join(f"metric.{name}" for name in COUNTS)}
FROM unnest(%(accounts)s) AS wanted (account_id)
CROSS JOIN LATERAL (
    SELECT max(day) AS day FROM accounts_accountmetric
    WHERE account_id = wanted.account_id AND provenance = %(provenance)s
) AS newest
JOIN accounts_accountmetric AS metric
    ON metric.account_id = wanted.account_id AND metric.provenance = %(provenance)s
    AND (metric.day > newest.day - %(span)s OR metric.day BETWEEN %(first)s AND %(last)s)
ORDER BY metric.recorded_at
"""  # noqa: S608 (the only names put in are the constants above)


@dataclass(slots=True)
class Added:
    """How many rows a fact led to: for a day not known before, or correcting one."""

    new: int = 0
    corrected: int = 0

    @property
    def total(self) -> int:
        return self.new + self.corrected


@dataclass(frozen=True, slots=True)
class _Known:
    """The newest row of one owner and moment."""

    values: dict[str, Any]
    extra: dict[str, Any]
    recorded_at: datetime

    def says(self, values: dict[str, Any], extra: dict[str, Any]) -> bool:
        return all(self.values[name] == value for name, value in values.items()) and all(
            name in self.extra and self.extra[name] == value for name, value in extra.items()
        )


class _Series:
    """An append-only table of counts by owner and moment, and what is known of it."""

    def __init__(
        self, model: type[Model], owner: str, when: str, counts: list[str], *, now: datetime
    ) -> None:
        self._model, self._owner, self._when, self._counts = model, owner, when, counts
        self._now = now
        self._known: dict[tuple[int, Any], _Known] = {}
        self._rows: list[tuple[Any, ...]] = []
        self.last: dict[int, Any] = {}

    def learn(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Note known rows: owner, moment, recorded_at, extra and the counts, oldest first."""
        for owner, when, recorded_at, extra, *values in rows:
            named = dict(zip(self._counts, values, strict=True))
            self._note(owner, when, _Known(named, extra, recorded_at))

    def learn_from(self, rows: "QuerySet[Any]") -> None:
        self.learn(rows.values_list(self._owner, self._when, "recorded_at", "extra", *self._counts))

    def knows(self, owner: int, when: Any, values: dict[str, Any], extra: dict[str, Any]) -> bool:
        known = self._known.get((owner, when))
        return known is not None and known.says(values, extra)

    def add(
        self, owner: int, when: Any, values: dict[str, Any], extra: dict[str, Any], added: Added
    ) -> None:
        """Add a row unless it says nothing new, and count it."""
        old = self._known.get((owner, when))
        if not (values or extra) or (old is not None and old.says(values, extra)):
            return
        if old is None:
            added.new += 1
            row = _Known({**dict.fromkeys(self._counts), **values}, extra, self._now)
        else:
            added.corrected += 1
            # Later than the row it corrects, even within one moment.
            later = max(self._now, old.recorded_at + _TICK)
            row = _Known({**old.values, **values}, {**old.extra, **extra}, later)
        self._note(owner, when, row)
        counts = (row.values[name] for name in self._counts)
        self._rows.append((owner, when, _IMPORTED, row.recorded_at, as_json(row.extra), *counts))

    def write(self) -> None:
        fields = [self._owner, self._when, "provenance", "recorded_at", "extra", *self._counts]
        insert_rows(self._model, fields, self._rows)

    def _note(self, owner: int, when: Any, row: _Known) -> None:
        self._known[owner, when] = row
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
    series = _Series(AccountMetric, "account", "day", COUNTS, now=now)
    undated = {account for account, own in facts if own and own[-1].day is None} & old_accounts
    if undated:
        span = 1 + max(fact.age for _, own in facts for fact in own)
        series.learn(_newest_metrics(undated, span=span, as_of=as_of))
    days = {fact.day for _, own in facts for fact in own if fact.day is not None}
    if days and old_accounts:
        series.learn_from(
            AccountMetric.objects.filter(
                account_id__in=old_accounts, day__in=days, provenance=_IMPORTED
            ).order_by("recorded_at")
        )
    answers = []
    for account, own in facts:
        answers.append(added := Added())
        anchor = as_of
        if not as_of_given and _is_known_series(own, series, account):
            anchor = series.last[account]
        for fact in own:
            day = fact.day or anchor - timedelta(days=fact.age)
            series.add(account, day, fact.values, fact.extra, added)
    series.write()
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
    series = _Series(PostMetric, "post", "observed_at", POST_COUNTS, now=now)
    rows = PostMetric.objects.filter(post_id__in=old_posts, provenance=_IMPORTED)
    moments = {fact.observed_at for _, fact in facts if fact.observed_at is not None}
    if as_of_given:
        moments.add(as_of)
    if moments and old_posts:
        series.learn_from(rows.filter(observed_at__in=moments).order_by("recorded_at"))
    if old_posts and not as_of_given and any(fact.observed_at is None for _, fact in facts):
        series.learn_from(
            rows.order_by("post_id", "-observed_at", "-recorded_at").distinct("post_id")
        )
    answers = []
    for post, fact in facts:
        answers.append(added := Added())
        when = fact.observed_at or as_of
        if fact.observed_at is None and not as_of_given and post in series.last:
            newest = series.last[post]
            if series.knows(post, newest, fact.counts, fact.extra):
                when = newest
        series.add(post, when, fact.counts, fact.extra, added)
    series.write()
    return answers


def _newest_metrics(accounts: set[int], *, span: int, as_of: date) -> Iterable[tuple[Any, ...]]:
    arguments: dict[str, Any] = {
        "accounts": list(accounts),
        "provenance": _IMPORTED,
        "span": span,
        "first": as_of - timedelta(days=span - 1),
        "last": as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, arguments)
        # The driver leaves jsonb as text to Django's field, which is not involved here.
        return [(*row[:3], json.loads(row[3]), *row[4:]) for row in cursor.fetchall()]


def _is_known_series(own: Sequence[MetricFact], series: _Series, account: int) -> bool:
    """Whether undated facts, laid so that they end on the last known day, say nothing new."""
    last: date | None = series.last.get(account)
    return last is not None and all(
        fact.day is None
        and series.knows(account, last - timedelta(days=fact.age), fact.values, fact.extra)
        for fact in own
    )
