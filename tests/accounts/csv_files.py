"""Small files for the importer tests."""

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accounts.importing.layout import Kind
from accounts.importing.options import ImportOptions
from accounts.importing.report import ImportReport
from accounts.importing.service import import_file

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

CREATOR = {
    "creator_id": "c0123456789ab",
    "platform": "instagram",
    "bio": "Potter in Porto <link>",
    "hashtags": "clay;kiln",
    "location": "Portugal",
    "followers": "30200.0",
    "engagement_rate": "0.0185",
    "comments_to_likes": "0.05",
    "verified": "1",
    "niches": "art;craft",
}

CREATOR_COLUMNS = list(CREATOR)

POST = {
    "platform": "tiktok",
    "creator_id": "c1111111111aa",
    "creator_followers": "9000",
    "video_id": "v1",
    "caption": "Watch this",
    "hashtags": "fyp;clay",
    "published_at": "2025-05-21 09:44:45",
    "observed_at": "2025-05-29 15:38:41",
    "duration_s": "31",
    "views": "541200",
    "likes": "21900",
    "comments": "454",
    "shares": "742",
    "saves": "1098",
}


def creator(number: int = 0, **cells: str) -> dict[str, str]:
    return {**CREATOR, "creator_id": f"c{number:012x}", **cells}


def post(number: int = 0, **cells: str) -> dict[str, str]:
    return {**POST, "video_id": f"v{number}", **cells}


def csv_text(rows: Sequence[Mapping[str, str]], columns: Sequence[str] | None = None) -> str:
    names = list(columns or rows[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_rows(
    path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str] | None = None
) -> Path:
    return write_bytes(path, csv_text(rows, columns).encode())


def write_bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def run_import(
    path: Path, kind: Kind = Kind.CREATORS, *, now: datetime = NOW, **options: Any
) -> ImportReport:
    """Import as the command does, as the system and at a fixed moment."""
    return import_file(path=path, kind=kind, options=ImportOptions(**options), actor=None, now=now)
