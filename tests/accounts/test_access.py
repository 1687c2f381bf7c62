"""The only road from an id to an object, branch by branch."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import access
from accounts.errors import Forbidden, NotFound
from accounts.jobs import start_job
from accounts.models import Creator, Job, Membership, SocialAccount
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
ABSENT = 10**15
BEYOND_BIGINT = 10**30


def test_membership_is_found_for_members_only(cast: Cast) -> None:
    brand = cast.brand
    assert access.membership_for(cast.brand_owner, brand.pk).role == Membership.Role.OWNER
    assert access.membership_for(cast.brand_viewer, brand.pk).role == Membership.Role.VIEWER
    for stranger in (cast.other_owner, cast.creator_user, cast.moderator, AnonymousUser()):
        with pytest.raises(NotFound):
            access.membership_for(stranger, brand.pk)  # type: ignore[arg-type]


@pytest.mark.parametrize("brand_id", [ABSENT, BEYOND_BIGINT, -1, 0])
def test_a_brand_that_is_not_there_is_not_found(cast: Cast, brand_id: int) -> None:
    with pytest.raises(NotFound):
        access.brand_for(cast.brand_owner, brand_id)


def test_a_role_that_does_not_reach_is_forbidden_and_says_which_would(cast: Cast) -> None:
    assert access.brand_for(cast.brand_owner, cast.brand.pk, roles=access.WRITERS) == cast.brand
    with pytest.raises(Forbidden, match="viewer; this needs owner or manager"):
        access.brand_for(cast.brand_viewer, cast.brand.pk, roles=access.WRITERS)


def test_brands_of_lists_own_brands(cast: Cast) -> None:
    assert list(access.brands_of(cast.brand_viewer)) == [cast.brand]
    assert not access.brands_of(cast.creator_user).exists()


@pytest.mark.parametrize(
    ("status", "seen"),
    [("active", True), ("flagged", True), ("suspended", False), ("closed", False)],
)
def test_others_see_active_and_flagged_creators(cast: Cast, status: str, seen: bool) -> None:
    creator = cast.creator
    Creator.objects.filter(pk=creator.pk).update(status=status)
    for reader in (cast.brand_owner, cast.other_creator_user):
        if seen:
            assert access.creator_for(reader, creator.pk) == creator
        else:
            with pytest.raises(NotFound):
                access.creator_for(reader, creator.pk)
    assert access.creator_for(cast.creator_user, creator.pk) == creator
    assert access.creator_for(cast.moderator, creator.pk) == creator


def test_an_account_is_as_visible_as_its_creator(cast: Cast) -> None:
    account = SocialAccount.objects.create(
        creator=cast.creator, platform="instagram", handle="carla"
    )
    assert access.account_for(cast.brand_owner, account.pk) == account
    Creator.objects.filter(pk=cast.creator.pk).update(status="closed")
    with pytest.raises(NotFound):
        access.account_for(cast.brand_owner, account.pk)
    with pytest.raises(NotFound):
        access.account_for(cast.brand_owner, BEYOND_BIGINT)


def test_jobs_are_seen_by_their_owner_and_moderators(cast: Cast) -> None:
    job = start_job(kind=Job.Kind.EMBED, title="Embed", params={}, owner=cast.brand_owner, now=NOW)
    assert access.job_for(cast.brand_owner, job.pk) == job
    assert access.job_for(cast.moderator, job.pk) == job
    for stranger in (cast.brand_viewer, cast.other_owner, cast.creator_user):
        with pytest.raises(NotFound):
            access.job_for(stranger, job.pk)
