"""Model artefacts on disk: plain formats, checked before use.

An artefact is a directory `<root>/<task>/<version>/` holding `metadata.json` and the
files it names with their sha256. Formats: LightGBM text (.txt), NumPy (.npz, without
pickle), safetensors and JSON. Nothing here can execute code when a file is loaded.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np

METADATA_FILE = "metadata.json"
ALLOWED_SUFFIXES = frozenset({".txt", ".npz", ".safetensors", ".json"})
REQUIRED_KEYS = (
    "task",
    "version",
    "algorithm",
    "feature_set",
    "trained_at",
    "random_state",
    "data",
    "metrics",
    "metrics_by_slice",
    "feature_importance",
    "files",
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


class ArtifactError(Exception):
    """An artefact is missing, damaged or of a kind that is not read."""


@dataclass(frozen=True)
class DataSource:
    """One file a model was trained on."""

    name: str
    sha256: str
    rows: int
    licence: str

    @classmethod
    def from_file(cls, path: Path, *, rows: int, licence: str) -> DataSource:
        """Describe `path` by its name and contents; the folder it lay in is not recorded."""
        return cls(name=path.name, sha256=sha256_of_file(path), rows=rows, licence=licence)


@dataclass(frozen=True)
class Metadata:
    """What a version says about itself.

    `holdout` is what promotion compares: {"protocol", "data_sha256", "metric", "value",
    "higher_is_better"}. `extra` keeps task-specific settings (thresholds, calibration).
    """

    algorithm: str
    feature_set: str
    trained_at: datetime
    random_state: int
    data: Iterable[DataSource]
    metrics: Mapping[str, float | None]
    metrics_by_slice: Mapping[str, Mapping[str, float | None]]
    feature_importance: Mapping[str, float]
    holdout: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Artifact:
    """A loaded artefact whose every file matched its checksum.

    File contents are kept as bytes, so what is parsed is what was checked.
    """

    task: str
    version: str
    metadata: Mapping[str, Any]
    contents: Mapping[str, bytes]

    def booster(self, name: str) -> lgb.Booster:
        """Parse a LightGBM text model."""
        return lgb.Booster(model_str=self._bytes(name).decode("utf-8"))

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Read an npz file; object arrays are refused."""
        with np.load(io.BytesIO(self._bytes(name)), allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}

    def tensors(self, name: str) -> dict[str, np.ndarray]:
        """Read a safetensors file as NumPy arrays."""
        from safetensors.numpy import load

        return dict(load(self._bytes(name)))

    def document(self, name: str) -> Any:
        """Read a JSON file."""
        return json.loads(self._bytes(name))

    def _bytes(self, name: str) -> bytes:
        if name not in self.contents:
            raise ArtifactError(f"{self.task} {self.version} has no file {name!r}.")
        return self.contents[name]


def save_artifact(
    directory: Path, *, task: str, files: Mapping[str, bytes], metadata: Metadata
) -> dict[str, Any]:
    """Write an artefact; the last part of `directory` is its version.

    The directory appears complete or not at all, and an existing version is never
    overwritten, because scores already given name it.

    :returns: the metadata as written.
    :raises ArtifactError: bad name, format that is not read, or version already there.
    """
    version = directory.name
    _check_name("task", task)
    _check_name("version", version)
    for name in files:
        _check_file_name(name)
    if directory.exists():
        raise ArtifactError(
            f"{task} {version} already exists in {directory.parent}; choose another version."
        )
    document = _metadata_document(task, version, files, metadata)
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=directory.parent))
    try:
        for name, content in files.items():
            (staging / name).write_bytes(content)
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (staging / METADATA_FILE).write_text(text, encoding="utf-8")
        staging.chmod(0o755)
        os.rename(staging, directory)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return document


