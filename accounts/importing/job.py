"""An import as a job: the handler of `Job.Kind.IMPORT`."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from accounts.importing.layout import Kind
from accounts.importing.options import ImportOptions
from accounts.importing.service import import_file
from accounts.job_progress import JobProgress
from accounts.jobs import start_job
from accounts.models import Job, User


def start_import(
    *, path: Path, kind: Kind, options: ImportOptions, owner: User | None, now: datetime
) -> Job:
    """Queue the import of a file that the workers can read under the same path.

    The refresh that follows is a second job, started in the transaction of the import.
    """
    params = {
        "path": str(path),
        "kind": kind.value,
        **asdict(options),
        "skip_bad": str(options.skip_bad) if options.skip_bad else None,
        "as_of": options.as_of.isoformat() if options.as_of else None,
    }
    return start_job(
        kind=Job.Kind.IMPORT,
        title=f"Import {kind.value} from {path.name}"[:200],
        params=params,
        owner=owner,
        now=now,
    )


def run_import_job(
    *, params: dict[str, Any], progress: JobProgress, now: datetime
) -> dict[str, Any]:
    """Import the file; the result is the report. One transaction, so a cancelled or lost
    import leaves the database as it was. Raises as `import_file`."""
    progress.set_stage("Checking and writing rows")
    options = ImportOptions(
        dry_run=params["dry_run"],
        skip_bad=Path(params["skip_bad"]) if params["skip_bad"] else None,
        encoding=params["encoding"],
        platform=params["platform"],
        as_of=date.fromisoformat(params["as_of"]) if params["as_of"] else None,
        refresh=params["refresh"],
    )
    report = import_file(
        path=Path(params["path"]),
        kind=Kind(params["kind"]),
        options=options,
        actor=User.objects.filter(pk=progress.owner_id).first() if progress.owner_id else None,
        now=now,
        progress=progress.set_done,
        before_commit=progress.confirm,
    )
    return report.as_dict()
