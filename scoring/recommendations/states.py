"""The newest learned state, shared by all processes through the database."""

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from django.db import connection

from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.learned import CreatorMatrix, Learned
from scoring.models import RecommenderState

KEPT: Final = 10

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Current:
    """A state without its bytes, and what it holds."""

    state: RecommenderState
    learned: Learned

    @property
    def serves_learned(self) -> bool:
        return self.state.serves == RecommenderState.Serves.LEARNED


_loaded: dict[tuple[str, int], Current] = {}
_matrices: dict[tuple[str, int], tuple[CreatorIndex, CreatorMatrix]] = {}
_lock = threading.Lock()


def get_current(number: int | None = None) -> Current | None:
    """The newest intact state, or the one of that number while it is kept; None before any.

    One query when it is loaded already; a damaged row is passed over and logged.
    """
    numbers = RecommenderState.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    found = list(numbers)
    if number is not None and number in found:
        found = [number, *(pk for pk in found if pk != number)]
    for pk in found:
        current = _load(pk)
        if current is not None:
            return current
    return None


def get_matrix(current: Current, index: CreatorIndex) -> CreatorMatrix:
    """The catalogue as this state sees it; made once per state and catalogue."""
    key = (str(connection.settings_dict["NAME"]), current.state.pk)
    known = _matrices.get(key)
    if known is not None and known[0] is index:
        return known[1]
    with _lock:
        matrix = current.learned.creator_matrix(index)
        # Only the newest is needed for long; an older one is asked for by cursors at most.
        for other in [k for k in _matrices if k[0] == key[0] and k[1] < key[1] - 1]:
            del _matrices[other]
        _matrices[key] = (index, matrix)
    return matrix


def keep_state(
    *,
    step: str,
    learned: Learned,
    serves_learned: bool,
    why: str,
    base_version: str,
    learned_through: datetime,
    fingerprint: str,
    events: int,
    choices: int,
    comparison: dict[str, Any],
    now: datetime,
) -> RecommenderState:
    """Write a completed step and forget all but the last ten. Call it in a transaction."""
    content = learned.to_bytes()
    serves = RecommenderState.Serves
    state = RecommenderState.objects.create(
        step=step,
        serves=serves.LEARNED if serves_learned else serves.POINTS,
        why=why,
        base_version=base_version,
        learned_through=learned_through,
        fingerprint=fingerprint,
        events=events,
        choices=choices,
        factors=content,
        sha256=hashlib.sha256(content).hexdigest(),
        encoders=learned.to_document(),
        comparison=comparison,
        created_at=now,
    )
    kept = RecommenderState.objects.order_by("-pk").values("pk")[:KEPT]
    RecommenderState.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return state


def _load(pk: int) -> Current | None:
    key = (str(connection.settings_dict["NAME"]), pk)
    current = _loaded.get(key)
    if current is not None:
        return current
    state = RecommenderState.objects.filter(pk=pk).first()
    if state is None:
        return None
    if not state.is_intact:
        log.error("recommender_state_damaged", state=pk)
        return None
    learned = Learned.read(bytes(state.factors), state.encoders)
    state.factors = b""
    current = Current(state, learned)
    with _lock:
        for other in sorted(k for k in _loaded if k[0] == key[0])[: -KEPT + 1]:
            del _loaded[other]
        _loaded[key] = current
    return current
