"""Rank creators for a brief: the command-line way to the main job."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from textwrap import shorten
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from accounts.errors import DomainError
from accounts.models import Platform
from campaigns.terms import MAX_BRIEF_CHARACTERS, BriefTerms
from marketplace.emptying import list_emptying
from marketplace.management.stores import database_needed
from marketplace.presenting import emptying_as_json, ranking_as_json
from scoring.matching import RankedCreator, Ranking, rank_creators

# A character is at most four bytes; one byte more tells that the brief is too long.
BIO_SHOWN = 120
READ_AT_MOST = 4 * MAX_BRIEF_CHARACTERS + 1


class Command(BaseCommand):
    help = "Rank creators for a brief, each with risk, niches, price and the reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brief", required=True, help="a text file, or - for standard input")
        parser.add_argument("--platform", default="", choices=["", *Platform.values])
        parser.add_argument("--country", default="", help="English name or two-letter code")
        parser.add_argument(
            "--language",
            action="append",
            default=[],
            help="two letters, such as de; may be repeated",
        )
        parser.add_argument("--min-followers", type=int)
        parser.add_argument("--max-followers", type=int)
        parser.add_argument("--niche", action="append", default=[], help="may be repeated")
        parser.add_argument("--max-risk", type=int, help="0 to 100")
        parser.add_argument("--budget", help="amount and currency, such as '5000 CNY'")
        parser.add_argument(
            "--available", action="store_true", help="only creators known to be free"
        )
        parser.add_argument(
            "--publish-from", type=read_day, help="with --available: free from this day on"
        )
        parser.add_argument(
            "--publish-by", type=read_day, help="with --available: free until this day"
        )
        parser.add_argument("--top", type=int, default=20, help="1 to 100")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["top"] <= 100:
            raise CommandError(f"--top is {options['top']}; give a number from 1 to 100.")
        budget_minor, currency = parse_budget(options["budget"])
        terms = BriefTerms(
            text=read_brief(options["brief"]),
            platform=options["platform"],
            country=options["country"],
            languages=list(dict.fromkeys(code.lower() for code in options["language"])),
            niches=options["niche"],
            min_followers=options["min_followers"],
            max_followers=options["max_followers"],
            max_risk=options["max_risk"],
            budget_minor=budget_minor,
            budget_currency=currency,
            needs_availability=options["available"],
            publish_from=options["publish_from"],
            publish_by=options["publish_by"],
        )
        try:
            with database_needed():
                ranking = rank_creators(terms=terms, top=options["top"], now=timezone.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            empty = [] if ranking.eligible else list_emptying(terms)
            answer = {**ranking_as_json(ranking), "emptying": emptying_as_json(empty)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            print_ranking(ranking, terms)


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write 2026-05-21.") from error


def read_brief(source: str) -> str:
    """The brief's text from a file or standard input, at most a little over the limit."""
    try:
        if source == "-":
            raw = sys.stdin.buffer.read(READ_AT_MOST)
        else:
            with Path(source).open("rb") as file:
                raw = file.read(READ_AT_MOST)
    except IsADirectoryError as error:
        raise CommandError(f"{source} is a directory; give a text file with the brief.") from error
    except OSError as error:
        raise CommandError(f"{source} cannot be read: {error.strerror}.") from error
    if len(raw) == READ_AT_MOST:
        raise CommandError(
            f"The brief is longer than {MAX_BRIEF_CHARACTERS:,} characters. "
            "Keep what describes the product, the audience and the content."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"The brief is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8."
        ) from error


def parse_budget(text: str | None) -> tuple[int | None, str]:
    """'5000 CNY' as minor units and currency."""
    if text is None:
        return None, ""
    try:
        amount, currency = text.split()
        minor = int(Decimal(amount.replace(",", "")) * 100)
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise CommandError(
            f"--budget is {text!r}; give amount and currency, such as '5000 CNY'."
        ) from error
    return minor, currency.upper()


def print_ranking(ranking: Ranking, terms: BriefTerms) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160)
    for note in ranking.notes:
        console.print(f"Note: {note}", style="yellow")
    if not ranking.results:
        console.print(
            f"No creators: {ranking.eligible:,} accounts pass the filters. "
            "Loosen a filter, or import creators first (manage.py import_creators FILE)."
        )
        for limit in [] if ranking.eligible else list_emptying(terms):
            console.print(
                f"  {limit.label}: leaves out {limit.refused:,}, by itself {limit.alone:,}"
            )
        return
    console.print(
        f"{ranking.eligible:,} accounts pass the filters"
        + (f"; the brief reads as {', '.join(ranking.niches)}" if ranking.niches else "")
    )
    table = Table(show_lines=True)
    for name in ("#", "Creator", "Match", "Risk", "Niches", "Price", "Why"):
        table.add_column(name, overflow="fold")
    for result in ranking.results:
        table.add_row(*_cells(result))
    console.print(table)
    road = "every eligible account compared" if ranking.exact else "through the vector index"
    console.print(
        f"{ranking.match_version}; {road}; "
        + ", ".join(f"{name} {value:.0f} ms" for name, value in ranking.timings_ms.items()),
        style="dim",
    )


def _cells(result: RankedCreator) -> list[str]:
    account, match = result.account, result.match
    name = f"{account.creator.display_name}\n{account.handle} · {account.get_platform_display()}"
    if account.country:
        name += f" · {account.country}"
    if account.bio:
        name += "\n" + shorten(account.bio, BIO_SHOWN, placeholder=" …")
    if account.creator.is_simulated:
        name += "\nsimulated"
    niches = result.niche.details.get("labels", [])[:3] if result.niche else []
    why = [f"+ {text}" for text in match.positive_factors] + [f"- {t}" for t in match.concerns]
    return [
        str(result.rank),
        name,
        f"{match.score:.2f}\nbetter than {match.percentile} %",
        _risk(result),
        "\n".join(label["readable"] for label in niches) or "unknown",
        _price(result),
        "\n".join(why),
    ]


def _risk(result: RankedCreator) -> str:
    if result.risk is None:
        return "not scored yet"
    if result.risk.abstained:
        return "unknown: not enough evidence"
    return (
        f"{result.risk.value:.0f} {result.risk.level}\nconfidence {result.risk.confidence:.0%}\n"
        + "\n".join(reason["text"] for reason in result.risk.reasons[:2])
    )


def _price(result: RankedCreator) -> str:
    price = result.price
    if price is None:
        return "not scored yet"
    if price.low is None or price.value is None or price.high is None:
        return "no comparable market data"
    return (
        f"{price.low / 100:,.0f}–{price.high / 100:,.0f} {price.currency}"
        f"\nsuggested {price.value / 100:,.0f}"
    )
