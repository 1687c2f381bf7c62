"""Feature snapshots: what a model saw, in a form that gives the same bytes every time."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

Plain = float | str | None


def snapshot(columns: Mapping[str, Any], place: int) -> dict[str, Plain]:
    """Row ``place`` of a table of (n,) columns, JSON-ready; NaN becomes None."""
    return {name: _plain(values[place]) for name, values in columns.items()}


def snapshot_hash(inputs: Mapping[str, Any], model_version: str) -> str:
    """SHA-256 of a snapshot and the model that read it, independent of key order."""
    text = json.dumps({"model": model_version, "inputs": inputs}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def columns_of(inputs: Mapping[str, Plain]) -> dict[str, np.ndarray]:
    """The reverse of `snapshot` for one row: (1,) columns, None as NaN, texts as objects."""
    return {
        name: np.array([value], dtype=object)
        if isinstance(value, str)
        else np.array([np.nan if value is None else float(value)])
        for name, value in inputs.items()
    }


def _plain(value: Any) -> Plain:
    if isinstance(value, str):
        return value
    number = float(value)
    return number if math.isfinite(number) else None
