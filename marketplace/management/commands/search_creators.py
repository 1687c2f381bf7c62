"""Search creators by words, names and examples, from the command line."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from accounts.errors import DomainError
from accounts.models import Platform
from marketplace.discovery_answers import search_as_json
from marketplace.management.stores import database_needed
from scoring.discovery.searching import MOST_PER_PAGE, SearchPage, search_creators
from scoring.discovery.terms import SearchTerms


class Command(BaseCommand):
    help = "Search creators: exact names first, then the nearest texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="*", help="what they write about, a name, or @handle")
        parser.add_argument("--like", action="append", type=int, default=[], help="a creator's id")
        parser.add_argument("--example", default="", help="a bio or captions")
        parser.add_argument("--platform", action="append", default=[], choices=Platform.values)
        for name in ("country", "language", "niche"):
            parser.add_argument(f"--{name}", action="append", default=[], help="may be repeated")
        parser.add_argument("--min-followers", type=int)
        parser.add_argument("--max-followers", type=int)
        parser.add_argument("--max-risk", type=float, help="0 to 100")
        parser.add_argument("--top", type=int, default=20, help=f"1 to {MOST_PER_PAGE}")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["top"] <= MOST_PER_PAGE:
            raise CommandError(
                f"--top is {options['top']}; give a number from 1 to {MOST_PER_PAGE}."
            )
        terms = SearchTerms(
            text=" ".join(options["words"]),
            like=tuple(options["like"]),
            example=options["example"],
            platforms=tuple(options["platform"]),
            countries=tuple(options["country"]),
            languages=tuple(options["language"]),
            niches=tuple(options["niche"]),
            min_followers=options["min_followers"],
            max_followers=options["max_followers"],
            max_risk=options["max_risk"],
        )
        try:
            with database_needed():
                page = search_creators(terms=terms, top=options["top"])
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(search_as_json(page), ensure_ascii=False))
        else:
            print_found(page)


def print_found(page: SearchPage) -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    for note in page.notes:
        console.print(f"Note: {note}", style="yellow", markup=False)
    if not page.results:
        console.print(f"Nobody: {page.eligible:,} accounts pass the filters.")
        return
    table = Table()
    for name in ("#", "Creator", "Similarity", "Words in common", "Niches"):
        table.add_column(name, overflow="fold")
    for found in page.results:
        account = found.account
        near = "–" if found.similarity is None else f"{found.similarity:.2f}"
        words = [*found.shared.bio, *(f"#{tag}" for tag in found.shared.hashtags)]
        table.add_row(
            str(found.rank),
            f"{account.creator.display_name} ({account.creator_id})\n"
            f"{account.handle} · {account.get_platform_display()}".replace("[", r"\["),
            "this name" if found.is_named else near,
            ", ".join(words).replace("[", r"\["),
            ", ".join(found.entry.niches[:4]).replace("[", r"\["),
        )
    console.print(table)
