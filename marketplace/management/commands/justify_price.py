"""Justify a price for a creator, or see what the document would say."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Platform, SocialAccount
from accounts.money import exact, exponent, to_minor
from marketplace.management.stores import database_needed
from scoring.justifying.documents import Document, read_document
from scoring.justifying.gathering import OPTIONAL
from scoring.justifying.links import verify_url
from scoring.justifying.making import USUAL_DAYS, make_justification, preview_justification
from scoring.justifying.pdf import justification_pdf
from scoring.justifying.wording import (
    interval_words,
    origin_words,
    section_words,
    shared_facts,
    value_words,
)


class Command(BaseCommand):
    help = (
        "Show what a price justification would say; with --out, make it for the creator and "
        "write its PDF."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="id of a social account, or platform:handle")
        parser.add_argument("deliverable", help="such as reel; see docs/prices.md")
        parser.add_argument("--asked", required=True, help="the price, such as 1200.50")
        parser.add_argument("--currency", default="EUR")
        parser.add_argument("--note", default="", help="the creator's words to the brand")
        parser.add_argument("--days", type=int, default=USUAL_DAYS)
        parser.add_argument("--leave-out", action="append", default=[], choices=list(OPTIONAL))
        parser.add_argument("--out", type=Path, help="make it, and write the PDF here")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path | None = options["out"]
        if out is not None and not out.parent.is_dir():
            raise CommandError(f"There is no directory {out.parent} to write {out.name} into.")
        asked: dict[str, Any] = {
            "deliverable": options["deliverable"],
            "asked_minor": _minor(options["asked"], options["currency"]),
            "currency": options["currency"],
            "note": options["note"],
            "days": options["days"],
            "left_out": options["leave_out"],
            "actor": None,
            "now": timezone.now(),
        }
        more: dict[str, Any] = {}
        try:
            # One transaction, so that a file that cannot be written leaves no row behind.
            with database_needed(), transaction.atomic():
                account = named_account(options["account"])
                if out is None:
                    document = preview_justification(account=account, **asked)
                else:
                    made = make_justification(account=account, **asked)
                    document = read_document(made.document)
                    out.write_bytes(justification_pdf(made))
                    more = {
                        "id": made.pk,
                        "link": verify_url(made),
                        "hash": made.document_hash,
                        "pdf": str(out),
                    }
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        if options["json"]:
            self.stdout.write(
                json.dumps({**more, "document": asdict(document)}, ensure_ascii=False)
            )
            return
        for line in _lines(document):
            self.stdout.write(line)
        for name, value in more.items():
            self.stdout.write(f"{name}: {value}")


def named_account(text: str) -> SocialAccount:
    """:raises CommandError: where there is none."""
    text = text.strip().replace("\x00", "")
    accounts = SocialAccount.objects.select_related("creator")
    platform, _, handle = text.partition(":")
    if handle and platform in Platform.values:
        found = accounts.filter(platform=platform, handle=handle.removeprefix("@")).first()
    elif text.isascii() and text.isdigit() and len(text) < 19:
        found = accounts.filter(pk=int(text)).first()
    else:
        found = None
    if found is None:
        raise CommandError(f"There is no account {text!r}. Give its id, or platform:handle.")
    return found


def _minor(text: str, currency: str) -> int:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise CommandError(f"--asked is {text[:40]!r}; write a price such as 1200.50.")
    if amount != round(amount, exponent(currency)):
        raise CommandError(f"{text[:40]} has more decimal places than {currency[:3]} has.")
    return to_minor(amount, currency)


def _lines(document: Document) -> list[str]:
    lines = [
        f"{document.creator}, {document.handle} on {document.platform}",
        f"{exact(document.asked_minor, document.currency)} for {document.deliverable_label}",
        document.verdict,
    ]
    for section in document.sections:
        lines += ["", section.title, *section_words(section)]
        shared = shared_facts(section)
        for figure in section.figures:
            interval = interval_words(figure)
            value = f"{value_words(figure)} ({interval})" if interval else value_words(figure)
            lines.append(f"  {figure.label}: {value}")
            if origin := origin_words(figure, shared):
                lines.append(f"      {origin}")
    return lines
