"""`manage.py suggest_price ACCOUNT DELIVERABLE`: a price range, and why."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Platform, SocialAccount
from accounts.money import readable
from marketplace.management.stores import database_needed
from marketplace.pricing_json import suggestion_as_json
from marketplace.pricing_words import coverage_sentences, recent_sentence
from scoring.answers import premium_words
from scoring.pricing.suggesting import Suggestion, suggest_price

LARGEST_ID = 2**63 - 1


class Command(BaseCommand):
    help = "Suggest a price for one piece of work by one account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the account's number, or platform:handle")
        parser.add_argument("deliverable", help="such as static_post")
        parser.add_argument("--currency", default="", help="convert to, such as EUR")
        parser.add_argument("--campaign-type", default="", help="such as launch")
        parser.add_argument("--month", type=int, help="1 to 12, when the work is to appear")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with database_needed():
                found = suggest_price(
                    account=find_account(options["account"]),
                    deliverable=options["deliverable"],
                    currency=options["currency"].upper(),
                    campaign_type=options["campaign_type"],
                    month=options["month"],
                    now=timezone.now(),
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(suggestion_as_json(found), ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: Suggestion) -> None:
        low, middle, high = (
            readable(minor, found.currency)
            for minor in (found.min_minor, found.suggested_minor, found.max_minor)
        )
        said = [f"{low} – {high}, suggested {middle}", found.basis]
        if found.conversion:
            said.append(found.conversion.sentence)
        said += coverage_sentences(found.coverage)
        said += [
            premium_words(name).format(value)
            for name, value in found.factors.items()
            if value is not None
        ]
        said += [recent_sentence(found), found.comparables_note]
        said += [
            f"  {readable(one.price_minor, one.currency)} {one.kind} for {one.deliverable}, "
            f"distance {one.distance:.1f}"
            for one in found.comparables
        ]
        for line in filter(None, said):
            self.stdout.write(line)


def find_account(text: str) -> SocialAccount:
    """:raises CommandError: if there is none."""
    accounts = SocialAccount.objects.select_related("creator")
    text = text.replace("\x00", "")
    platform, colon, handle = text.replace("/", ":", 1).partition(":")
    if colon and platform in Platform.values:
        found = accounts.filter(platform=platform, handle=handle.removeprefix("@")).first()
    elif text.isascii() and text.isdigit():
        found = accounts.filter(pk=min(int(text[:19]), LARGEST_ID)).first()
    else:
        raise CommandError(f"{text[:80]!r} is neither a number nor platform:handle.")
    if found is None:
        raise CommandError(f"There is no account {text[:80]!r}.")
    return found
