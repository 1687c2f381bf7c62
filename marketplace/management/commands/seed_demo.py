"""Fill an empty Fairground with a simulated market, or take that market away."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import DomainError
from marketplace.demo.cast import DEMO_LOGINS
from marketplace.demo.seeding import MarketReport, get_answer_key_path, remove_market, seed_market
from marketplace.management.stores import database_needed


class Command(BaseCommand):
    help = "Make a simulated market: creators, facts, planted frauds, brands and campaigns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--creators", type=int, default=400, help="how many (default 400)")
        parser.add_argument("--seed", type=int, default=7, help="same seed, same market")
        parser.add_argument(
            "--clear", action="store_true", help="replace the simulated market that is there"
        )
        parser.add_argument(
            "--remove", action="store_true", help="take the simulated market away and stop"
        )
        parser.add_argument(
            "--without-logins", action="store_true", help="make no demo log-ins (production)"
        )
        parser.add_argument(
            "--no-scores", action="store_true", help="leave embedding and scoring for later"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with database_needed():
                if options["remove"]:
                    remove_market(now=timezone.now())
                    self.stdout.write("The demo market is gone; everything else is as it was.")
                    return
                report = seed_market(
                    creators=options["creators"],
                    seed=options["seed"],
                    now=timezone.now(),
                    clear=options["clear"],
                    with_logins=not options["without_logins"],
                    with_scores=not options["no_scores"],
                    say=self.stderr.write if options["verbosity"] > 0 else lambda text: None,
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"The answer key cannot be written: {error}.") from error
        if options["json"]:
            self.stdout.write(json.dumps(report.to_dict()))
        else:
            self.show(report, with_logins=not options["without_logins"])

    def show(self, report: MarketReport, *, with_logins: bool) -> None:
        self.stdout.write(
            f"Simulated market: {report.creators:,} creators, {report.accounts:,} accounts, "
            f"{report.campaigns} campaigns in {report.seconds:.1f} s. "
            f"{report.planted} accounts cheat; which ones is in {get_answer_key_path()}."
        )
        if with_logins:
            for role, email, password in DEMO_LOGINS:
                self.stdout.write(f"  {role:<14} {email:<24} {password}")
