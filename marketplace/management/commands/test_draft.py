"""`manage.py test_draft ACCOUNT --caption … [--at …] [--image F] [--json]`: test a draft."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table
from rich.text import Text

from accounts.errors import DomainError
from accounts.models import Platform, SocialAccount
from marketplace.management.stores import database_needed
from marketplace.templatetags.diagnostics import change_words, changed_names, reasons
from scoring.ml.artifacts import ArtifactError
from scoring.planning_posts.answers import diagnosis_as_json
from scoring.planning_posts.diagnosing import Diagnosis, diagnose
from scoring.planning_posts.drafts import PlannedPost, split_tags
from scoring.planning_posts.history import read_planner
from scoring.planning_posts.kept import picture_hashes
from scoring.planning_posts.pictures import MAX_BYTES, describe_picture


class Command(BaseCommand):
    help = "What a planned post of an account can be expected to get, and why. Stores nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="id of an account, handle, or platform:handle")
        parser.add_argument("--caption", default="", help="its text; - reads standard input")
        parser.add_argument("--hashtags", default="", help="those beside the caption")
        parser.add_argument("--kind", default="", help="format, such as video")
        parser.add_argument(
            "--at", type=_moment, help="2026-01-31T14:00 in UTC, or with its offset"
        )
        parser.add_argument("--duration", type=float, help="length in seconds")
        parser.add_argument("--image", type=Path, help="a PNG, JPEG or WebP")
        parser.add_argument("--or-caption", help="another caption to compare with")
        parser.add_argument("--or-at", type=_moment, help="another time to compare with")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            with database_needed():
                account = named_account(options["account"])
                found = diagnose(
                    planner=read_planner(account, as_of=now),
                    post=_post(options, account),
                    now=now,
                    changes=_changes(options),
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        except ArtifactError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        if options["json"]:
            answer = {"account_id": account.pk, **diagnosis_as_json(found)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            print_diagnosis(found, str(account))


def named_account(text: str) -> SocialAccount:
    """The account of an id, of a handle, or of a handle on a platform.

    :raises CommandError: where none or several are called so.
    """
    text = text.strip().replace("\x00", "")
    accounts = SocialAccount.objects.select_related("creator")
    if text.isascii() and text.isdigit() and len(text) < 19:
        found = accounts.filter(pk=int(text)).first()
        if found is not None:
            return found
    platform, colon, handle = text.partition(":")
    if colon and platform in Platform.values:
        named = list(accounts.filter(platform=platform, handle__iexact=handle.lstrip("@"))[:2])
    else:
        named = list(accounts.filter(handle__iexact=text.lstrip("@"))[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise CommandError(f"Several accounts are called {text!r}; write platform:handle.")
    raise CommandError(f"No account is called {text!r}.")


def print_diagnosis(found: Diagnosis, account: str) -> None:
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    told = found.prediction
    if told is None:
        console.print(Text(f"No prediction for {account}."))
        if found.abstention:
            console.print(Text(found.abstention.reason))
    else:
        console.print(
            Text(
                f"{account}: {told.low:,} to {told.high:,}, around {told.middle:,} "
                f"({told.meaning}); confidence {told.level}, {found.model_version}."
            )
        )
        if found.record:
            console.print(Text(found.record.sentence))
        table = Table("", "What speaks for and against it", "By", show_header=True)
        for title, contributors in reasons(found):
            for one in contributors:
                table.add_row(title, Text(one.text), f"×{one.factor:.2f}")
        console.print(table)
    for change in found.what_ifs:
        console.print(Text(f"With another {changed_names(change.changed)}: {change_words(change)}"))
    for suggestion in found.suggestions:
        console.print(Text(f"Worth changing: {suggestion.text}"))
    console.print(Text(f"Disclosure: {found.disclosure.sentence}"))
    for words in (*found.disclosure.warnings, *found.answer.notes):
        console.print(Text(f"  {words}"))


def _post(options: dict[str, Any], account: SocialAccount) -> PlannedPost:
    picture = None
    if options["image"] is not None:
        with options["image"].open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        picture = describe_picture(data, picture_hashes(account.creator))
    caption = sys.stdin.read(1_000_000) if options["caption"] == "-" else options["caption"]
    return PlannedPost(
        caption=caption.strip(),
        hashtags=split_tags(options["hashtags"]),
        kind=options["kind"],
        planned_at=options["at"],
        duration_s=options["duration"],
        picture=picture,
    )


def _changes(options: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if options["or_caption"] is not None:
        found.append({"caption": options["or_caption"].strip()})
    if options["or_at"] is not None:
        found.append({"planned_at": options["or_at"]})
    return found


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
