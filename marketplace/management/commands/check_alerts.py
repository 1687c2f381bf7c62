"""Check every alert now, as the scheduled task does each quarter of an hour."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from marketplace.management.stores import database_needed
from scoring.alerting.checking import check_alerts


class Command(BaseCommand):
    help = "Check every alert now: read what is new, fire what it met, write what is to be told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        with database_needed():
            report = check_alerts(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        elif not report.ran:
            self.stdout.write("Another check is at work; it sees what this one would have.")
        else:
            self.stdout.write(
                f"{report.rules:,} alerts, {report.readings:,} new readings, {report.fired:,} "
                f"findings in {report.seconds:.2f} s."
                + (f" {report.left_out:,} beyond the limit were left out." * bool(report.left_out))
            )
