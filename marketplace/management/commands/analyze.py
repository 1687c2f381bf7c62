"""The analysis of document 001: three tables in, three tables out."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from scoring.ml.analysis import Analysis, AnalysisError, analyze
from scoring.ml.analysis_files import (
    AnalysisFileError,
    describe_error,
    read_analysis_table,
    write_analysis,
)
from scoring.ml.encoding import EncoderUnavailable, TextEncoder

MEDIUM_RISK = 40
HIGH_RISK = 60


class Command(BaseCommand):
    help = "Find niches, suspicious followers and the best creators per brand, from CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--influencers", type=Path, required=True, metavar="FILE")
        parser.add_argument("--growth", type=Path, required=True, metavar="FILE")
        parser.add_argument("--brands", type=Path, required=True, metavar="FILE")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = {name: options[name] for name in ("influencers", "growth", "brands")}
        try:
            tables = {name: read_analysis_table(path, name) for name, path in paths.items()}
            # float32, not the faster bfloat16: similarities are shown to two decimals.
            analysis = analyze(**tables, encode=lambda texts: _encoder().encode(texts))
            files = write_analysis(analysis, options["out"])
        except AnalysisError as error:
            raise CommandError(describe_error(error, paths)) from error
        except (AnalysisFileError, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        summary = _summary(analysis, files)
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        else:
            self._print(summary)

    def _print(self, summary: dict[str, Any]) -> None:
        console = Console()
        table = Table("niche", "influencers", "keywords", title="Niches")
        for niche in summary["niches"]:
            table.add_row(str(niche["cluster"]), str(niche["influencers"]), niche["keywords"])
        console.print(table)
        risk = summary["risk"]
        console.print(
            f"Fake-follower points: {risk['high']} high (60 and more), {risk['medium']} medium "
            f"(40 to 59), {risk['low']} low, of {summary['accounts']} accounts."
        )
        console.print(
            f"{summary['matches']} matches for {summary['brands']} brands, "
            f"similarity {summary['mean_similarity']:.2f} on average."
        )
        for path in summary["files"].values():
            console.print(path, soft_wrap=True, highlight=False, markup=False)


def _encoder() -> TextEncoder:
    return TextEncoder(precision="float32")


def _summary(analysis: Analysis, files: dict[str, Path]) -> dict[str, Any]:
    scores = analysis.fake_scores["fake_score"]
    niches = analysis.niches.groupby("niche_cluster")
    return {
        "influencers": len(analysis.niches),
        "accounts": len(scores),
        "brands": int(analysis.matches["brand_id"].nunique()),
        "matches": len(analysis.matches),
        "mean_similarity": round(float(analysis.matches["similarity_score"].mean()), 2),
        "niches": [
            {
                "cluster": int(cluster),
                "influencers": len(members),
                "keywords": members["niche_keywords"].iloc[0],
            }
            for cluster, members in niches
        ],
        "risk": {
            "high": int((scores >= HIGH_RISK).sum()),
            "medium": int(((scores >= MEDIUM_RISK) & (scores < HIGH_RISK)).sum()),
            "low": int((scores < MEDIUM_RISK).sum()),
        },
        "files": {name: str(path) for name, path in files.items()},
    }
