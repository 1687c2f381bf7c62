"""Learn from what brands did: on from new events often, anew and compared once a night.

Idempotent: the same events leave everything as it is. A step is one row, written at its end; a
worker that is killed leaves none and frees the lock with its connection. Two steps never run
together, and whoever comes second does nothing: the next beat comes soon.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from scoring.ml.recommending.later_trial import compare_on_later
from scoring.ml.recommending.learned import Learned
from scoring.ml.recommending.learning import Behaviour, learn_anew, learn_on
from scoring.models import RecommenderState
from scoring.recommendations.base import Base, load_base
from scoring.recommendations.behaviour import fingerprint_of, read_behaviour
from scoring.recommendations.catalogue import get_index
from scoring.recommendations.days import day_of
from scoring.recommendations.states import Current, get_current, keep_state

LOCK: Final = 0x7265636F
# Events are written in transactions that may end a little after the time they carry.
OVERLAP: Final = timedelta(minutes=10)
Step = RecommenderState.Step


@transaction.atomic
def learn_from_new_events(*, now: datetime) -> RecommenderState | None:
    """Learn on from what is new; anew where nothing, or from another model, was learned.

    :returns: the new state; None if nothing is new, or another process is learning.
    """
    if not _locked():
        return None
    base, current = load_base(), get_current()
    behaviour = read_behaviour(base, now=now)
    fingerprint = fingerprint_of(behaviour)
    if not len(behaviour.log):
        return None
    if current is None or current.state.base_version != base.version:
        return _refit(base, behaviour, fingerprint, now)
    if current.state.fingerprint == fingerprint:
        return None
    learned = learn_on(
        current.learned,
        get_index(),
        behaviour,
        since_day=day_of(current.state.learned_through - OVERLAP),
        as_of_day=day_of(now),
    )
    return _keep(
        Step.UPDATE,
        learned,
        behaviour,
        base,
        now,
        fingerprint=fingerprint,
        verdict=_verdict_of(current),
    )


@transaction.atomic
def learn_everything_anew(*, now: datetime) -> RecommenderState | None:
    """Fit from all events, and let the later ones decide whether it is served.

    :returns: the new state; None without any event, or if another process is learning.
    """
    if not _locked():
        return None
    base = load_base()
    behaviour = read_behaviour(base, now=now)
    if not len(behaviour.log):
        return None
    return _refit(base, behaviour, fingerprint_of(behaviour), now)


def _refit(base: Base, behaviour: Behaviour, fingerprint: str, now: datetime) -> RecommenderState:
    index = get_index()
    comparison = compare_on_later(base.start, index, behaviour)
    learned = learn_anew(base.start, index, behaviour, as_of_day=day_of(now))
    if comparison.ranker is not None:
        learned = learned.with_ranker(comparison.ranker)
    return _keep(
        Step.REFIT,
        learned,
        behaviour,
        base,
        now,
        fingerprint=fingerprint,
        verdict={
            "serves_learned": comparison.serves_learned,
            "why": comparison.why,
            "comparison": comparison.figures,
        },
    )


def _verdict_of(current: Current) -> dict[str, Any]:
    """What the last full fit decided holds until the next."""
    return {
        "serves_learned": current.serves_learned,
        "why": current.state.why,
        "comparison": current.state.comparison,
    }


def _keep(
    step: str,
    learned: Learned,
    behaviour: Behaviour,
    base: Base,
    now: datetime,
    *,
    fingerprint: str,
    verdict: dict[str, Any],
) -> RecommenderState:
    return keep_state(
        step=step,
        learned=learned,
        base_version=base.version,
        learned_through=now,
        fingerprint=fingerprint,
        events=len(behaviour.log),
        choices=int(behaviour.interactions(as_of_day=day_of(now)).weights.nnz),
        now=now,
        **verdict,
    )


def _locked() -> bool:
    """Take the lock until the transaction ends. Whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
