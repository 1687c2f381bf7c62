"""Reproduce a stored score from its snapshot and model version."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import DomainError
from scoring.ml.artifacts import ArtifactError
from scoring.reproducing import recompute_post_score, recompute_score


class Command(BaseCommand):
    help = "Compute score ID again from its stored inputs and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("score_id", type=int)
        parser.add_argument(
            "--post", action="store_true", help="ID is a score of a post's engagement"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recompute = recompute_post_score if options["post"] else recompute_score
            answer = recompute(options["score_id"])
        except (DomainError, ArtifactError) as error:
            raise CommandError(str(error)) from error
        stored = {name: getattr(answer.score, name) for name in answer.recomputed}
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
            for name in stored:
                mark = "differs" if name in answer.differences else "equal"
                self.stdout.write(f"  {name}: {stored[name]} → {answer.recomputed[name]} ({mark})")
        if not answer.is_exact:
            raise CommandError("The score could not be reproduced exactly.")
