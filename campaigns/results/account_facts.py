"""What was known of accounts at given moments, each at its own. One query."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import AccountMetric

# Sources bring different columns, so each comes from the newest row that has it.
_NEWEST = ", ".join(
    f"(array_agg({column} ORDER BY day DESC, recorded_at DESC)"
    f" FILTER (WHERE {column} IS NOT NULL))[1]"
    for column in AccountMetric.MEASURED
)
FACTS = f"""
SELECT wanted.account_id, wanted.as_of, facts.*
FROM unnest(%(accounts)s::bigint[], %(moments)s::timestamptz[]) AS wanted (account_id, as_of)
CROSS JOIN LATERAL (
    SELECT {_NEWEST}, max(day) AS newest_day,
        (array_agg(extra ORDER BY day DESC, recorded_at DESC) FILTER (WHERE extra <> '{{}}'))[1]
    FROM accounts_accountmetric
    WHERE account_id = wanted.account_id
        AND day <= (wanted.as_of AT TIME ZONE 'UTC')::date AND recorded_at <= wanted.as_of
) facts
"""  # noqa: S608 (the columns are a constant of the model)

Wanted = tuple[int, datetime]


def read_account_facts(wanted: Sequence[Wanted]) -> dict[Wanted, dict[str, Any]]:
    """(account, as of) → its facts recorded by then and of days up to then; unknown is None.

    ``as_of`` and ``newest_day`` say how old they are; ``extra`` is what files had besides.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            FACTS,
            {
                "accounts": [account for account, _ in wanted],
                "moments": [moment for _, moment in wanted],
            },
        )
        rows = cursor.fetchall()
    found = {}
    for account_id, as_of, *values, newest_day, extra in rows:
        facts = dict(zip(AccountMetric.MEASURED, values, strict=True))
        found[(account_id, as_of)] = {
            **facts,
            "extra": json.loads(extra) if extra else {},
            "newest_day": newest_day.isoformat() if newest_day else None,
            "as_of": as_of.isoformat(),
        }
    return found
