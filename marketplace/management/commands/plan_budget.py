"""Plan a campaign's budget from the command line."""

import ctypes
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from accounts.errors import DomainError
from accounts.models import Platform
from accounts.money import readable, to_minor
from campaigns.briefs import get_latest_brief
from campaigns.models import Campaign
from campaigns.terms import MAX_BRIEF_CHARACTERS, BriefTerms
from marketplace.management.stores import database_needed
from scoring.budgeting.answers import plan_told
from scoring.budgeting.planning import plan_budget
from scoring.budgeting.terms import TIER_NAMES, Goal, PlanTerms
from scoring.budgeting.wording import amount_of, rounded
from scoring.matching.campaigns import AskedBy, asked_by

LARGEST_AMOUNT = Decimal(10) ** 12
LARGEST_ID = 2**63 - 1


class Command(BaseCommand):
    help = "Pick creators for a brief under a budget, with overlap, uncertainty and reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--campaign", type=int, help="the id of a campaign")
        source.add_argument("--brief", help="a text file")
        parser.add_argument("--platform", default="", choices=["", *Platform.values])
        parser.add_argument("--budget", required=True, help="in whole units, such as 10000")
        parser.add_argument("--currency", required=True, help="such as EUR")
        parser.add_argument("--goal", default=Goal.REACH.value, choices=Goal.values)
        parser.add_argument("--fewest", type=int, default=0)
        parser.add_argument("--most", type=int)
        parser.add_argument("--include", type=int, action="append", default=[], metavar="CREATOR")
        parser.add_argument("--exclude", type=int, action="append", default=[], metavar="CREATOR")
        parser.add_argument(
            "--tier", action="append", default=[], metavar="TIER=N",
            help=f"at least so many of a size ({', '.join(TIER_NAMES)}); may be repeated",
        )  # fmt: skip
        parser.add_argument("--largest-share", type=float, help="of the budget, for one creator")
        parser.add_argument("--least-match", type=float, help="0 to 1")
        parser.add_argument("--deliverable", default="", help="such as reel")
        parser.add_argument("--overlap", type=float, default=0.5, help="0 to 1, default 0.5")
        parser.add_argument("--certainty", type=float, help="such as 0.9")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    @database_needed()
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            asked = _asked(options)
            with _solver_says_to_stderr():
                plan = plan_budget(
                    terms=_terms(options),
                    brief=asked.terms,
                    brand_names=asked.brand_names,
                    hidden=asked.hidden,
                    now=now,
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        document = plan_told(plan)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        _show(document, Console(file=self.stdout, width=140))  # type: ignore[arg-type]


@contextmanager
def _solver_says_to_stderr() -> Iterator[None]:
    """HiGHS now and then prints a line of its own, past Python; standard output is the answer's."""
    libc = ctypes.CDLL(None)
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        libc.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


def _asked(options: dict[str, Any]) -> AskedBy:
    if options["brief"] is not None:
        try:
            text = Path(options["brief"]).read_text(encoding="utf-8")[: MAX_BRIEF_CHARACTERS + 1]
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The brief cannot be read: {error}") from error
        return AskedBy(BriefTerms(text=text, platform=options["platform"]), (), frozenset())
    found = (
        Campaign.objects.select_related("brand").filter(pk=options["campaign"]).first()
        if 0 < options["campaign"] <= LARGEST_ID
        else None
    )
    if found is None:
        raise CommandError(f"There is no campaign {options['campaign']}.")
    return asked_by(found, get_latest_brief(found))


def _terms(options: dict[str, Any]) -> PlanTerms:
    try:
        amount = Decimal(options["budget"])
    except InvalidOperation as error:
        raise CommandError("A budget is a number such as 10000.") from error
    if not amount.is_finite() or not 0 < amount <= LARGEST_AMOUNT:
        raise CommandError("A budget is above zero and at most 1,000,000,000,000.")
    tiers = {}
    for text in options["tier"]:
        name, _, least = text.partition("=")
        if not least.isascii() or not least.isdigit() or len(least) > 4:
            raise CommandError(f"“{text}” is not like micro=2.")
        tiers[name] = int(least)
    return PlanTerms(
        budget_minor=to_minor(amount, options["currency"]),
        currency=options["currency"],
        goal=options["goal"],
        fewest=options["fewest"],
        most=options["most"],
        include=tuple(options["include"]),
        exclude=tuple(options["exclude"]),
        tier_least=tiers,
        largest_share=options["largest_share"],
        least_match=options["least_match"],
        deliverable=options["deliverable"],
        overlap_share=options["overlap"],
        certainty=options["certainty"],
        random_state=options["seed"],
    )


def _show(document: dict[str, Any], console: Console) -> None:
    currency, goal = document["currency"], document["goal"]
    table = Table("Creator", "Platform", "Price", "Range", "Why")
    for pick in document["picks"]:
        price = pick["price"]
        low, high = (readable(price[f"{end}_minor"], currency) for end in ("low", "high"))
        table.add_row(
            pick["creator"],
            pick["platform"],
            readable(price["middle_minor"], currency),
            f"{low} – {high}",
            pick["text"],
        )
    console.print(table)
    solution, unsure = document["solution"], document["uncertainty"]
    best = "the best there is" if solution["is_best"] else f"at most {solution['gap']:.1%} short"
    console.print(
        f"{readable(document['price_minor'], currency)} of "
        f"{readable(document['budget_minor'], currency)}: {amount_of(goal, solution['value'])}, "
        f"{best}; within the budget in {unsure['within_budget']:.0%} of draws."
    )
    if (reach := unsure["people_once"]) is not None:
        console.print(
            f"People reached once: {rounded(reach['p10'])} to {rounded(reach['p90'])} "
            "(10th to 90th percentile of draws)."
        )
    for one in document["best_left_out"]:
        console.print(f"Not {one['creator']}: {one['text']}")
    for text in document["assumptions"]:
        console.print(f"· {text}")
