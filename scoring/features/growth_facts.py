"""Follower series and declared causes of accounts, as they were known at one moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import numpy as np
from django.db import connection
from django.db.models import Q

from accounts.models import GrowthEvent, SocialAccount
from scoring.ml.growth_series import (
    WINDOW_DAYS,
    DeclaredEvent,
    EventKind,
    EventState,
    GrowthSeries,
    make_series,
)

# Per day the latest recording that knows the followers, and the latest that knows reactions.
SERIES = """
SELECT account_id, array_agg(day - DATE '1970-01-01' ORDER BY day),
       array_agg(followers ORDER BY day), array_agg(engagement ORDER BY day)
FROM (
    SELECT account_id, day,
           (array_agg(followers ORDER BY recorded_at DESC, id DESC)
               FILTER (WHERE followers IS NOT NULL))[1] AS followers,
           (array_agg(rate ORDER BY recorded_at DESC, id DESC)
               FILTER (WHERE rate IS NOT NULL))[1] AS engagement
    FROM (
        SELECT *, coalesce(
            engagement_rate, (avg_likes + coalesce(avg_comments, 0)) / nullif(followers, 0)
        ) AS rate
        FROM accounts_accountmetric
    ) metric
    WHERE account_id = ANY(%(ids)s) AND recorded_at <= %(as_of)s
      AND day <= %(day)s AND day >= %(first_day)s
    GROUP BY account_id, day
) daily
WHERE followers IS NOT NULL
GROUP BY account_id
"""


def read_growth(accounts: Sequence[SocialAccount], *, as_of: datetime) -> list[GrowthSeries]:
    """One series per account, in order, empty where no count is known. One query.

    Holds the counts of the last `WINDOW_DAYS` days before ``as_of``, recorded by then.
    """
    day = as_of.date()
    arguments: dict[str, Any] = {
        "ids": [account.pk for account in accounts],
        "as_of": as_of,
        "day": day,
        "first_day": day - timedelta(days=WINDOW_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(SERIES, arguments)
        known = {row[0]: _series(*row[1:]) for row in cursor.fetchall()}
    empty = make_series([], [])
    return [known.get(account.pk, empty) for account in accounts]


def read_events(
    accounts: Sequence[SocialAccount], *, as_of: datetime
) -> list[tuple[DeclaredEvent, ...]]:
    """Per account the events declared by ``as_of``, each in its state of then. One query."""
    of_account: dict[int, list[DeclaredEvent]] = {}
    rows = GrowthEvent.objects.filter(
        Q(closed_at=None) | ~Q(state=GrowthEvent.State.WITHDRAWN) | Q(closed_at__gt=as_of),
        account__in=[account.pk for account in accounts],
        declared_at__lte=as_of,
    ).order_by("pk")
    for event in rows:
        of_account.setdefault(event.account_id, []).append(
            DeclaredEvent(
                id=event.pk,
                kind=cast(EventKind, event.kind),
                state=cast(EventState, event.state_at(as_of)),
                starts_on=event.starts_on,
                ends_on=event.ends_on,
            )
        )
    return [tuple(of_account.get(account.pk, ())) for account in accounts]


def _series(days: list[int], followers: list[int], engagement: list[Any]) -> GrowthSeries:
    rates = np.array(engagement, dtype=float)
    # Files bring what they bring: a rate that cannot be is unknown.
    rates[~np.isfinite(rates) | (rates < 0)] = np.nan
    return make_series(np.array(days, dtype="datetime64[D]"), np.array(followers, float), rates)
