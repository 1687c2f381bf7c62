"""Show a brand's or creator's track record with the events behind every figure."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.states import Side
from campaigns.transparency import Figure, Record, compute_records, list_facts


class Command(BaseCommand):
    help = "Compute the figures of a brand or creator now and list the events they come from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("side", choices=[Side.BRAND.value, Side.CREATOR.value])
        parser.add_argument("id", type=int)
        parser.add_argument(
            "--as-of", type=_moment, help="End of the twelve months, in ISO 8601; by default now."
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        side, pk = Side(options["side"]), options["id"]
        model = Brand if side is Side.BRAND else Creator
        if not 0 < pk < 2**63 or not model.objects.filter(pk=pk).exists():
            raise CommandError(f"There is no {side.value} {pk}.")
        as_of = options["as_of"] or timezone.now()
        record = compute_records(side, [pk], as_of=as_of)[pk]
        facts = list_facts(side, pk, as_of=as_of)
        if options["json"]:
            answer = {
                "side": side.value,
                "id": pk,
                "as_of": as_of.isoformat(),
                "since": record.since.isoformat(),
                "collaborations": record.collaborations,
                "figures": [asdict(figure) for figure in record.figures],
                "facts": [asdict(fact) for fact in facts],
            }
            self.stdout.write(json.dumps(answer))
            return
        self._tell(record)
        for fact in facts:
            piece = f" piece {fact.piece}" if fact.piece else ""
            self.stdout.write(
                f"  {fact.figure} {fact.amount:g}: collaboration {fact.collaboration_id}{piece}, "
                f"events {', '.join(map(str, fact.events))}"
            )

    def _tell(self, record: Record) -> None:
        self.stdout.write(
            f"{record.collaborations} collaborations, {record.since:%d %b %Y} to "
            f"{record.as_of:%d %b %Y}"
        )
        for figure in record.figures:
            self.stdout.write(f"{figure.label}: {_written(figure)} (n = {figure.n})")


def _written(figure: Figure) -> str:
    if figure.value is None:
        return "not enough yet"
    if figure.low is None or figure.high is None:
        return f"{figure.value:g} {figure.unit}"
    return f"{figure.value:.1%}, between {figure.low:.1%} and {figure.high:.1%}"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
