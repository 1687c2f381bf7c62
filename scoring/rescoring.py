"""Score accounts: facts in, one immutable `Score` per task out, search rows in step.

A score is written only when the facts or the model changed, so scoring a catalogue
twice, or again after a killed worker, adds nothing.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts.models import Creator, SocialAccount
from scoring import creator_risk, entries, registry
from scoring.answers import authenticity_fields, niche_fields, price_fields
from scoring.features.account_facts import Facts, authenticity_columns, read_facts
from scoring.features.risk_facts import read_risk_facts
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.audience import tag_of
from scoring.models import EMBEDDING_DIMENSIONS, EntryEmbedding, Score
from scoring.moderation import opening
from scoring.moderation.standing import Standing, get_standings, shown_risk
from scoring.post_scoring import get_account_engagement
from scoring.pricing.knowing import known_of
from scoring.pricing.scored import price_accounts
from scoring.selectors import current_scores
from scoring.snapshots import snapshot, snapshot_hash

Task = Score.Task
SCORED_TASKS = tuple(Task.values)


@dataclass(frozen=True)
class ScoringReport:
    accounts: int
    written: int
    unchanged: int


@dataclass(frozen=True)
class _Batch:
    """What every task may need about the accounts of one call, in their order.

    ``current`` holds the newest scores, also those this call has made so far.
    """

    accounts: Sequence[SocialAccount]
    facts: list[Facts]
    vectors: list[NDArray[np.float32] | None]
    current: dict[int, dict[str, Score]]
    versions: dict[str, str]
    as_of: datetime
    now: datetime

    def model(self, task: str) -> Any:
        return registry.load(task, self.versions[task])

    def score(
        self,
        place: int,
        *,
        task: str,
        inputs: dict[str, Any],
        version: str | None = None,
        **fields: Any,
    ) -> Score:
        version = version or f"{task}/{self.versions[task]}"
        return Score(
            account=self.accounts[place],
            task=task,
            model_version=version,
            inputs=inputs,
            snapshot_hash=snapshot_hash(inputs, version),
            as_of=self.as_of,
            created_at=self.now,
            **fields,
        )


@transaction.atomic
def score_accounts(
    *,
    accounts: Sequence[SocialAccount],
    now: datetime,
    as_of: datetime | None = None,
    tasks: Collection[str] = SCORED_TASKS,
) -> ScoringReport:
    """Score the accounts and bring their search rows up to date.

    Costs a constant number of queries, so pass accounts by the thousand. The accounts'
    search rows must exist (`entries.sync_entries`).

    :param as_of: use only facts recorded up to then; default ``now``.
    :param tasks: the others keep the scores they have.
    :raises NoActiveVersion: if a task has no model.
    """
    if not accounts:
        return ScoringReport(0, 0, 0)
    batch = _Batch(
        accounts=accounts,
        facts=read_facts(accounts, as_of=as_of or now),
        vectors=_vectors(accounts) if Task.NICHE in tasks else [],
        current=current_scores([account.pk for account in accounts]),
        versions={task: registry.active_version(task) for task in tasks},
        as_of=as_of or now,
        now=now,
    )
    current, changed, unchanged = batch.current, [], 0
    for task in (task for task in SCORED_TASKS if task in tasks):  # a price reads the others
        for score in SCORERS[task](batch):
            if _is_new(score, current):
                changed.append(score)
                current.setdefault(score.account_id, {})[score.task] = score
            else:
                unchanged += 1
    Score.objects.bulk_create(changed, batch_size=1_000)
    risks = {pk: of_task.get(Task.AUTHENTICITY) for pk, of_task in current.items()}
    if batch.as_of >= now:
        # Before the search rows: who decides a case also holds the creator, then the row.
        opening.open_cases(scores=filter(None, risks.values()), now=now)
    _update_entries(accounts, current, now=now)
    return ScoringReport(len(accounts), len(changed), unchanged)


def rescore_account(*, account: SocialAccount, now: datetime) -> ScoringReport:
    """One account, from its facts to its search row, at once."""
    entries.sync_entries(account_ids=[account.pk])
    return score_accounts(accounts=[account], now=now)


def score_authenticity(batch: _Batch) -> list[Score]:
    """Each account's own facts, its growth, its posts, its followers and comments together."""
    columns = authenticity_columns(batch.facts)
    models = creator_risk.active_models()
    facts = read_risk_facts(
        batch.accounts,
        model=models.account,
        engagement=get_account_engagement([account.pk for account in batch.accounts], batch.as_of),
        as_of=batch.as_of,
    )
    risks = creator_risk.assess_creators(columns, facts, models)
    return [
        batch.score(
            place,
            task=Task.AUTHENTICITY,
            version=models.version,
            feature_set=creator_risk.FEATURE_SET,
            inputs={**snapshot(columns, place), **facts[place]},
            **authenticity_fields(risk),
        )
        for place, risk in enumerate(risks)
    ]


