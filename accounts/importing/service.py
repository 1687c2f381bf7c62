"""Import a file: judge every row, then write all of them in one transaction, or none."""

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from accounts.importing.batches import BATCH_SIZE, BatchWriter
from accounts.importing.checking import Checked, check_rows, clash
from accounts.importing.errors import FileRefused, FileUnreadable, RefusalsUnwritable
from accounts.importing.layout import Kind, Problem
from accounts.importing.options import ImportOptions
from accounts.importing.reading import TableFile
from accounts.importing.refusals import RefusalFile
from accounts.importing.report import ImportReport
from accounts.importing.rows import ParsedRow
from accounts.jobs import start_job
from accounts.models import AuditEntry, Job, User

# Takes bytes done and bytes to do, both passes together; may raise to stop the import.
Progress = Callable[[int, int | None], None]

# One import at a time: two would wait for each other's rows, or dead-lock.
_LOCK = 0x66_61_69_72_69_6D  # "fairim"
_LOCK_PAUSE = 0.5


def import_file(
    *,
    path: Path,
    kind: Kind,
    options: ImportOptions,
    actor: User | None,
    now: datetime,
    progress: Progress = lambda done, total: None,
    before_commit: Callable[[], None] = lambda: None,
) -> ImportReport:
    """Bring the facts of a CSV file, plain or gzipped, into the catalogue.

    Queries: at most 15 for every thousand rows. Memory: bounded, whatever the file's size,
    but for about 80 bytes a row.

    :param actor: whom the audit row names; None is the system.
    :param progress: called every few hundred rows; an exception from it undoes the import.
    :param before_commit: called as the last act of the transaction; may raise to undo it.
    :raises FileUnreadable, LayoutUnknown: for the file as a whole.
    :raises FileRefused: if rows are bad and ``options.skip_bad`` is not given; its
        ``details`` are the report. In every case of an error the database is as before.
    :raises RefusalsUnwritable: if the refused rows have no place to go.
    """
    table = TableFile(path, kind=kind, options=options, now=now)
    _refuse_overwriting(path, options.skip_bad)
    total = 2 * table.size
    checked = check_rows(table, progress=lambda done, size: progress(done, total))
    report = _report(table, checked, options)
    if checked.refused and options.skip_bad is None:
        raise FileRefused(_refusal_text(report), details=report.as_dict())

    with _refusal_file(table, checked, options) as refusals, transaction.atomic():
        _wait_for_other_imports(lambda: progress(table.size, total))
        writer = BatchWriter(table.layout, as_of=options.as_of, now=now)
        _write_rows(
            table, checked, writer, refusals, lambda done, size: progress(size + done, total)
        )
        if table.sha256 != checked.sha256:
            raise FileUnreadable(f"{path} changed while it was read; nothing was imported.")
        report.tally = writer.tally
        if options.dry_run:
            transaction.set_rollback(True)
        else:
            _record(report, actor)
            if options.refresh and len(writer.tally.changed_accounts):
                report.refresh_job = _start_refresh(actor, now).pk
        before_commit()
        if refusals is not None:
            refusals.keep()
            report.refused_file = str(options.skip_bad)
    return report


def _report(table: TableFile, checked: Checked, options: ImportOptions) -> ImportReport:
    return ImportReport(
        file=table.path.name,
        kind=table.layout.kind.value,
        layout=table.layout.name,
        dry_run=options.dry_run,
        rows=checked.rows,
        refused=checked.refused,
        errors=checked.errors,
        warnings=checked.warnings,
        unused_columns=table.header.unused,
        sha256=checked.sha256,
    )


def _refusal_text(report: ImportReport) -> str:
    return (
        f"{report.refused:,} of {report.rows:,} rows are bad, so nothing was imported. "
        "Correct them, or import the rest with --skip-bad REFUSED.csv."
    )


def _refuse_overwriting(path: Path, skip_bad: Path | None) -> None:
    if skip_bad is not None and skip_bad.exists() and skip_bad.samefile(path):
        raise RefusalsUnwritable("The refused rows cannot replace the file they come from.")


@contextlib.contextmanager
def _refusal_file(
    table: TableFile, checked: Checked, options: ImportOptions
) -> Iterator[RefusalFile | None]:
    """Open before anything is written, so that an unwritable place costs nothing."""
    if options.skip_bad is None or not checked.refused:
        yield None
        return
    with RefusalFile(
        options.skip_bad, header=table.header.names, delimiter=table.header.delimiter
    ) as refusals:
        yield refusals


def _wait_for_other_imports(progress: Callable[[], None]) -> None:
    """Take the import lock, asking ``progress`` now and then whether to go on waiting."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            (taken,) = cursor.fetchone()
        if taken:
            return
        progress()
        time.sleep(_LOCK_PAUSE)


def _write_rows(
    table: TableFile,
    checked: Checked,
    writer: BatchWriter,
    refusals: RefusalFile | None,
    progress: Callable[[int, int], None],
) -> None:
    """The second pass. Rows it finds bad are exactly those the first found."""
    batch: list[tuple[ParsedRow, bool]] = []
    for read in table.rows(progress):
        row = read.record.row
        problems = read.errors
        if row >= len(checked.repeated):
            # Longer than a moment ago; the digest will say so too.
            raise FileUnreadable(f"{table.path} changed while it was read; nothing was imported.")
        if first := int(checked.clashes_with[row]):
            problems = [clash(table.layout, first)]
        if problems or read.parsed is None:
            if refusals is not None:
                refusals.add(read.record, [_reason(problem) for problem in problems])
            continue
        if checked.repeated[row]:
            writer.pass_over()
            continue
        states = checked.states_account is None or bool(checked.states_account[row])
        batch.append((read.parsed, states))
        if len(batch) == BATCH_SIZE:
            writer.write(batch)
            batch = []
    if batch:
        writer.write(batch)


def _reason(problem: Problem) -> str:
    column = f"{problem.column}: " if problem.column else ""
    found = f"found {problem.found!r}, " if problem.found else ""
    return f"{column}{found}expected {problem.expected}"


def _record(report: ImportReport, actor: User | None) -> None:
    # Not `audit.record`: the subject is a file, which is no row of any table.
    AuditEntry.objects.create(
        actor=actor,
        verb="catalogue.imported",
        subject_type="file",
        subject_id=report.sha256[:60],
        subject_text=report.file[:200],
        data={"kind": report.kind, "layout": report.layout, **report.counts()},
    )


def _start_refresh(actor: User | None, now: datetime) -> Job:
    return start_job(
        kind=Job.Kind.REFRESH,
        title="Embed and score what an import changed",
        params={},
        owner=actor,
        now=now,
        join_running=False,
    )