def load_artifact(root: Path, task: str, version: str) -> Artifact:
    """Read `<root>/<task>/<version>` after checking every file against its sha256.

    :raises ArtifactError: missing directory or file, damaged file, wrong metadata.
    """
    _check_name("task", task)
    _check_name("version", version)
    directory = root / task / version
    metadata = read_metadata(root, task, version)
    contents = {}
    for name, digest in metadata["files"].items():
        _check_file_name(name)
        path = directory / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ArtifactError(
                f"{task} {version}: cannot read {name} ({error.strerror}); "
                "restore the artefact or roll back to another version."
            ) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise ArtifactError(
                f"{task} {version}: {name} does not match its sha256; the file is damaged or "
                "was changed. Restore the artefact or roll back to another version."
            )
        contents[name] = content
    return Artifact(task=task, version=version, metadata=metadata, contents=contents)


def read_metadata(root: Path, task: str, version: str) -> dict[str, Any]:
    """Read and check metadata.json alone, without the model files.

    :raises ArtifactError: missing, not JSON, or not the metadata of this task and version.
    """
    path = root / task / version / METADATA_FILE
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError(
            f"{task} {version}: no readable {METADATA_FILE} in {path.parent} ({error.strerror})."
        ) from error
    except ValueError as error:
        raise ArtifactError(f"{task} {version}: {METADATA_FILE} is not valid JSON.") from error
    missing = [
        key for key in REQUIRED_KEYS if not isinstance(metadata, dict) or key not in metadata
    ]
    if missing:
        raise ArtifactError(f"{task} {version}: {METADATA_FILE} lacks {', '.join(missing)}.")
    if (metadata["task"], metadata["version"]) != (task, version):
        raise ArtifactError(
            f"{task} {version}: {METADATA_FILE} describes {metadata['task']} {metadata['version']}."
        )
    return metadata


def list_artifacts(root: Path, task: str) -> list[str]:
    """Versions of `task` that have metadata, oldest first (v2 before v10)."""
    directory = root / task
    if not directory.is_dir():
        return []
    versions = [
        child.name
        for child in directory.iterdir()
        if _NAME.fullmatch(child.name) and (child / METADATA_FILE).is_file()
    ]
    return sorted(versions, key=_natural_key)


def next_version(root: Path, task: str) -> str:
    """The next free `vN`."""
    directory = root / task
    names = [child.name for child in directory.iterdir()] if directory.is_dir() else []
    numbers = [int(name[1:]) for name in names if re.fullmatch(r"v\d+", name)]
    return f"v{max(numbers, default=0) + 1}"


def sha256_of_file(path: Path) -> str:
    """Hex digest of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def arrays_to_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as the bytes of an npz file, for `save_artifact`."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def document_to_bytes(document: Any) -> bytes:
    """A JSON document as bytes, for `save_artifact`."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _metadata_document(
    task: str, version: str, files: Mapping[str, bytes], metadata: Metadata
) -> dict[str, Any]:
    return {
        "task": task,
        "version": version,
        "algorithm": metadata.algorithm,
        "feature_set": metadata.feature_set,
        "trained_at": metadata.trained_at.isoformat(timespec="seconds"),
        "random_state": metadata.random_state,
        "data": [vars(source) for source in metadata.data],
        "metrics": dict(metadata.metrics),
        "metrics_by_slice": {k: dict(v) for k, v in metadata.metrics_by_slice.items()},
        "feature_importance": dict(metadata.feature_importance),
        "holdout": dict(metadata.holdout) if metadata.holdout else None,
        "extra": dict(metadata.extra),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }


def _check_name(kind: str, name: str) -> None:
    if not _NAME.fullmatch(name) or ".." in name:
        raise ArtifactError(
            f"{name!r} cannot be a {kind}: use lower-case letters, digits, '-', '_' and '.'."
        )


def _check_file_name(name: str) -> None:
    if (
        Path(name).name != name
        or Path(name).suffix not in ALLOWED_SUFFIXES
        or name == METADATA_FILE
    ):
        raise ArtifactError(
            f"{name!r} cannot be a model file: LightGBM .txt, .npz, .safetensors and .json only."
        )


def _natural_key(version: str) -> list[tuple[int, int | str]]:
    parts = re.split(r"(\d+)", version)
    return [(1, int(part)) if part.isdigit() else (0, part) for part in parts if part]