def score_niches(batch: _Batch) -> list[Score]:
    texts = [account.text() for account in batch.accounts]
    assignments = batch.model(Task.NICHE).predict(texts, _matrix(batch.vectors))
    return [
        batch.score(
            place,
            task=Task.NICHE,
            feature_set=ENCODER_VERSION,
            inputs={"text": texts[place], "declared": account.declared_niches},
            **niche_fields(assignment),
        )
        for place, (account, assignment) in enumerate(zip(batch.accounts, assignments, strict=True))
    ]


def score_prices(batch: _Batch) -> list[Score]:
    """Prices read how authentic an account is and what it is about, so those come first."""
    known = [
        known_of(account, facts, batch.current.get(account.pk, {}))
        for account, facts in zip(batch.accounts, batch.facts, strict=True)
    ]
    simulated = _simulated_creators(batch.accounts)
    priced = price_accounts(
        known,
        simulated=[account.creator_id in simulated for account in batch.accounts],
        as_of=batch.as_of,
    )
    return [
        batch.score(
            place,
            task=Task.PRICE,
            version=one.version,
            feature_set=one.feature_set,
            inputs=one.inputs,
            **price_fields(one.quotes),
        )
        for place, one in enumerate(priced)
    ]


def _simulated_creators(accounts: Sequence[SocialAccount]) -> set[int]:
    return set(
        Creator.objects.filter(
            pk__in={account.creator_id for account in accounts}, is_simulated=True
        ).values_list("pk", flat=True)
    )


SCORERS: dict[str, Callable[[_Batch], list[Score]]] = {
    Task.AUTHENTICITY: score_authenticity,
    Task.NICHE: score_niches,
    Task.PRICE: score_prices,
}


# jsonb_to_recordset takes a thousand rows in one statement and one parameter.
UPDATE_ENTRIES = """
UPDATE scoring_searchentry entry SET
    risk = new.risk, risk_level = new.risk_level, risk_confidence = new.risk_confidence,
    niches = new.niches, niche_weights = new.niche_weights,
    price_low_minor = new.price_low_minor, price_minor = new.price_minor,
    price_currency = new.price_currency, scored_at = %(now)s, updated_at = %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(
    account_id bigint, risk float8, risk_level text, risk_confidence float8, niches text[],
    niche_weights jsonb, price_low_minor bigint, price_minor bigint, price_currency text
)
WHERE entry.account_id = new.account_id
"""


def _update_entries(
    accounts: Sequence[SocialAccount],
    scores: Mapping[int, Mapping[str, Score]],
    *,
    now: datetime,
) -> None:
    standings = get_standings({pk: mine.get(Task.AUTHENTICITY) for pk, mine in scores.items()})
    rows = [
        _entry_fields(account, scores[account.pk], standings.get(account.pk))
        for account in accounts
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_ENTRIES, {"rows": json.dumps(rows), "now": now})


def _entry_fields(
    account: SocialAccount, scores: Mapping[str, Score], standing: Standing | None
) -> dict[str, Any]:
    """Search columns of an account; a task it was never scored for leaves its own empty."""
    unknown = Score(abstained=True, details={"chosen": [], "labels": []})
    niche, price = (scores.get(task, unknown) for task in (Task.NICHE, Task.PRICE))
    return {
        "account_id": account.pk,
        **shown_risk(scores.get(Task.AUTHENTICITY), standing),
        "niches": sorted(
            {
                tag
                for name in (*account.declared_niches, *niche.details["chosen"])
                if (tag := tag_of(name))
            }
        ),
        "niche_weights": niche_weights(account, niche),
        "price_low_minor": None if price.low is None else round(price.low),
        "price_minor": None if price.value is None else round(price.value),
        "price_currency": price.currency,
    }


def niche_weights(account: SocialAccount, niche: Score) -> dict[str, float] | None:
    """Niche → how sure; a declared niche weighs a full 1, and only a declared one may."""
    if niche.abstained and not account.declared_niches:
        return None
    predicted = {
        label["name"]: min(label["probability"], 0.99) for label in niche.details["labels"]
    }
    return {**predicted, **dict.fromkeys(account.declared_niches, 1.0)}


def _vectors(accounts: Sequence[SocialAccount]) -> list[NDArray[np.float32] | None]:
    stored = dict(
        EntryEmbedding.objects.filter(
            entry__account__in=accounts, encoder_version=ENCODER_VERSION
        ).values_list("entry__account_id", "vector")
    )
    return [stored.get(account.pk) for account in accounts]


def _matrix(vectors: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32]:
    """(n, 384); a row of NaN stands for an account without a vector."""
    unknown = np.full(EMBEDDING_DIMENSIONS, np.nan, dtype=np.float32)
    return np.array([unknown if v is None else v for v in vectors], dtype=np.float32)


def _is_new(score: Score, before: dict[int, dict[str, Score]]) -> bool:
    current = before.get(score.account_id, {}).get(score.task)
    return current is None or current.snapshot_hash != score.snapshot_hash
