"""Value and rank everybody: one run, as a job, a command or part of the demo."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, transaction

from accounts import audit
from accounts.errors import Conflict
from accounts.models import SocialAccount
from scoring import registry
from scoring.catalogue import Progress
from scoring.ml.value.formula import RateLine
from scoring.ml.value.valuing import ValueModel
from scoring.models import ValuationDraft, ValuationRun
from scoring.valuing.drafting import draft_values
from scoring.valuing.errors import BadMoment
from scoring.valuing.going_rates import find_rates
from scoring.valuing.ranking import store_ranks
from scoring.valuing.thinning import thin_runs

TASK: Final = "value"
RESUMED_WITHIN: Final = timedelta(days=1)
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LOCK: Final = 20_261_121


def rank_values(*, params: dict[str, Any], progress: Progress, now: datetime) -> dict[str, Any]:
    """Value everybody from what was known at one moment, rank them and keep it. A job handler.

    A run that was interrupted goes on where it stopped, with the rates it began with. The same
    moment and model again change nothing. Nobody sees anything of a run before it is complete.

    :param params: {"as_of"?: ISO date or moment; default: now}.
    :raises BadMoment: as_of is no moment, in the future, or before any account was known.
    :raises Conflict: another run is at work.
    """
    as_of = read_moment(params.get("as_of"), now=now)
    known = SocialAccount.objects.filter(created_at__lte=as_of)
    if params.get("as_of") and not known.exists():
        raise BadMoment(f"as_of is {as_of.date()}; no account was known here by then.")
    model: ValueModel = registry.load(TASK)
    if not _lock():
        raise Conflict("Another run is valuing everybody just now; wait for its end.")
    try:
        run = _begin(model, as_of=as_of, given="as_of" in params, now=now)
        if run.completed_at is not None:
            return report_of(run, unchanged=True)
        rates = {name: RateLine.from_json(rate) for name, rate in run.rates.items()}
        progress.set_stage("Valuing accounts")
        progress.set_total(SocialAccount.objects.filter(created_at__lte=run.as_of).count())
        progress.advance(run.drafts.count())
        draft_values(run, model, rates, progress)
        _complete(run, model, progress, now=now)
        thin_runs(now=now)
    finally:
        _unlock()
    return report_of(run, unchanged=False)


def read_moment(value: object, *, now: datetime) -> datetime:
    """A day counts to its end. :raises BadMoment: see `rank_values`."""
    if value in (None, ""):
        return now
    text = str(value)
    try:
        if len(text) == 10:
            moment = datetime.combine(date.fromisoformat(text), time.max, tzinfo=UTC)
            # Today has no end yet.
            moment = now if moment.date() == now.astimezone(UTC).date() else moment
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadMoment(
            f"as_of is {text[:40]!r}; write a date such as 2026-03-31, or a moment."
        ) from error
    if not EARLIEST <= moment <= now:
        raise BadMoment(f"as_of is {text[:40]}; it must be between the year 2000 and now.")
    return moment


def report_of(run: ValuationRun, *, unchanged: bool) -> dict[str, Any]:
    """What the job's page and the command show."""
    return {
        "run": run.pk,
        "as_of": run.as_of.isoformat(),
        "formula_version": run.formula_version,
        "model_version": run.model_version,
        "accounts": run.accounts,
        "valued": run.valued,
        "abstained": run.abstained,
        "leagues": run.leagues,
        "rates": {name: rate["creators"] for name, rate in run.rates.items()},
        "unchanged": unchanged,
    }


def _begin(model: ValueModel, *, as_of: datetime, given: bool, now: datetime) -> ValuationRun:
    """The unfinished run that this one goes on with, or a new one."""
    own = ValuationRun.objects.filter(model_version=model.version)
    if given:
        run = own.filter(as_of=as_of).first()
    else:
        begun = own.filter(completed_at=None, created_at__gt=now - RESUMED_WITHIN)
        run = begun.order_by("-pk").first()
    if run is not None:
        return run
    rates = find_rates(model, as_of=as_of)
    return ValuationRun.objects.create(
        as_of=as_of,
        formula_version=model.formula_version,
        model_version=model.version,
        rates={name: rate.to_json() for name, rate in rates.items()},
        created_at=now,
    )


@transaction.atomic
def _complete(run: ValuationRun, model: ValueModel, progress: Progress, *, now: datetime) -> None:
    run.leagues = store_ranks(run, model.formula, progress)
    run.accounts = run.drafts.count()
    run.valued = sum(run.leagues.values())
    run.abstained = run.accounts - run.valued
    run.completed_at = now
    drafts = ValuationDraft.objects.filter(run=run)
    drafts._raw_delete(drafts.db)
    confirm = getattr(progress, "confirm", None)
    if confirm is not None:
        confirm()
    run.save()
    audit.record(
        actor=None,
        verb="values.ranked",
        subject=run,
        data={"as_of": run.as_of.isoformat(), "valued": run.valued},
    )


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _unlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
