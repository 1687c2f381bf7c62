"""Creators like one creator, from the command line."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from accounts.errors import DomainError
from accounts.models import Creator, Platform, SocialAccount
from marketplace.discovery_answers import similar_as_json
from marketplace.management.stores import database_needed
from scoring.discovery.resembling import SimilarPage, similar_creators
from scoring.ml.match.limits import Limits

MOST = 100


class Command(BaseCommand):
    help = "List the creators most like one, each with the parts of the likeness."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("creator", help="id, handle, or platform:handle")
        parser.add_argument("--top", type=int, default=10, help=f"1 to {MOST}")
        parser.add_argument("--platform", action="append", default=[], choices=Platform.values)
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["top"] <= MOST:
            raise CommandError(f"--top is {options['top']}; give a number from 1 to {MOST}.")
        try:
            with database_needed():
                creator = named_creator(options["creator"])
                page = similar_creators(
                    creator=creator,
                    top=options["top"],
                    limits=Limits(platforms=options["platform"]),
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            document = {"creator_id": creator.pk, "name": creator.display_name}
            self.stdout.write(json.dumps({**document, **similar_as_json(page)}, ensure_ascii=False))
        else:
            print_similar(creator, page)


def named_creator(text: str) -> Creator:
    """The creator of an id, of a handle, or of a handle on a platform.

    Digits are an id first and a handle only where there is no such creator.

    :raises CommandError: where nobody or several are called so.
    """
    text = text.strip().replace("\x00", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        found = Creator.objects.filter(pk=int(text)).first()
        if found is not None:
            return found
    platform, _, handle = text.rpartition(":")
    if platform not in ("", *Platform.values):
        raise CommandError(
            f"“{platform}” is no platform we know. Use one of: {', '.join(Platform.values)}."
        )
    named = SocialAccount.objects.filter(handle__iexact=handle.removeprefix("@"))
    if platform:
        named = named.filter(platform=platform)
    accounts = list(named.select_related("creator").order_by("platform", "pk")[:10])
    creators = {account.creator_id: account.creator for account in accounts}
    if not creators:
        raise CommandError(f"Nobody is called {text!r}. Give an id, a handle or platform:handle.")
    if len(creators) > 1:
        choices = ", ".join(f"{account.platform}:{account.handle}" for account in accounts)
        raise CommandError(f"Several creators are called {text!r}: {choices}.")
    return next(iter(creators.values()))


def print_similar(creator: Creator, page: SimilarPage) -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    for note in page.notes:
        console.print(f"Note: {note}", style="yellow", markup=False)
    if not page.results:
        return
    table = Table(title=f"Creators like {creator.display_name}".replace("[", r"\["))
    for name in ("#", "Creator", "Alike", "Why"):
        table.add_column(name, overflow="fold")
    for one in page.results:
        account = one.account
        table.add_row(
            str(one.rank),
            f"{account.creator.display_name} ({account.creator_id})\n"
            f"{account.handle} · {account.get_platform_display()}".replace("[", r"\["),
            f"{one.score:.2f}",
            "\n".join([*one.reasons, *one.unknown]).replace("[", r"\["),
        )
    console.print(table)
