"""Keep a test, forget it, and say which post it became."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import Post, SocialAccount, User
from scoring.models import PostPlan, PublishedPlan
from scoring.planning_posts.answers import diagnosis_as_json
from scoring.planning_posts.diagnosing import Diagnosis, diagnose
from scoring.planning_posts.drafts import DraftFieldRefused, PlannedPost, check_text
from scoring.planning_posts.history import Planner
from scoring.snapshots import snapshot_hash

MOST_KEPT: Final = 500
LONGEST_NAME: Final = 80
_REPRODUCED: Final = ("engagement", "confidence", "contributors")


class NothingToKeep(DomainError):
    code = "nothing_to_keep"
    message = "There is no prediction to keep."


class TooManyKept(Conflict):
    code = "too_many_kept_tests"
    message = f"You keep {MOST_KEPT} tests of this account, which is the limit. Delete some first."


class PostNotOfPlan(DomainError):
    """The post cannot be what the test was about."""

    code = "post_not_of_plan"

    def __init__(self, message: str) -> None:
        super().__init__(message, details={"field": "post"})


class LinkedAlready(Conflict):
    code = "plan_linked_already"
    message = "This test or this post is linked already. Take that link back first."


@transaction.atomic
def keep_test(*, diagnosis: Diagnosis, name: str = "", actor: User, now: datetime) -> PostPlan:
    """Keep a test with all its inputs; the same question again is the same kept test.

    :raises Forbidden: if the account is not the actor's own.
    :raises NothingToKeep: if the model abstained.
    :raises DraftFieldRefused: the name is too long or unusable.
    :raises TooManyKept: see `MOST_KEPT`.
    """
    account = diagnosis.planner.account
    if account is None or account.creator.user_id != actor.pk:
        raise Forbidden("Drafts are tested by creators, about their own accounts.")
    if diagnosis.prediction is None:
        raise NothingToKeep
    name = " ".join(name.split())
    check_text("name", [name])
    if len(name) > LONGEST_NAME:
        raise DraftFieldRefused("name", f"A name has at most {LONGEST_NAME} characters.")
    # one at a time for an account: the limit and the question must see the others
    SocialAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    inputs = _inputs(diagnosis)
    digest = _digest(diagnosis, inputs)
    known = PostPlan.objects.filter(account=account, input_hash=digest).first()
    if known is not None:
        return known
    if PostPlan.objects.filter(account=account).count() >= MOST_KEPT:
        raise TooManyKept
    plan = PostPlan.objects.create(
        account=account,
        created_by=actor,
        name=name,
        inputs=inputs,
        answer=diagnosis_as_json(diagnosis),
        model_version=diagnosis.model_version,
        input_hash=digest,
        is_simulated=diagnosis.planner.is_simulated,
        kept_at=now,
    )
    audit.record(actor=actor, verb="post_plan.kept", subject=plan, data={"hash": digest})
    return plan


@transaction.atomic
def forget_test(*, plan: PostPlan, actor: User) -> None:
    """Delete a kept test. :raises Forbidden: if it is not the actor's own."""
    _check_owner(plan, actor)
    audit.record(actor=actor, verb="post_plan.forgotten", subject=plan)
    plan.delete()


@transaction.atomic
def link_post(*, plan: PostPlan, post: Post, actor: User, now: datetime) -> PublishedPlan:
    """Say that a test became a post, so that what it came to stands beside what was expected.

    :raises Forbidden: if the test is not the actor's own.
    :raises PostNotOfPlan: another account's post, or one published before the test was kept.
    :raises LinkedAlready: the test has a post, or the post a test.
    """
    _check_owner(plan, actor)
    if post.account_id != plan.account_id:
        raise PostNotOfPlan("This post is not of the account the test was about.")
    if post.published_at is None or post.published_at < plan.kept_at:
        raise PostNotOfPlan("This post was out before the test was kept.")
    try:
        with transaction.atomic():
            link = PublishedPlan.objects.create(
                plan=plan, post=post, linked_by=actor, linked_at=now
            )
    except IntegrityError as error:
        raise LinkedAlready from error
    audit.record(actor=actor, verb="post_plan.linked", subject=plan, data={"post": post.pk})
    return link


@transaction.atomic
def unlink_post(*, plan: PostPlan, actor: User) -> None:
    """Take the link to a post back; without one nothing happens.

    :raises Forbidden: if the test is not the actor's own.
    """
    _check_owner(plan, actor)
    link = PublishedPlan.objects.filter(plan=plan).first()
    if link is None:
        return
    audit.record(actor=actor, verb="post_plan.unlinked", subject=plan, data={"post": link.post_id})
    link.delete()


def is_reproduced(plan: PostPlan) -> bool:
    """Whether the kept inputs give the kept answer again, by the model version of then.

    :raises NoActiveVersion, ModelUnreadable: if that version is no longer there.
    """
    again = diagnose(
        planner=Planner.from_json(plan.inputs["planner"]),
        post=PlannedPost.from_json(plan.inputs["draft"]),
        now=datetime.fromisoformat(plan.inputs["as_of"]),
        advise=False,
        version=plan.model_version.partition("/")[2],
    )
    answer = diagnosis_as_json(again)
    return all(answer[name] == plan.answer[name] for name in _REPRODUCED)


def _inputs(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "draft": diagnosis.post.to_json(),
        "planner": diagnosis.planner.to_json(),
        "as_of": diagnosis.as_of.isoformat(),
    }


def _digest(diagnosis: Diagnosis, inputs: dict[str, Any]) -> str:
    """With a planned time the moment of asking changes nothing, so it is no part of the hash."""
    asked = dict(inputs)
    if diagnosis.post.planned_at is not None:
        del asked["as_of"]
    return snapshot_hash(asked, diagnosis.model_version)


def _check_owner(plan: PostPlan, user: User) -> None:
    if plan.account.creator.user_id != user.pk:
        raise Forbidden("Only the creator who kept a test decides about it.")
