"""Recommend creators to a brand, as its page does; nothing is recorded as shown."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from accounts.errors import DomainError
from accounts.models import Brand
from marketplace.management.stores import database_needed
from marketplace.recommendation_json import recommendations_as_json
from scoring.recommendations.serving import Recommendations, recommend_creators

LARGEST_ID = 2**63 - 1


class Command(BaseCommand):
    help = "Recommend creators to a brand, each with the reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("brand", help="the brand's number, or its name if only one has it")
        parser.add_argument("--top", type=int, default=20, help="1 to 100")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["top"] <= 100:
            raise CommandError(f"--top is {options['top']}; give a number from 1 to 100.")
        try:
            with database_needed():
                brand = find_brand(options["brand"])
                found = recommend_creators(brand=brand, top=options["top"], now=timezone.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            document = {"brand_id": brand.pk, "brand": brand.name}
            document |= recommendations_as_json(found) | {"timings_ms": found.timings_ms}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            print_recommendations(brand, found)


def find_brand(text: str) -> Brand:
    """:raises CommandError: if there is none, or several have the name."""
    if text.isascii() and text.isdigit():
        named = Brand.objects.filter(pk=min(int(text[:19]), LARGEST_ID))
    else:
        named = Brand.objects.filter(name=text.replace("\x00", ""))
    brands = list(named[:2])
    if not brands:
        raise CommandError(f"There is no brand {text[:80]!r}.")
    if len(brands) > 1:
        raise CommandError(f"Several brands are called {text[:80]!r}; give the number.")
    return brands[0]


def print_recommendations(brand: Brand, found: Recommendations) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(f"For {brand} ({found.version}, {found.catalogue:,} accounts compared)")
    for sentence in found.confidence.sentences:
        console.print(sentence, style="yellow")
    table = Table(show_lines=True)
    for name in ("#", "Creator", "Why"):
        table.add_column(name, overflow="fold")
    for one in found.results:
        account = one.account
        who = f"{account.creator.display_name}\n{account.handle} · {account.get_platform_display()}"
        where = f" · {account.country}" if account.country else ""
        why = [f"+ {text}" for text in one.reasons] + [f"- {text}" for text in one.concerns]
        table.add_row(str(one.rank), who + where, "\n".join(why))
    console.print(table)
    laps = ", ".join(f"{name} {value:.0f} ms" for name, value in found.timings_ms.items())
    console.print(laps, style="dim")
