"""Decisions as labels. They judge models and are never training data."""

from datetime import datetime

from accounts.case_states import Verdict
from accounts.models import ModerationCase
from scoring.models import EvaluationLabel, Score
from scoring.selectors import current_scores

TASK = Score.Task.AUTHENTICITY


def write_labels(*, case: ModerationCase, verdict: str, now: datetime) -> list[EvaluationLabel]:
    """Label what the model saw of the case's accounts. Four queries at most.

    A verdict of genuine also relabels the snapshots that the same case called fake before;
    the row about the present snapshot comes last, since it is the one that stands. An
    account that was never scored gets no label: there are no inputs to label.
    """
    accounts = list(case.findings.values_list("account_id", flat=True))
    current = {
        account_id: scores[TASK]
        for account_id, scores in current_scores(accounts).items()
        if TASK in scores
    }
    labels = [*_overturned(case, verdict, now), *_labels_of(case, current, verdict, now)]
    return EvaluationLabel.objects.bulk_create(labels)


def _labels_of(
    case: ModerationCase, scores: dict[int, Score], verdict: str, now: datetime
) -> list[EvaluationLabel]:
    return [
        EvaluationLabel(
            account_id=account_id,
            task=TASK,
            case=case,
            label=verdict,
            score_number=score.pk,
            model_version=score.model_version,
            feature_set=score.feature_set,
            inputs=score.inputs,
            snapshot_hash=score.snapshot_hash,
            risk=score.value,
            decided_at=now,
        )
        for account_id, score in scores.items()
    ]


def _overturned(case: ModerationCase, verdict: str, now: datetime) -> list[EvaluationLabel]:
    if verdict != Verdict.GENUINE:
        return []
    earlier = list(case.labels.filter(label=Verdict.FAKE).order_by("pk"))
    for label in earlier:
        label.pk, label.label, label.decided_at = None, Verdict.GENUINE, now
        label._state.adding = True
    return earlier
