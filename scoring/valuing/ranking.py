"""The second half of a run: everybody's rank from the drafts, league by league.

Three streams through the drafts of a league, each with a cursor of the server: all bins into
the histograms, then everybody by falling value for ranks and bands. Memory is that of one
league's histograms, however many accounts there are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from scoring.catalogue import Progress
from scoring.ml.value.formula import Formula
from scoring.ml.value.ranking import League, Placing
from scoring.models import ValuationDraft, ValuationRun

CHUNK: Final = 4_000
_TABLE: Final = "valuation_places"

CREATE = f"""
DROP TABLE IF EXISTS {_TABLE};
CREATE TEMPORARY TABLE {_TABLE} (
    account_id bigint, rank bigint, rank_low bigint, rank_high bigint, band bigint
) ON COMMIT DROP
"""  # a second run may be in the same transaction
STORE = f"""
INSERT INTO scoring_marketvalue (
    run_id, account_id, platform, simulated, league, currency, value, low, high, log_sd, parts,
    rank, rank_low, rank_high, band, abstained, reason
)
SELECT draft.run_id, draft.account_id, draft.platform, draft.simulated, draft.league,
       draft.currency, draft.value, draft.low, draft.high, draft.log_sd, draft.parts,
       place.rank, place.rank_low, place.rank_high, place.band, draft.value IS NULL, draft.reason
FROM scoring_valuationdraft draft
JOIN accounts_socialaccount account ON account.id = draft.account_id
LEFT JOIN {_TABLE} place ON place.account_id = draft.account_id
WHERE draft.run_id = %(run)s
ORDER BY draft.account_id
"""  # noqa: S608 (a constant name)


def store_ranks(run: ValuationRun, formula: Formula, progress: Progress) -> dict[str, int]:
    """Write every draft's `MarketValue`; how many were ranked in each league.

    Called inside the transaction that completes the run. An account that was deleted since
    its draft was written keeps its place in the ranks and gets no row.
    """
    drafts = ValuationDraft.objects.filter(run=run, value__isnull=False)
    leagues = drafts.order_by("league").values_list("league", flat=True).distinct()
    sizes = {}
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
    for name in list(leagues):
        progress.set_stage(f"Ranking {name}")
        sizes[name] = _rank_league(drafts.filter(league=name), formula, progress)
    progress.set_stage("Storing values")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {_TABLE}")
        cursor.execute(STORE, {"run": run.pk})
    return sizes


def _rank_league(drafts: QuerySet[ValuationDraft], formula: Formula, progress: Progress) -> int:
    league = League(draws=formula.draws)
    for _, _, bins in _stream(drafts.order_by(), formula.draws):
        league.add(bins)
        progress.advance(0)
    placing = Placing()
    for accounts, values, bins in _stream(drafts.order_by("-value", "account_id"), formula.draws):
        ranks, bands = placing.place(values, bins)
        lowest, highest = league.rank_bounds(bins, ranks, formula.nominal_coverage)
        _copy_places(zip(accounts, ranks, lowest, highest, bands, strict=True))
        progress.advance(0)
    return league.size


def _stream(
    drafts: QuerySet[ValuationDraft], draws: int
) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
    """Account ids, values (k,) and bins (k, draws), `CHUNK` at a time."""
    rows: list[tuple[int, float, Any]] = []
    for row in drafts.values_list("account_id", "value", "draws").iterator(chunk_size=CHUNK):
        rows.append(row)  # type: ignore[arg-type]
        if len(rows) == CHUNK:
            yield _arrays(rows, draws)
            rows = []
    if rows:
        yield _arrays(rows, draws)


def _arrays(
    rows: list[tuple[int, float, Any]], draws: int
) -> tuple[list[int], np.ndarray, np.ndarray]:
    accounts, values, drawn = zip(*rows, strict=True)
    bins = np.frombuffer(b"".join(bytes(one) for one in drawn), dtype="<u2")
    return list(accounts), np.array(values), bins.reshape(len(rows), draws)


def _copy_places(rows: Any) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {_TABLE} FROM STDIN WITH (FORMAT csv)", text)
