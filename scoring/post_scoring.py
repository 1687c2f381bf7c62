"""Score posts: what was observed of them in, one immutable `PostScore` per post out.

A score is written only when the observations or the model changed, so scoring twice, or
again after a killed worker, adds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from accounts.models import Post
from scoring import registry
from scoring.ml.engagement.account_level import assess_account
from scoring.ml.engagement.answers import AccountEngagement, EngagementAssessment
from scoring.ml.engagement.series import EngagementSeries, SeriesRejected
from scoring.models import PostScore
from scoring.post_answers import assessment_fields, assessment_of, rejection_fields
from scoring.post_selectors import TASK, current_post_scores, list_account_post_scores
from scoring.post_series import (
    Observations,
    checked_observations,
    observations_of,
    observations_snapshot,
    read_observations,
)
from scoring.snapshots import snapshot_hash

DETECTOR: Final = "ensemble"


@dataclass(frozen=True)
class PostScoringReport:
    """``posts`` were read; those not written had the same observations as before."""

    posts: int
    written: int
    flagged: int

    @property
    def unchanged(self) -> int:
        return self.posts - self.written


@transaction.atomic
def score_posts(
    *, post_ids: Sequence[int], now: datetime, as_of: datetime | None = None
) -> PostScoringReport:
    """Score the engagement of posts; those without any observation are passed over.

    Three queries, so pass posts by the hundred. Observations that are no series of counts
    are answered with an abstention that says why.

    :param as_of: use only what was observed and recorded up to then; default ``now``.
    :raises NoActiveVersion: if the task has no model.
    """
    as_of = as_of or now
    observed = read_observations(post_ids, as_of=as_of)
    if not observed:
        return PostScoringReport(0, 0, 0)
    version = registry.active_version(TASK)
    answers = _answers(observed, model=registry.load(TASK, version), as_of=as_of)
    before = current_post_scores(list(observed))
    model_version = f"{TASK}/{version}"
    changed = []
    for post_id, observations in observed.items():
        inputs = observations_snapshot(observations)
        digest = snapshot_hash(inputs, model_version)
        if post_id in before and before[post_id].snapshot_hash == digest:
            continue
        changed.append(
            PostScore(
                post_id=post_id,
                model_version=model_version,
                detector=DETECTOR,
                inputs=inputs,
                snapshot_hash=digest,
                as_of=as_of,
                created_at=now,
                **answers[post_id],
            )
        )
    PostScore.objects.bulk_create(changed)
    return PostScoringReport(
        posts=len(observed), written=len(changed), flagged=sum(score.flagged for score in changed)
    )


def rescore_post(*, post: Post, now: datetime) -> PostScoringReport:
    """One post, from its observations to its score, at once."""
    return score_posts(post_ids=[post.pk], now=now)


def get_account_engagement(
    account_ids: Sequence[int], as_of: datetime
) -> dict[int, AccountEngagement]:
    """What the checked posts of each account say together, as it was known at ``as_of``.

    Every id gets an answer; an account with fewer than three judged posts gets one that
    abstains. One query, and no model runs: the posts' own newest scores are read.
    """
    assessments: dict[int, list[EngagementAssessment]] = {pk: [] for pk in account_ids}
    for account_id, score in list_account_post_scores(account_ids, as_of=as_of):
        assessments[account_id].append(assessment_of(score))
    rate = registry.load(TASK).false_alarm_rate if any(assessments.values()) else 0.0
    return {
        account_id: assess_account(own, rate) if own else NOTHING_CHECKED
        for account_id, own in assessments.items()
    }


def recompute_fields(score: PostScore, model: Any) -> dict[str, Any]:
    """The answer fields of a stored score, computed again from its own inputs."""
    observed = {score.post_id: observations_of(score.inputs)}
    return _answers(observed, model=model, as_of=score.as_of, detector=score.detector)[
        score.post_id
    ]


def _answers(
    observed: dict[int, Observations], *, model: Any, as_of: datetime, detector: str = DETECTOR
) -> dict[int, dict[str, Any]]:
    """Post id → the fields of its score; the model reads all sound series in one call."""
    sound: dict[int, EngagementSeries] = {}
    answers: dict[int, dict[str, Any]] = {}
    for post_id, observations in observed.items():
        try:
            sound[post_id] = checked_observations(observations, series_id=str(post_id), now=as_of)
        except SeriesRejected as rejection:
            answers[post_id] = rejection_fields(rejection.message)
    assessments = model.assess(list(sound.values()), detector=detector) if sound else []
    for post_id, assessment in zip(sound, assessments, strict=True):
        answers[post_id] = assessment_fields(assessment)
    return answers


NOTHING_CHECKED = AccountEngagement(
    posts=0,
    judged=0,
    flagged=0,
    flagged_share=None,
    low=None,
    high=None,
    p_value=None,
    score=None,
    level=None,
    abstained=True,
    abstain_reason="No post has been counted often enough to check its engagement over time.",
    sentence="No post has been counted often enough to check its engagement over time.",
)
