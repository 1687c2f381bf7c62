"""Jobs by API: their owner and moderators see how far they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Job, User
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(brand_owner: User) -> Job:
    return Job.objects.create(
        kind=Job.Kind.SCORE,
        title="Score the catalogue",
        owner=brand_owner,
        state=Job.State.RUNNING,
        done=25,
        total=100,
        started_at=timezone.now() - timedelta(seconds=10),
    )


def test_the_owner_sees_how_far_it_is(program: As, brand_owner: User, job: Job) -> None:
    status, answer = program(brand_owner).get(f"jobs/{job.pk}/")
    assert (status, answer["state"], answer["percent"]) == (200, "running", 25)
    assert answer["seconds_left"] == pytest.approx(30, abs=5)


def test_a_moderator_sees_it_and_others_do_not(
    program: As, moderator: User, brand_viewer: User, creator_user: User, job: Job
) -> None:
    assert program(moderator).get(f"jobs/{job.pk}/")[0] == 200
    for other in (brand_viewer, creator_user):
        status, answer = program(other).get(f"jobs/{job.pk}/")
        assert (status, refusal(answer)[0]) == (404, "not_found")


def test_strangers_are_asked_to_log_in(program: As, job: Job) -> None:
    assert program(None).get(f"jobs/{job.pk}/")[0] == 401


def test_an_id_nobody_has_is_not_found(program: As, brand_owner: User) -> None:
    assert program(brand_owner).get("jobs/999999/")[0] == 404
