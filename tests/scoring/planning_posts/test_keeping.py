from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import InternalError, transaction

from accounts.errors import Forbidden, NotFound
from accounts.models import AuditEntry, Post, PostMetric, Provenance, SocialAccount
from scoring.models import PostPlan
from scoring.planning_posts import keeping
from scoring.planning_posts.access import own_accounts_of, own_plan_for
from scoring.planning_posts.diagnosing import diagnose
from scoring.planning_posts.drafts import DraftFieldRefused, PlannedPost
from scoring.planning_posts.history import read_planner
from scoring.planning_posts.keeping import (
    LinkedAlready,
    NothingToKeep,
    PostNotOfPlan,
    TooManyKept,
    forget_test,
    is_reproduced,
    keep_test,
    link_post,
    unlink_post,
)
from scoring.planning_posts.kept import (
    kept_record,
    list_kept,
    picture_hashes,
    posts_to_link,
    read_outcomes,
)
from scoring.planning_posts.pictures import describe_picture
from tests.cast import NOW, Cast
from tests.scoring.planning_posts.planning import give_account, give_post
from tests.scoring.planning_posts.test_pictures import picture

pytestmark = pytest.mark.django_db
POST = PlannedPost("Soup of the day #ad", ("food",), "video", NOW + timedelta(hours=3), 24.0)


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    return give_account(cast.creator_user)


def keep(
    account: SocialAccount, post: PlannedPost = POST, *, name: str = "", now: datetime = NOW
) -> PostPlan:
    found = diagnose(planner=read_planner(account, as_of=now), post=post, now=now)
    return keep_test(diagnosis=found, name=name, actor=account.creator.user, now=now)


def verbs() -> list[str]:
    found = AuditEntry.objects.filter(verb__startswith="post_plan.").order_by("pk")
    return [verb.partition(".")[2] for verb in found.values_list("verb", flat=True)]


def publish(account: SocialAccount, *, likes: int, days_later: float = 1) -> Post:
    post = give_post(account, days_ago=-days_later, likes=likes)
    PostMetric.objects.create(
        post=post, observed_at=NOW + timedelta(days=20), recorded_at=NOW + timedelta(days=20),
        likes=likes, comments=0, shares=0, provenance=Provenance.IMPORTED,
    )  # fmt: skip
    return post


def test_a_kept_test_can_be_computed_again_and_the_same_question_is_kept_once(
    account: SocialAccount,
) -> None:
    plan = keep(account, replace(POST, picture=describe_picture(picture())), name="  Soup \n one ")
    assert plan.name == "Soup one"
    assert plan.answer["engagement"]["low"] <= plan.answer["engagement"]["high"]
    assert len(plan.inputs["planner"]["history"]) == 6
    give_post(account, days_ago=0.5, likes=10**6)  # what is learned later changes nothing
    assert is_reproduced(plan)
    again = keep(account, now=NOW + timedelta(minutes=1))
    assert again.pk != plan.pk
    assert keep(account, now=NOW + timedelta(minutes=2)).pk == again.pk
    assert verbs() == ["kept", "kept"]
    assert "Soup of the day" not in str(AuditEntry.objects.latest("pk").data)
    assert picture_hashes(account.creator) == [describe_picture(picture()).perceptual_hash]


def test_a_kept_test_is_never_changed(account: SocialAccount) -> None:
    plan = keep(account)
    with pytest.raises(InternalError), transaction.atomic():
        PostPlan.objects.filter(pk=plan.pk).update(answer={})


def test_only_the_creator_keeps_and_only_what_there_is(
    account: SocialAccount, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = read_planner(account, as_of=NOW)
    found = diagnose(planner=planner, post=POST, now=NOW)
    for somebody in (cast.other_creator_user, cast.brand_owner, cast.moderator):
        with pytest.raises(Forbidden):
            keep_test(diagnosis=found, actor=somebody, now=NOW)
    nothing = diagnose(planner=replace(planner, platform="youtube"), post=POST, now=NOW)
    with pytest.raises(NothingToKeep):
        keep_test(diagnosis=nothing, actor=cast.creator_user, now=NOW)
    for name in ("n" * 81, "a\x00"):
        with pytest.raises(DraftFieldRefused):
            keep(account, name=name)
    keep(account)
    monkeypatch.setattr(keeping, "MOST_KEPT", 1)
    with pytest.raises(TooManyKept):
        keep(account, replace(POST, caption="Another soup"))
    assert keep(account).pk  # the same question takes no place
    assert PostPlan.objects.count() == 1


def test_kept_tests_are_the_creators_alone(account: SocialAccount, cast: Cast) -> None:
    plan = keep(account)
    assert own_plan_for(cast.creator_user, plan.pk) == plan
    for somebody in (cast.other_creator_user, cast.brand_owner, cast.moderator):
        with pytest.raises(NotFound):
            own_plan_for(somebody, plan.pk)
        with pytest.raises(Forbidden):
            forget_test(plan=plan, actor=somebody)
        with pytest.raises(Forbidden):
            unlink_post(plan=plan, actor=somebody)
    with pytest.raises(Forbidden):
        own_accounts_of(cast.brand_owner)
    assert own_accounts_of(cast.other_creator_user) == []
    forget_test(plan=plan, actor=cast.creator_user)
    assert not PostPlan.objects.exists()
    assert verbs() == ["kept", "forgotten"]


def test_a_linked_post_tells_how_right_the_range_was(
    account: SocialAccount, cast: Cast, django_assert_num_queries: object
) -> None:
    plan = keep(account)
    middle = plan.answer["engagement"]["expected"]
    inside, later = keep(account, replace(POST, caption="x")), NOW + timedelta(days=30)
    good, bad = publish(account, likes=middle), publish(account, likes=10**9, days_later=2)
    assert posts_to_link(plan) == [good, bad]
    link_post(plan=plan, post=bad, actor=cast.creator_user, now=later)
    link_post(plan=inside, post=good, actor=cast.creator_user, now=later)
    assert posts_to_link(plan) == []
    with django_assert_num_queries(2):  # type: ignore[operator]
        outcomes = read_outcomes(list_kept(cast.creator), now=later)
    assert outcomes[plan.pk].engagement == 10**9
    assert (outcomes[plan.pk].inside, outcomes[inside.pk].inside) == (False, True)
    record = kept_record(outcomes.values(), nominal=0.8)
    assert (record.inside, record.settled, record.share) == (1, 2, 0.5)
    early = read_outcomes(list_kept(cast.creator), now=NOW + timedelta(days=4))
    assert early[plan.pk].inside is None
    assert kept_record(early.values(), nominal=0.8).share is None
    unlink_post(plan=own_plan_for(cast.creator_user, plan.pk), actor=cast.creator_user)
    assert posts_to_link(plan) == [bad]
    assert verbs() == ["kept", "kept", "linked", "linked", "unlinked"]


def test_a_test_becomes_one_post_of_its_account_that_came_later(
    account: SocialAccount, cast: Cast
) -> None:
    plan, other = keep(account), keep(account, replace(POST, caption="x"))
    foreign = give_account(cast.other_creator_user, handle="else", posts=0)
    for post in (give_post(foreign, days_ago=-1, likes=1), account.posts.first()):
        assert post is not None
        with pytest.raises(PostNotOfPlan):
            link_post(plan=plan, post=post, actor=cast.creator_user, now=NOW)
    post = publish(account, likes=5)
    link_post(plan=plan, post=post, actor=cast.creator_user, now=NOW)
    for again in (plan, other):
        with pytest.raises(LinkedAlready):
            link_post(plan=again, post=post, actor=cast.creator_user, now=NOW)
