"""One cell of a comparison: what is known of one creator about one fact, and how surely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from accounts.availability import Availability
from accounts.models import Platform
from campaigns.transparency import Figure
from marketplace.readable import (
    availability_words,
    compact,
    confidence_words,
    deliverable,
    figure_basis,
    figure_value,
    money_in,
    percent,
    said_on,
    short_day,
    shown_niches,
)
from scoring.candidates import Candidate, CandidateAccount

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Cell:
    """What is known of one creator; ``value`` None where it is unknown or no number.

    ``place`` is "highest" or "lowest" of the row, "" between and where nothing is compared.
    """

    text: str = UNKNOWN
    basis: str = ""
    value: float | None = None
    place: str = ""
    word: str = ""


@dataclass(frozen=True)
class Compared:
    """A creator, and the account that is compared; None if they have none there."""

    candidate: Candidate
    account: CandidateAccount | None


def mark(cells: Sequence[Cell], words: tuple[str, str]) -> list[Cell]:
    """Name the highest and the lowest of two or more known values; equals share the place."""
    known = [cell.value for cell in cells if cell.value is not None]
    if len(known) < 2 or max(known) == min(known):
        return list(cells)
    ends = {max(known): ("highest", words[0]), min(known): ("lowest", words[1])}
    return [
        replace(cell, place=ends[cell.value][0], word=ends[cell.value][1])
        if cell.value is not None and cell.value in ends
        else cell
        for cell in cells
    ]


def account_cell(side: Compared) -> Cell:
    if side.account is None:
        return Cell("none here", "no social account is known")
    account = side.account.account
    text = account.get_platform_display()
    if not account.handle_is_hash:
        text += f" · @{account.handle}"
    others = len(side.candidate.accounts) - 1
    return Cell(text, f"and {others} other account{'s' if others > 1 else ''}" if others else "")


def availability_cell(side: Compared, today: date) -> Cell:
    said = Availability.of(side.candidate.creator, today=today)
    if not said.is_known:
        return Cell(basis="the creator does not say")
    return Cell(availability_words(said), said_on(side.candidate.creator))


def followers_cell(side: Compared) -> Cell:
    if side.account is None or side.account.followers is None:
        return Cell()
    count, counted = side.account.followers, side.account.counted
    basis = (
        f"{counted.get_provenance_display().lower()}, {short_day(counted.day)}" if counted else ""
    )
    return Cell(compact(count), basis, float(count))


def engagement_cell(side: Compared) -> Cell:
    entry = side.account.entry if side.account else None
    if entry is None or entry.engagement_rate is None:
        return Cell()
    return Cell(
        percent(entry.engagement_rate), "likes and comments per follower", entry.engagement_rate
    )


def percentile_cell(side: Compared) -> Cell:
    entry = side.account.entry if side.account else None
    if entry is None or entry.engagement_percentile is None:
        return Cell()
    above = entry.engagement_percentile
    basis = f"against {Platform(entry.platform).label} accounts of this size in the catalogue"
    # Nobody is above all of a set they are in.
    return Cell(f"above {percent(min(above, 0.99), 0)}", basis, above)


def risk_cell(side: Compared) -> Cell:
    score = side.account.risk if side.account else None
    if score is None:
        return Cell(basis="not assessed yet")
    if score.abstained or score.value is None:
        return Cell("not judged", score.abstain_reason)
    text = f"{score.level.capitalize()}, {score.value:.0f} of 100"
    return Cell(text, confidence_words(score.confidence), score.value)


def niches_cell(side: Compared) -> Cell:
    if side.account is None:
        return Cell()
    named = shown_niches(side.account.account, side.account.niche)
    if not named:
        score = side.account.niche
        return Cell(basis=score.abstain_reason if score else "not read yet")
    return Cell(", ".join(f"{niche} ({basis})" for niche, basis in named))


def price_cell(side: Compared) -> Cell:
    score = side.account.price if side.account else None
    if score is None:
        return Cell(basis="not priced yet")
    if score.abstained or score.value is None:
        return Cell(basis=score.abstain_reason or "no comparable market data")
    low, high = money_in(score.low, score.currency), money_in(score.high, score.currency)
    text = f"{low} – {high}, suggested {money_in(score.value, score.currency)}"
    if quoted := score.details.get("quoted_for"):
        text += f" for {deliverable(quoted)}"
    return Cell(text, score.details.get("basis") or "", score.value)


def audience_cell(side: Compared) -> Cell:
    audience = side.account.audience if side.account else None
    if audience is None:
        return Cell()
    parts = []
    for shares, kept in ((audience.countries, 3), (audience.gender, 2), (audience.age, 2)):
        largest = sorted(shares.items(), key=lambda share: -share[1])[:kept]
        if largest:
            parts.append(", ".join(f"{name} {percent(share, 0)}" for name, share in largest))
    basis = f"{audience.get_provenance_display().lower()}, {short_day(audience.day)}"
    return Cell("; ".join(parts), basis) if parts else Cell()


def rating_cell(side: Compared) -> Cell:
    rating = side.candidate.rating
    if rating is None:
        return Cell(basis="no review yet")
    basis = f"{rating.count:,} review{'s' if rating.count != 1 else ''} by brands"
    return Cell(f"{rating.average:.1f} of 5", basis, rating.average)


def figure_cell(name: str) -> Callable[[Compared], Cell]:
    def read(side: Compared) -> Cell:
        figures: Sequence[Figure] = side.candidate.record.figures if side.candidate.record else ()
        figure = next((one for one in figures if one.name == name), None)
        if figure is None or figure.value is None:
            return Cell(basis=f"{figure.n if figure else 0} so far, too few to say")
        return Cell(figure_value(figure), figure_basis(figure), figure.value)

    return read


def match_cell(side: Compared) -> Cell:
    match = side.account.match if side.account else None
    if match is None:
        return Cell(basis="not in the search index yet")
    basis = f"better than {min(match.percentile, 99)} % of the eligible"
    return Cell(f"{100 * match.score:.0f} of 100", basis, match.score)
