"""Check the books now and keep the report, as every night."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.books import run_check


class Command(BaseCommand):
    help = "Add the ledger up again, compare it with payments, and exit 1 if something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        check = run_check(now=timezone.now())
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "check": check.pk,
                        "at": check.at.isoformat(),
                        "is_right": check.is_right,
                        "operations": check.operations,
                        "wrong": check.wrong,
                        "late": check.late,
                        "seconds": check.seconds,
                    }
                )
            )
        else:
            self.stdout.write(f"{check.operations} operations in {check.seconds} s")
            for title, found in (("wrong", check.wrong), ("late", check.late)):
                for name, items in found.items():
                    self.stdout.write(f"  {title}: {name.replace('_', ' ')}: {', '.join(items)}")
        if not check.is_right:
            raise CommandError("The books are wrong. docs/money.md says what to do.")
