"""Import a file of prices: judge every row, then write all of them, or none."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from accounts import audit
from accounts.importing.errors import FileUnreadable
from accounts.importing.sources import DELIMITERS, CsvSource
from accounts.models import SocialAccount, User
from accounts.models.facts import Provenance
from scoring.models import MarketPrice, PriceImport
from scoring.pricing.errors import PriceFileRefused
from scoring.pricing.file_rows import (
    EARLIEST,
    NEEDED,
    FilePrice,
    PriceProblem,
    RowReader,
    layout_of,
)
from scoring.pricing.market_rows import creator_key

MOST_ROWS: Final = 200_000
MOST_PROBLEMS: Final = 100
SOURCE_CHARACTERS: Final = 200


@dataclass
class PriceReport:
    """What a file holds. ``prices`` = added + repeated: known already, or twice in the file."""

    file_name: str
    layout: str
    rows: int
    prices: int
    creators: int
    added: int
    repeated: int
    dry_run: bool
    import_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def import_prices(
    *,
    path: Path,
    source: str,
    actor: User | None,
    now: datetime,
    day: date | None = None,
    file_name: str = "",
    dry_run: bool = False,
    simulated: bool = False,
) -> PriceReport:
    """Take the prices of a CSV file, plain or gzipped, into the market.

    :param source: where the prices come from, in words.
    :param day: of rows without a date; default today.
    :param simulated: whether the prices are made up; such prices only ever meet their like.
    :raises FileUnreadable: for the file as a whole.
    :raises PriceFileRefused: if a row is wrong; ``details["problems"]`` are the first hundred.
        Nothing is written then.
    """
    source = source.strip()
    if not source or len(source) > SOURCE_CHARACTERS or "\x00" in source:
        raise PriceFileRefused(
            f"Say in up to {SOURCE_CHARACTERS} characters where the prices come from.",
            details={"field": "source", "problems": []},
        )
    if day is not None and not EARLIEST <= day <= now.date():
        said = "has not come yet" if day > now.date() else f"is before {EARLIEST:%Y}"
        raise PriceFileRefused(
            f"The day of the prices {said}.", details={"field": "day", "problems": []}
        )
    read = _read(path, day=day or now.date(), today=now.date())
    name = (file_name or path.name)[:200]
    if read.problems:
        raise PriceFileRefused(
            f"{name} was not imported: {read.count:,} problem{'' if read.count == 1 else 's'}, "
            f"the first in {read.problems[0].sentence}.",
            details={"problems": [asdict(one) for one in read.problems], "count": read.count},
        )
    with transaction.atomic():
        return _write(
            read, name=name, source=source, actor=actor, now=now, dry_run=dry_run,
            simulated=simulated,
        )  # fmt: skip


@dataclass
class _Read:
    layout: str
    sha256: str = ""
    rows: int = 0
    prices: list[FilePrice] = field(default_factory=list)
    problems: list[PriceProblem] = field(default_factory=list)
    count: int = 0

    def refuse(self, problems: Sequence[PriceProblem]) -> None:
        self.count += len(problems)
        self.problems += problems[: MOST_PROBLEMS - len(self.problems)]


def _read(path: Path, *, day: date, today: date) -> _Read:
    with CsvSource(path) as source:
        delimiter, names = _header(source.first_line())
    layout = layout_of(frozenset(names))
    if layout is None:
        needed = " or ".join(", ".join(sorted(columns)) for columns in NEEDED.values())
        raise FileUnreadable(f"{path.name} is no file of prices: it needs the columns {needed}.")
    if repeated := {name for name in names if name and names.count(name) > 1}:
        raise FileUnreadable(f"{path.name} has columns twice: {', '.join(sorted(repeated))}.")
    read, reader = _Read(layout), RowReader(layout, day=day, today=today)
    seen: dict[Any, FilePrice] = {}
    with CsvSource(path) as source:
        for record in source.records(delimiter=delimiter):
            if record.row == 1:
                continue
            read.rows += 1
            if read.rows > MOST_ROWS:
                raise FileUnreadable(f"{path.name} has more than {MOST_ROWS:,} rows; split it.")
            if record.problem:
                read.refuse([PriceProblem(record.row, "", record.problem, "valid CSV")])
                continue
            if len(record.cells) != len(names):
                text = f"{len(names)} cells, as the header has"
                read.refuse([PriceProblem(record.row, "", f"{len(record.cells)} cells", text)])
                continue
            said = {name: cell.strip() for name, cell in zip(names, record.cells, strict=True)}
            prices, problems = reader.read(record.row, {k: v for k, v in said.items() if v})
            for price in prices:
                twin = seen.setdefault(price.key, price)
                if (twin.price_minor, twin.currency) != (price.price_minor, price.currency):
                    problems.append(_contradiction(price, twin))
            read.prices += prices
            read.refuse(problems)
        read.sha256 = source.sha256
    return read


def _contradiction(price: FilePrice, twin: FilePrice) -> PriceProblem:
    return PriceProblem(
        price.row,
        "price",
        price.deliverable,
        f"one price of a creator for a deliverable and day; row {twin.row} has another",
    )


def _header(line: str) -> tuple[str, list[str]]:
    """The delimiter that makes the most of the first line, and the names in small letters."""
    delimiter = max(DELIMITERS, key=line.count)
    names = [name.strip().strip('"').strip().lower() for name in line.split(delimiter)]
    return delimiter, names


def _write(
    read: _Read,
    *,
    name: str,
    source: str,
    actor: User | None,
    now: datetime,
    dry_run: bool,
    simulated: bool,
) -> PriceReport:
    own = _accounts(read.prices)
    prices = list({price.key: price for price in read.prices}.values())
    _refuse_mixing(prices, own, simulated)
    keys = {price.key: _key_of(price, own) for price in prices}
    known = _known(set(keys.values()), simulated)
    new = [
        price
        for price in prices
        if known.get((keys[price.key], *price.key[1:])) != (price.price_minor, price.currency)
    ]
    report = PriceReport(
        file_name=name,
        layout=read.layout,
        rows=read.rows,
        prices=len(read.prices),
        creators=len({price.creator for price in prices}),
        added=len(new),
        repeated=len(read.prices) - len(new),
        dry_run=dry_run,
    )
    if dry_run:
        return report
    imported = PriceImport.objects.create(
        file_name=name,
        sha256=read.sha256,
        layout=read.layout,
        source=source,
        rows=read.rows,
        added=len(new),
        repeated=report.repeated,
        is_simulated=simulated,
        imported_by=actor,
        imported_at=now,
    )
    MarketPrice.objects.bulk_create(
        (
            MarketPrice(
                account=own.get((price.platform, price.creator)),
                creator_key=keys[price.key],
                platform=price.platform,
                deliverable=price.deliverable,
                kind=price.kind,
                price_minor=price.price_minor,
                currency=price.currency,
                priced_on=price.priced_on,
                followers=price.followers,
                facts=price.facts,
                provenance=Provenance.SIMULATED if simulated else Provenance.IMPORTED,
                is_simulated=simulated,
                imported=imported,
                recorded_by=actor,
                recorded_at=now,
            )
            for price in new
        ),
        batch_size=2_000,
    )
    audit.record(
        actor=actor,
        verb="price.file_imported",
        subject=imported,
        data={"file": name, "source": source, "added": len(new), "sha256": read.sha256},
    )
    report.import_id = imported.pk
    return report


def _accounts(prices: Sequence[FilePrice]) -> dict[tuple[str, str], SocialAccount]:
    """Accounts here that a file speaks of, by platform and handle."""
    handles = {price.creator for price in prices}
    found = SocialAccount.objects.select_related("creator").filter(handle__in=handles)
    return {(account.platform, account.handle): account for account in found}


def _refuse_mixing(
    prices: Sequence[FilePrice], own: dict[tuple[str, str], SocialAccount], simulated: bool
) -> None:
    wrong = [
        PriceProblem(
            price.row,
            "creator_id",
            price.creator[:60],
            "a creator who is not simulated, or prices marked as simulated",
        )
        for price in prices
        if (account := own.get((price.platform, price.creator))) is not None
        and account.creator.is_simulated != simulated
    ]
    if wrong:
        raise PriceFileRefused(
            f"Nothing was imported: simulated and real prices do not mix ({wrong[0].sentence}).",
            details={"problems": [asdict(one) for one in wrong[:MOST_PROBLEMS]]},
        )


def _key_of(price: FilePrice, own: dict[tuple[str, str], SocialAccount]) -> str:
    account = own.get((price.platform, price.creator))
    return creator_key(account.creator_id) if account else f"file:{price.creator}"


def _known(keys: set[str], simulated: bool) -> dict[tuple[Any, ...], tuple[int | None, str]]:
    """(creator, platform, deliverable, kind, day) → the price that counts. One query."""
    rows = (
        MarketPrice.objects.filter(creator_key__in=keys, is_simulated=simulated)
        .order_by("pk")
        .values_list(
            "creator_key", "platform", "deliverable", "kind", "priced_on", "price_minor", "currency"
        )
    )
    return {row[:5]: (row[5], row[6]) for row in rows}
