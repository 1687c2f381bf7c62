"""Writing one answer a line, for `evaluate --out`."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from scoring.ml.tasks import Answer

COLUMNS = ("id", "score", "level", "abstained", "reasons", "flagged_windows")
FORMATS = (".csv", ".jsonl")


class UnwritableAnswers(Exception):
    """The answers cannot be written where they should go."""


def check_destination(out: Path, *, data: Path) -> None:
    """Find out before an hour of work that its result could not be kept.

    :raises UnwritableAnswers: another ending than .csv or .jsonl, no such directory, or the
        very file the rows come from.
    """
    if out.suffix not in FORMATS:
        raise UnwritableAnswers(f"--out {out}: name a file that ends in {' or '.join(FORMATS)}.")
    if out.is_dir() or not out.parent.is_dir():
        raise UnwritableAnswers(f"--out {out}: {out.parent} is no directory, or {out} is one.")
    if out.exists() and data.exists() and out.samefile(data):
        raise UnwritableAnswers(f"--out {out} is the data file itself; name another.")


def write_answers(answers: Iterable[Answer], out: Path) -> int:
    """Write every answer, or leave the file as it was.

    :returns: the number of answers. Memory does not grow with it.
    """
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            write = _csv_writer(stream) if out.suffix == ".csv" else _json_writer(stream)
            count = 0
            for answer in answers:
                write(answer)
                count += 1
        os.chmod(name, 0o644)
        os.replace(name, out)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return count


def _fields(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "score": answer.score,
        "level": answer.level,
        "abstained": answer.abstained,
        "reasons": list(answer.reasons),
        "flagged_windows": [dict(window) for window in answer.windows],
    }


def _csv_writer(stream: TextIO) -> Callable[[Answer], None]:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)

    def write(answer: Answer) -> None:
        fields = _fields(answer)
        fields["abstained"] = int(answer.abstained)
        for name in ("reasons", "flagged_windows"):
            fields[name] = json.dumps(fields[name], ensure_ascii=False)
        writer.writerow(["" if fields[name] is None else fields[name] for name in COLUMNS])

    return write


def _json_writer(stream: TextIO) -> Callable[[Answer], None]:
    def write(answer: Answer) -> None:
        stream.write(json.dumps(_fields(answer), ensure_ascii=False) + "\n")

    return write
