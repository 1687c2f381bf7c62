"""Samples of followers as columns of the account model, as they were known at one moment."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from scoring.ml.authenticity_features import RAW_COLUMNS

MAX_FOLLOWERS = 5_000

# Of each account the newest sample, and of each follower in it the newest row.
NEWEST_SAMPLE = """
SELECT account_id, taken_on, method, facts FROM (
    SELECT sample.account_id, sample.taken_on, sample.method, follower.facts,
           row_number() OVER (PARTITION BY sample.id ORDER BY follower.pseudonym) AS place
    FROM (
        SELECT DISTINCT ON (account_id) id, account_id, taken_on, method
        FROM accounts_followersample
        WHERE account_id = ANY(%(ids)s) AND recorded_at <= %(as_of)s AND taken_on <= %(day)s
        ORDER BY account_id, taken_on DESC, recorded_at DESC, id DESC
    ) sample
    CROSS JOIN LATERAL (
        SELECT DISTINCT ON (pseudonym) pseudonym, facts FROM accounts_sampledfollower
        WHERE sample_id = sample.id AND recorded_at <= %(as_of)s
        ORDER BY pseudonym, recorded_at DESC
    ) follower
) numbered WHERE place <= %(most)s
ORDER BY account_id, place
"""


@dataclass(frozen=True)
class SampledFacts:
    """One sample: ``columns`` are `RAW_COLUMNS`, (n,) each, NaN unknown."""

    taken_on: date
    method: str
    columns: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.columns["followers"])


def read_follower_samples(
    account_ids: Sequence[int], *, as_of: datetime
) -> dict[int, SampledFacts]:
    """Account id → its newest sample, at most `MAX_FOLLOWERS` of it. One query.

    Which followers of a larger sample are read is decided by their pseudonyms, so at random.
    """
    arguments: dict[str, Any] = {
        "ids": list(account_ids), "as_of": as_of, "day": as_of.date(), "most": MAX_FOLLOWERS,
    }  # fmt: skip
    taken: dict[int, tuple[date, str]] = {}
    facts: dict[int, list[Mapping[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_SAMPLE, arguments)
        for account, day, method, known in cursor.fetchall():
            taken[account] = day, method
            facts.setdefault(account, []).append(json.loads(known))
    return {
        account: SampledFacts(*taken[account], columns=follower_columns(own))
        for account, own in facts.items()
    }


def follower_columns(facts: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[np.float64]]:
    """Facts of n followers as the account model's raw columns, (n,) each, NaN unknown."""
    return {
        name: np.array([np.nan if row.get(name) is None else float(row[name]) for row in facts])
        for name in RAW_COLUMNS
    }
