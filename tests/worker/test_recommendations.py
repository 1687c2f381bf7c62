"""Learning from behaviour in a real worker, which is killed and asked again."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from accounts.models import SocialAccount
from scoring.interactions.recording import NewEvent, Shown, record_events, record_list
from scoring.models import InteractionEvent, RecommenderState
from scoring.recommendations.serving import recommend_creators
from tests.cast import Cast, make_cast
from tests.scoring.catalogue import make_catalogue
from tests.worker.conftest import Worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PATIENCE = 60.0
Kind, Surface = InteractionEvent.Kind, InteractionEvent.Surface


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def look(cast: Cast, accounts: dict[str, SocialAccount], opened: str) -> None:
    """The owner is shown everybody and opens one profile."""
    now = timezone.now() - timedelta(seconds=2)
    ids = [account.creator_id for account in accounts.values()]
    list_id = record_list(
        brand=cast.brand,
        actor=cast.brand_owner,
        surface=Surface.RECOMMENDED,
        campaign=None,
        shown=[Shown(pk, place, 0.5) for place, pk in enumerate(ids, start=1)],
        now=now,
    )
    event = NewEvent(
        kind=Kind.PROFILE_VIEW, creator_id=accounts[opened].creator_id, list_id=list_id
    )
    record_events(brand=cast.brand, actor=cast.brand_owner, events=[event], now=now)


def ask_to_learn() -> None:
    current_app.send_task("marketplace.tasks.learn_recommendations")


def wait_for(found: Callable[[], bool], worker: Worker) -> None:
    until = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < until, worker.told()
        time.sleep(0.1)


def test_a_worker_learns_and_a_killed_one_leaves_nothing_half_done(
    worker: Worker, cast: Cast
) -> None:
    accounts = make_catalogue()
    look(cast, accounts, "runner")
    ask_to_learn()
    wait_for(lambda: RecommenderState.objects.count() == 1, worker)
    assert RecommenderState.objects.get().events == len(accounts) + 1

    look(cast, accounts, "guitarist")
    ask_to_learn()
    worker.kill()
    assert RecommenderState.objects.count() in (1, 2)
    worker.start()
    ask_to_learn()
    wait_for(lambda: RecommenderState.objects.count() == 2, worker)
    state = RecommenderState.objects.latest()
    assert (state.step, state.events) == (RecommenderState.Step.UPDATE, 2 * (len(accounts) + 1))
    found = recommend_creators(brand=cast.brand, now=timezone.now())
    assert found.confidence.all_events == state.events
