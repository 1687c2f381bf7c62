"""Reproduce a stored score from its snapshot and model version."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import DomainError
from scoring.ml.artifacts import ArtifactError
from scoring.reproducing import COMPARED, recompute_score


class Command(BaseCommand):
    help = "Compute score ID again from its stored inputs and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("score_id", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = recompute_score(options["score_id"])
        except (DomainError, ArtifactError) as error:
            raise CommandError(str(error)) from error
        stored = {name: getattr(answer.score, name) for name in COMPARED}
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "score": answer.score.pk,
                        "model_version": answer.score.model_version,
                        "exact": answer.is_exact,
                        "differences": answer.differences,
                        "stored": stored,
                        "recomputed": answer.recomputed,
                    }
                )
            )
        else:
            self.stdout.write(f"{answer.score} ({answer.score.model_version})")
            for name in COMPARED:
                mark = "differs" if name in answer.differences else "equal"
                self.stdout.write(f"  {name}: {stored[name]} → {answer.recomputed[name]} ({mark})")
        if not answer.is_exact:
            raise CommandError("The score could not be reproduced exactly.")
