"""A shortlist as a table for spreadsheets: one row per creator, by their main account."""

import csv
import io
from collections.abc import Iterable

from accounts.importing.refusals import escape_formula
from accounts.money import to_major
from marketplace.readable import shown_niches
from marketplace.shortlist_rows import ShortlistRow
from scoring.candidates import CandidateAccount
from scoring.models import Score

HEADER = (
    "creator_id", "creator", "simulated", "status", "added_at", "added_by", "platform", "handle",
    "country", "followers", "engagement_rate", "risk", "risk_level", "risk_confidence", "niches",
    "price_lowest", "price_suggested", "price_highest", "currency", "accepts_work", "away_from",
    "away_until", "match", "votes_for", "votes_against", "notes",
)  # fmt: skip
ACCOUNT_CELLS = 13  # from "platform" to "currency"


def shortlist_csv(rows: Iterable[ShortlistRow]) -> str:
    """UTF-8 text; money in major units with a point, shares as fractions. Unknown is empty.

    Of a profile that is not shown any more there is its name, its status and what the team said.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow(_cells(row))
    return out.getvalue()


def _cells(row: ShortlistRow) -> list[object]:
    entry, creator = row.entry, row.entry.creator
    best = row.candidate.best if row.candidate else None
    known = row.candidate is not None
    return [
        creator.pk,
        escape_formula(creator.display_name),
        int(creator.is_simulated),
        creator.status,
        entry.added_at.isoformat(),
        escape_formula(str(entry.added_by)) if entry.added_by else "",
        *(_account_cells(best) if best else [""] * ACCOUNT_CELLS),
        _yes(creator.accepts_work) if known else "",
        (creator.away_from or "") if known else "",
        (creator.away_until or "") if known else "",
        round(row.match.score, 4) if row.match else "",
        row.tally.votes_for,
        row.tally.votes_against,
        escape_formula(
            "\n".join(f"{note.author or 'Former member'}: {note.text}" for note in row.notes)
        ),
    ]


def _account_cells(one: CandidateAccount) -> list[object]:
    account, entry = one.account, one.entry
    return [
        account.platform,
        escape_formula(account.handle),
        escape_formula(account.country),
        _number(entry.followers if entry else None),
        _number(entry.engagement_rate if entry else None),
        *_risk_cells(one.risk),
        escape_formula("; ".join(name for name, _ in shown_niches(account, one.niche))),
        *_price_cells(one.price),
    ]


def _risk_cells(score: Score | None) -> list[object]:
    if score is None or score.abstained or score.value is None:
        return [""] * 3
    return [round(score.value, 1), score.level, _number(score.confidence)]


def _price_cells(score: Score | None) -> list[object]:
    if score is None or score.abstained or score.value is None:
        return [""] * 4
    amounts = (score.low, score.value, score.high)
    return [
        *("" if amount is None else to_major(amount, score.currency) for amount in amounts),
        score.currency,
    ]


def _number(value: float | None) -> object:
    return "" if value is None else value


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
