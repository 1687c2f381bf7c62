"""What people decided about accounts, and for how long it outranks the model.

The newest label of an account stands for it. It stands until facts recorded after the
decision have lifted the model's risk by `MARGIN` points above the risk at the decision.
A new model version that sees the old facts differently lifts nothing: its first score
after the decision becomes the point to measure from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.case_states import Verdict
from scoring.models import EvaluationLabel, Score

TASK = Score.Task.AUTHENTICITY
MARGIN = 10.0
"""Points of risk, of 100."""


@dataclass(frozen=True)
class Standing:
    """A person's word on an account. ``model_risk`` is None where the model abstained."""

    account_id: int
    case_id: int
    verdict: str
    decided_at: datetime
    model_risk: float | None
    model_version: str
    is_lifted: bool = False
    """New facts have outdated it."""

    @property
    def is_shown(self) -> bool:
        """A flag or suspension is shown until a person lifts it: more risk does not lift it."""
        return self.verdict == Verdict.FAKE or not self.is_lifted


def get_standings(scores: Mapping[int, Score | None]) -> dict[int, Standing]:
    """Account id → its standing decision, held against its current authenticity score.

    One query, and two more where some risk may have been lifted.
    """
    standings = _newest(list(scores))
    if not standings:
        return {}
    against = {pk: score for pk in standings if (score := _answered(scores[pk])) is not None}
    starts = _starting_points(standings, against)
    risen = [pk for pk, score in against.items() if _has_risen(starts[pk], score)]
    lifted = {pk for pk, at in newest_facts(risen).items() if at > standings[pk].decided_at}
    return {pk: replace(one, is_lifted=pk in lifted) for pk, one in standings.items()}


def shown_risk(score: Score | None, standing: Standing | None) -> dict[str, Any]:
    """The columns of a search row: the human word, which counts as certain, or the model's."""
    if standing is not None and standing.is_shown:
        fake = standing.verdict == Verdict.FAKE
        return {
            "risk": 100.0 if fake else 0.0,
            "risk_level": "high" if fake else "low",
            "risk_confidence": 1.0,
        }
    if score is None:
        return {"risk": None, "risk_level": "", "risk_confidence": None}
    return {
        "risk": score.value, "risk_level": score.level, "risk_confidence": score.confidence,
    }  # fmt: skip


# Profile fields have no history and do not count: a bio alone overturns nobody's decision.
NEWEST_FACTS = """
SELECT account.id, greatest(
    (SELECT max(recorded_at) FROM accounts_accountmetric WHERE account_id = account.id),
    (SELECT max(recorded_at) FROM accounts_audiencesnapshot WHERE account_id = account.id),
    (SELECT max(recorded_at) FROM accounts_comment WHERE account_id = account.id),
    (SELECT max(created_at) FROM accounts_post WHERE account_id = account.id),
    (SELECT max(metric.recorded_at) FROM accounts_postmetric metric
     JOIN accounts_post post ON post.id = metric.post_id WHERE post.account_id = account.id),
    (SELECT max(follower.recorded_at) FROM accounts_sampledfollower follower
     JOIN accounts_followersample sample ON sample.id = follower.sample_id
     WHERE sample.account_id = account.id),
    (SELECT max(greatest(declared_at, closed_at)) FROM accounts_growthevent
     WHERE account_id = account.id)
)
FROM accounts_socialaccount account WHERE account.id = ANY(%s)
"""


def newest_facts(account_ids: Sequence[int]) -> dict[int, datetime]:
    """Account id → when its newest fact was recorded, if it has any. One query at most."""
    if not account_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_FACTS, [list(account_ids)])
        return {pk: at for pk, at in cursor.fetchall() if at is not None}


def _newest(account_ids: Sequence[int]) -> dict[int, Standing]:
    labels = (
        EvaluationLabel.objects.filter(account_id__in=account_ids, task=TASK)
        .order_by("account_id", "-decided_at", "-pk")
        .distinct("account_id")
        .defer("inputs")
    )
    return {
        label.account_id: Standing(
            account_id=label.account_id,
            case_id=label.case_id,
            verdict=label.label,
            decided_at=label.decided_at,
            model_risk=label.risk,
            model_version=label.model_version,
        )
        for label in labels
    }


def _has_risen(start: float | None, score: Score) -> bool:
    return start is None or (score.value is not None and score.value >= start + MARGIN)


def _answered(score: Score | None) -> Score | None:
    """The score, unless the model abstained: what it does not say lifts nothing."""
    return None if score is None or score.abstained or score.value is None else score


def _starting_points(
    standings: Mapping[int, Standing], scores: Mapping[int, Score]
) -> dict[int, float | None]:
    """The risk from which a lift is measured, per account; None where nothing was said then."""
    starts = {pk: standings[pk].model_risk for pk in scores}
    changed = [pk for pk in scores if scores[pk].model_version != standings[pk].model_version]
    if not changed:
        return starts
    since = (
        Score.objects.filter(account_id__in=changed, task=TASK)
        .order_by("created_at", "pk")
        .values_list("account_id", "model_version", "created_at", "value")
    )
    for pk in changed:
        starts[pk] = scores[pk].value
    found = set()
    for pk, version, created_at, value in since:
        of_version = version == scores[pk].model_version and created_at > standings[pk].decided_at
        if of_version and pk not in found:
            starts[pk] = value
            found.add(pk)
    return starts
