"""Creators side by side: a row for each fact, each cell with how sure it is.

Read by the page and the API alike. What is not known says so and takes no place in the order;
the extremes of a row are named in words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts import access
from accounts.availability import Availability
from accounts.errors import DomainError, NotFound
from accounts.models import Creator, Platform, User
from campaigns.briefs import get_latest_brief
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from campaigns.transparency import Figure
from marketplace.templatetags.availability import availability_words, said_on, short_day
from marketplace.templatetags.figures import (
    compact,
    confidence_words,
    deliverable,
    money_in,
    percent,
    shown_niches,
)
from marketplace.templatetags.track_records import figure_basis, figure_value
from scoring.candidates import Candidate, CandidateAccount, compare_candidates

MOST = 5
UNKNOWN = "unknown"
LARGEST_ID = 18  # digits; the database's integers end soon after


class TooManyCompared(DomainError):
    code = "too_many_compared"
    http_status = 422

    def __init__(self, count: int) -> None:
        super().__init__(
            f"At most five creators are compared at a time; these are {count}.",
            details={"field": "ids"},
        )


class NoSuchCreator(NotFound):
    code = "no_such_creator"

    def __init__(self, asked: str) -> None:
        super().__init__(f"There is no creator {asked[:40]}, or the profile is not shown.")


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
class Fact:
    """One row. ``better`` is "higher", "lower" or "", where neither end is better."""

    name: str
    label: str
    cells: list[Cell]
    better: str = ""


@dataclass(frozen=True)
class Comparison:
    creators: list[Creator]
    facts: list[Fact]
    as_of: datetime
    platform: str = ""

    @property
    def has_simulated(self) -> bool:
        return any(creator.is_simulated for creator in self.creators)


def creators_named(user: User, asked: Sequence[str]) -> list[Creator]:
    """The creators of these ids in the order asked, each once. One query.

    :raises TooManyCompared: on more than five different ones.
    :raises NoSuchCreator: naming the first that the user may not see, or that is no id.
    """
    wanted = list(dict.fromkeys(text.strip().lstrip("0") or "0" for text in asked))
    if len(wanted) > MOST:
        raise TooManyCompared(len(wanted))
    for text in wanted:
        if not (text.isascii() and text.isdigit() and len(text) <= LARGEST_ID):
            raise NoSuchCreator(f"“{text}”")
    found = access.creators_visible_to(user).in_bulk([int(text) for text in wanted])
    for text in wanted:
        if int(text) not in found:
            raise NoSuchCreator(text)
    return [found[int(text)] for text in wanted]


def compare_creators(
    creators: Sequence[Creator],
    *,
    asker: User,
    now: datetime,
    campaign: Campaign | None = None,
    platform: str = "",
) -> Comparison:
    """One account of each: the best match, else the most followed. Constant queries.

    :param campaign: one of the asker's, to add how well each fits its brief.
    :param platform: compare accounts there; who has none is unknown in what depends on one.
    """
    candidates = compare_candidates(
        creators,
        now=now,
        terms=BriefTerms.of(get_latest_brief(campaign)) if campaign else None,
        brand_names=[campaign.brand.name] if campaign else (),
    )
    sides = [
        _Side(candidates[one.pk], candidates[one.pk].main(platform=platform)) for one in creators
    ]
    records = asker.is_staff or asker.memberships.exists()
    facts = [
        Fact("account", "Account compared", [_account(side) for side in sides]),
        Fact("availability", "Availability", [_availability(side, now.date()) for side in sides]),
        _row("followers", "Followers", sides, _followers, ("most", "fewest")),
        Fact("engagement_rate", "Engagement rate", [_engagement(side) for side in sides]),
        _row(
            "engagement_percentile", "Engagement among accounts of its size", sides, _percentile,
            ("highest", "lowest"), better="higher",
        ),
        _row(
            "fake_follower_risk", "Fake-follower risk", sides, _risk,
            ("highest risk", "lowest risk"), better="lower",
        ),
        Fact("niches", "Niches", [_niches(side) for side in sides]),
        _prices(sides),
        Fact("audience", "Audience", [_audience(side) for side in sides]),
        _row("rating", "What brands say", sides, _rating, ("best", "lowest"), better="higher"),
    ]  # fmt: skip
    if records:
        for name, label in (
            ("completed_share", "Completed as agreed"),
            ("publications_on_time", "Published on time"),
        ):
            facts.append(_row(name, label, sides, _figure(name), ("best", "lowest"), "higher"))
    if campaign is not None:
        facts.insert(
            1,
            _row("match", "Match with the campaign", sides, _match, ("best", "weakest"), "higher"),
        )
    return Comparison(list(creators), facts, as_of=now, platform=platform)


@dataclass(frozen=True)
class _Side:
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


def _row(
    name: str,
    label: str,
    sides: Sequence[_Side],
    read: Callable[[_Side], Cell],
    words: tuple[str, str],
    better: str = "",
) -> Fact:
    return Fact(name, label, mark([read(side) for side in sides], words), better)


def _account(side: _Side) -> Cell:
    if side.account is None:
        return Cell("none here", "no social account is known")
    account = side.account.account
    text = account.get_platform_display()
    if not account.handle_is_hash:
        text += f" · @{account.handle}"
    others = len(side.candidate.accounts) - 1
    return Cell(text, f"and {others} other account{'s' if others > 1 else ''}" if others else "")


def _availability(side: _Side, today: date) -> Cell:
    said = Availability.of(side.candidate.creator, today=today)
    if not said.is_known:
        return Cell(basis="the creator does not say")
    return Cell(availability_words(said), said_on(side.candidate.creator))


def _followers(side: _Side) -> Cell:
    if side.account is None or side.account.followers is None:
        return Cell()
    count, counted = side.account.followers, side.account.counted
    basis = (
        f"{counted.get_provenance_display().lower()}, {short_day(counted.day)}" if counted else ""
    )
    return Cell(compact(count), basis, float(count))


def _engagement(side: _Side) -> Cell:
    entry = side.account.entry if side.account else None
    if entry is None or entry.engagement_rate is None:
        return Cell()
    return Cell(
        percent(entry.engagement_rate), "likes and comments per follower", entry.engagement_rate
    )


def _percentile(side: _Side) -> Cell:
    entry = side.account.entry if side.account else None
    if entry is None or entry.engagement_percentile is None:
        return Cell()
    above = entry.engagement_percentile
    basis = f"against {Platform(entry.platform).label} accounts of this size in the catalogue"
    return Cell(f"above {percent(above, 0)}", basis, above)


def _risk(side: _Side) -> Cell:
    score = side.account.risk if side.account else None
    if score is None:
        return Cell(basis="not assessed yet")
    if score.abstained or score.value is None:
        return Cell("not judged", score.abstain_reason)
    text = f"{score.level.capitalize()}, {score.value:.0f} of 100"
    return Cell(text, confidence_words(score.confidence), score.value)


def _niches(side: _Side) -> Cell:
    if side.account is None:
        return Cell()
    named = shown_niches(side.account.account, side.account.niche)
    if not named:
        score = side.account.niche
        return Cell(basis=score.abstain_reason if score else "not read yet")
    return Cell(", ".join(f"{niche} ({basis})" for niche, basis in named))


def _prices(sides: Sequence[_Side]) -> Fact:
    """The lowest and highest are named only where all known prices are in one currency."""
    cells = [_price(side) for side in sides]
    currencies = {
        side.account.price.currency
        for side, cell in zip(sides, cells, strict=True)
        if cell.value is not None and side.account and side.account.price
    }
    if len(currencies) > 1:
        cells = [replace(cell, value=None) for cell in cells]
    return Fact("price", "Price", mark(cells, ("highest", "lowest")), "lower")


def _price(side: _Side) -> Cell:
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


def _audience(side: _Side) -> Cell:
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


def _rating(side: _Side) -> Cell:
    rating = side.candidate.rating
    if rating is None:
        return Cell(basis="no review yet")
    basis = f"{rating.count:,} review{'s' if rating.count != 1 else ''} by brands"
    return Cell(f"{rating.average:.1f} of 5", basis, rating.average)


def _figure(name: str) -> Callable[[_Side], Cell]:
    def read(side: _Side) -> Cell:
        figures: Sequence[Figure] = side.candidate.record.figures if side.candidate.record else ()
        figure = next((one for one in figures if one.name == name), None)
        if figure is None or figure.value is None:
            return Cell(basis=f"{figure.n if figure else 0} so far, too few to say")
        return Cell(figure_value(figure), figure_basis(figure), figure.value)

    return read


def _match(side: _Side) -> Cell:
    match = side.account.match if side.account else None
    if match is None:
        return Cell(basis="not in the search index yet")
    basis = f"better than {min(match.percentile, 99)} % of the eligible"
    return Cell(f"{100 * match.score:.0f} of 100", basis, match.score)
