"""What an alert would have fired on: one that is kept, or terms from a file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Brand
from marketplace.api.serializers.alerts import AlertTermsSerializer, backtest_as_json, terms_given
from marketplace.management.commands.recommend import find_brand
from marketplace.management.stores import database_needed
from scoring.alerting import keeping
from scoring.alerting.backtesting import DAYS, MOST_DAYS, Backtest, backtest
from scoring.alerting.terms import RuleTerms
from scoring.models import AlertRule

LARGEST_ID = 2**63 - 1


class Command(BaseCommand):
    help = "Replay the past days and say what an alert would have fired on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", nargs="?", type=int, help="the number of an alert")
        parser.add_argument("--brand", help="for terms: the brand's number or name")
        parser.add_argument(
            "--terms",
            help="a JSON file of terms as POST /api/v1/alerts takes them, or - for standard input",
        )
        parser.add_argument("--days", type=int, default=DAYS, help=f"1 to {MOST_DAYS}")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days is {options['days']}; give a number from 1 to {MOST_DAYS}.")
        if (options["rule"] is None) == (options["terms"] is None):
            raise CommandError("Give the number of an alert, or --brand and --terms.")
        try:
            with database_needed():
                brand, terms = _asked(options)
                keeping.check_terms(brand, terms)
                tried = backtest(brand=brand, terms=terms, now=timezone.now(), days=options["days"])
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            document = backtest_as_json(tried)
            self.stdout.write(json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(tried)))


def _asked(options: dict[str, Any]) -> tuple[Brand, RuleTerms]:
    if options["rule"] is not None:
        rule_id = min(max(options["rule"], 0), LARGEST_ID)
        rule = AlertRule.objects.select_related("brand").filter(pk=rule_id).first()
        if rule is None:
            raise CommandError(f"There is no alert {options['rule']}.")
        return rule.brand, RuleTerms.of_version(keeping.current_version(rule))
    if not options["brand"]:
        raise CommandError("Terms need --brand: what it hides does not fire.")
    return find_brand(options["brand"]), _read_terms(options["terms"])


def _read_terms(name: str) -> RuleTerms:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        document = json.loads(text)
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read as JSON: {error}") from error
    asked = AlertTermsSerializer(data=document)
    if not asked.is_valid():
        raise CommandError(f"The terms cannot be used: {json.dumps(asked.errors)}")
    return terms_given(dict(asked.validated_data))


def _lines(tried: Backtest) -> list[str]:
    lines = [
        f"It would have fired {tried.fired:,} times in {tried.days} days, on {tried.creators:,} "
        "creators.",
        f"Readings are known for {tried.known_days} of {tried.days} days and "
        f"{tried.accounts_known:,} of {tried.accounts_in_scope:,} accounts; "
        f"{tried.matching_now:,} match now.",
        *tried.warnings,
    ]
    lines += [f"  from {day}: {count:,}" for day, count in tried.weeks if count]
    lines += [f"  {one.day}  {one.name} ({one.handle}): {one.value:g}" for one in tried.examples]
    return lines
