"""`manage.py learn_prices [--json]`: check ranges against agreements, then learn the market."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import DomainError
from marketplace.management.stores import database_needed
from scoring.catalogue import Quiet
from scoring.pricing.checks import watch_ranges
from scoring.pricing.learning import learn_prices


class Command(BaseCommand):
    help = "Learn prices from this site's own rows, real and simulated apart, and watch the ranges."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with database_needed():
                result = learn_prices(params={}, progress=Quiet(), now=timezone.now())
                watched = watch_ranges()
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            result["watched"] = [
                {
                    "platform": one.platform,
                    "simulated": one.simulated,
                    "nominal": one.report.nominal,
                    "observed": one.report.observed,
                    "agreements": one.report.outcomes,
                    "verdict": one.report.verdict,
                }
                for one in watched
            ]
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for one in result["learned"]:
            kind = "Simulated" if one["simulated"] else "Real"
            self.stdout.write(
                f"{kind}: {one['prices']:,} prices of {one['creators']:,} creators. {one['why']}"
            )
        self.stdout.write(f"{result['checks']:,} agreements compared with their ranges.")
        for each in watched:
            simulated = " (simulated)" if each.simulated else ""
            self.stdout.write(
                f"  {each.platform_label}{simulated}: held {each.report.observed or 0:.0%} of "
                f"{each.report.outcomes:,}, meant {each.report.nominal:.0%}: {each.report.verdict}"
            )
