"""The first half of a run: everybody's value with its draws, chunk by chunk, each kept at once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from scoring.catalogue import Progress
from scoring.ml.value.formula import RateLine
from scoring.ml.value.ranking import to_bins
from scoring.ml.value.valuing import NO_HISTORY, ValueModel
from scoring.ml.value.wording import describe_all
from scoring.models import ValuationDraft, ValuationRun
from scoring.valuing.facts import Valued, list_accounts, read_evidence

CHUNK: Final = 2_000
DRAFT_FIELDS: Final = (
    "run_id", "account_id", "platform", "simulated", "league", "currency", "value", "low", "high",
    "log_sd", "parts", "reason", "draws",
)  # fmt: skip


def draft_values(
    run: ValuationRun, model: ValueModel, rates: dict[str, RateLine], progress: Progress
) -> int:
    """Value every account the run has no draft of yet; how many accounts that were.

    Four queries and a COPY for each `CHUNK` accounts, in a transaction of their own, so that
    a run that was killed goes on where it stopped.
    """
    after = run.drafts.aggregate(last=Max("account_id"))["last"] or 0
    done = 0
    while chunk := list_accounts(after=after, most=CHUNK, as_of=run.as_of):
        rows = draft_rows(chunk, run_id=run.pk, as_of=run.as_of, model=model, rates=rates)
        with transaction.atomic():
            copy_drafts(rows)
        after = chunk[-1].account_id
        done += len(chunk)
        progress.advance(len(chunk))
    return done


def draft_rows(
    accounts: Sequence[Valued],
    *,
    run_id: int,
    as_of: datetime,
    model: ValueModel,
    rates: dict[str, RateLine],
) -> Iterable[tuple[Any, ...]]:
    """`DRAFT_FIELDS` of each account, ready for COPY."""
    evidence = read_evidence(accounts, as_of=as_of, formula=model.formula)
    valued = model.value(evidence, rates)
    parts = describe_all(valued, evidence)
    bins = to_bins(np.where(np.isfinite(valued.draws), valued.draws, 0.0)).astype("<u2")
    figures = zip(
        *(_known(getattr(valued, name)) for name in ("value", "low", "high", "log_sd")),
        strict=True,
    )
    for row, (account, numbers) in enumerate(zip(accounts, figures, strict=True)):
        known = numbers[0] is not None
        currency = str(valued.currencies[row]) if known else ""
        yield (
            run_id,
            account.account_id,
            account.platform,
            account.is_simulated,
            league_of(account, currency),
            currency,
            *numbers,
            json.dumps(parts[row]),
            "" if known else NO_HISTORY,
            "\\x" + (bins[row].tobytes().hex() if known else ""),
        )


def league_of(account: Valued, currency: str) -> str:
    """Who is ranked together: one currency, or one platform where values count engagements."""
    return f"{'simulated' if account.is_simulated else 'real'}:{currency or account.platform}"


def copy_drafts(rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert drafts through PostgreSQL's COPY; None is null and empty text is text."""
    text = io.StringIO()
    csv.writer(text).writerows(["\\N" if value is None else value for value in row] for row in rows)
    text.seek(0)
    table = connection.ops.quote_name(ValuationDraft._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(DRAFT_FIELDS)}) FROM STDIN WITH (FORMAT csv, NULL '\\N')",
            text,
        )


def _known(values: np.ndarray) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.tolist()]
