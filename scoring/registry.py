"""Which model versions exist, which is active, and the loaded models of this process.

`settings.ARTIFACTS_DIR/active.json` says per task which version answers and which ones
answered before: {task: {"active": "v2", "history": ["v1"]}}, and "because" where somebody
decided it against the figures. It is replaced atomically under a file lock, so readers never
see half a file and two promotions cannot interleave.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings

from accounts.errors import Conflict, DomainError
from scoring.ml import artifacts
from scoring.ml.tasks import Evaluation
from scoring.training import get_task

ACTIVE_FILE = "active.json"

log = structlog.get_logger(__name__)

_models: dict[tuple[Path, str, str], Any] = {}
_models_lock = threading.Lock()


class NoActiveVersion(DomainError):
    """The task has no active model version."""

    code = "no_active_model"
    http_status = 503


class ModelUnreadable(DomainError, artifacts.ArtifactError):
    """An artefact is missing or damaged. ``str`` names it, for whoever can put it right."""

    code = "model_unreadable"
    http_status = 503
    message = "A model that this needs cannot be read just now, so there is no answer."

    def __init__(self, error: artifacts.ArtifactError) -> None:
        super().__init__()
        self.what = str(error)

    def __str__(self) -> str:
        return self.what


NO_MODEL: Final = (NoActiveVersion, artifacts.ArtifactError)
"""What asking for a model may raise, for whoever goes on without one."""


class PromotionRefused(Conflict):
    """The candidate did not prove to be better than the active version."""

    code = "promotion_refused"


class RollbackRefused(Conflict):
    """There is no previous version to go back to."""

    code = "rollback_refused"


def active_version(task: str) -> str:
    """The version that answers now.

    :raises NoActiveVersion: nothing was promoted for this task.
    :raises ModelUnreadable: active.json is damaged.
    """
    entry = _read_active().get(task)
    if not entry:
        raise NoActiveVersion(
            f"No active model for {task!r}: train one and run `manage.py promote_model {task} vN`."
        )
    return str(entry["active"])


def load(task: str, version: str | None = None) -> Any:
    """The model of `version` (default: the active one), loaded once per process.

    Safe to call from several threads; the loaded models themselves are read-only.

    :raises NoActiveVersion: no version given and none active.
    :raises ModelUnreadable: the artefact is missing or damaged.
    """
    version = version or active_version(task)
    key = (_root(), task, version)
    model = _models.get(key)
    if model is None:
        with _models_lock:
            model = _models.get(key)
            if model is None:
                model = _models[key] = _read(task, version)
    return model


def list_versions(task: str) -> list[str]:
    """All versions on disk, oldest first."""
    return artifacts.list_artifacts(_root(), task)


def get_metadata(task: str, version: str | None = None) -> dict[str, Any]:
    """metadata.json of a version (default: the active one), for pages and model cards."""
    return artifacts.read_metadata(_root(), task, version or active_version(task))


def promote(
    task: str, version: str, *, holdout: Path | None = None, because: str | None = None
) -> str | None:
    """Make `version` active if it beats the active one on the same hold-out.

    Without `holdout` the figures recorded at training are compared, which must come from the
    same protocol on the same data; with it both versions are evaluated on that file. The
    first version of a task has nothing to beat.

    :param because: why it shall answer although no figure says so, kept in active.json; with
        it nothing is compared. For a version with more scope, or one a rollback took back.
    :returns: the version that was active before, None for the first.
    :raises PromotionRefused: not better, not comparable, already active, or an empty reason.
    :raises artifacts.ArtifactError: the artefact is missing or damaged.
    """
    if because is not None and not because.strip():
        raise PromotionRefused("Say why it shall answer although no figure says so.")
    load(task, version)  # a damaged candidate must not become active
    with _locked():
        active = _read_active()
        entry = active.get(task)
        previous = str(entry["active"]) if entry else None
        if previous == version:
            raise PromotionRefused(f"{task} {version} is already active.")
        if previous is not None and because is None:
            _check_better(task, version, previous, holdout)
        history = [*entry["history"], previous] if entry else []
        active[task] = {"active": version, "history": history}
        if because is not None:
            active[task]["because"] = because.strip()
        _write_active(active)
    return previous


def rollback(task: str) -> str:
    """Make the previously active version active again.

    :returns: the version that is active now.
    :raises RollbackRefused: there is no previous version.
    :raises artifacts.ArtifactError: the previous artefact is missing or damaged.
    """
    with _locked():
        active = _read_active()
        entry = active.get(task)
        if not entry or not entry["history"]:
            raise RollbackRefused(f"There is no earlier version of {task!r} to go back to.")
        version = str(entry["history"][-1])
        load(task, version)
        active[task] = {"active": version, "history": entry["history"][:-1]}
        _write_active(active)
    return version


def evaluate(task: str, file: Path, version: str | None = None) -> Evaluation:
    """Figures of a version (default: the active one) on a file.

    :raises scoring.ml.tables.TableError: the file is not what the task reads.
    """
    return get_task(task).evaluate(load(task, version), file)


def _check_better(task: str, candidate: str, active: str, holdout: Path | None) -> None:
    spec = get_task(task)
    if holdout is not None:
        metric = spec.primary_metric
        new = evaluate(task, holdout, candidate).metrics.get(metric)
        old = evaluate(task, holdout, active).metrics.get(metric)
        where = holdout.name
    else:
        recorded_new = get_metadata(task, candidate)["holdout"]
        recorded_old = get_metadata(task, active)["holdout"]
        if (
            not recorded_new
            or not recorded_old
            or any(
                recorded_new[key] != recorded_old[key]
                for key in ("protocol", "data_sha256", "metric")
            )
        ):
            raise PromotionRefused(
                f"{task} {candidate} and {active} were not measured on the same hold-out; "
                "name a labelled file neither was trained on with --data."
            )
        metric, where = recorded_new["metric"], recorded_new["protocol"]
        new, old = recorded_new["value"], recorded_old["value"]
    if new is None or old is None:
        raise PromotionRefused(f"{where} does not support the metric {metric}.")
    better = new > old if spec.higher_is_better else new < old
    if not better:
        raise PromotionRefused(
            f"{task} {candidate} does not beat {active}: {metric} {new:.4f} against {old:.4f} "
            f"({where})."
        )


def _read(task: str, version: str) -> Any:
    try:
        return get_task(task).load(artifacts.load_artifact(_root(), task, version))
    except artifacts.ArtifactError as error:
        log.error("model_unreadable", task=task, version=version, error=str(error))
        raise ModelUnreadable(error) from error


def _root() -> Path:
    return Path(settings.ARTIFACTS_DIR)


def _read_active() -> dict[str, dict[str, Any]]:
    path = _root() / ACTIVE_FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        unreadable = artifacts.ArtifactError(f"{path} cannot be read: {error}.")
        raise ModelUnreadable(unreadable) from error
    valid = isinstance(document, dict) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("active"), str)
        and isinstance(entry.get("history"), list)
        for entry in document.values()
    )
    if not valid:
        raise ModelUnreadable(artifacts.ArtifactError(f"{path} is not a table of active versions."))
    return dict(document)


def _write_active(active: dict[str, dict[str, Any]]) -> None:
    text = json.dumps(active, indent=2, sort_keys=True) + "\n"
    handle, name = tempfile.mkstemp(prefix=".active-", dir=_root())
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o644)
        os.replace(name, _root() / ACTIVE_FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _locked() -> Iterator[None]:
    _root().mkdir(parents=True, exist_ok=True)
    descriptor = os.open(_root(), os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
