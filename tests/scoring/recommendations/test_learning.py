"""Learning as a service: from the tables, once for the same events, one process at a time."""

from dataclasses import replace
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection

from accounts.models import SocialAccount
from campaigns.shortlist_entries import add_creator
from campaigns.shortlists import create_shortlist
from scoring.interactions.hiding import hide_creator
from scoring.interactions.recording import Shown, record_list
from scoring.models import InteractionEvent, RecommenderState
from scoring.recommendations import learning, serving
from scoring.recommendations.base import load_base
from scoring.recommendations.serving import recommend_creators
from scoring.recommendations.states import get_current
from tests.cast import NOW, Cast
from tests.scoring.catalogue import make_catalogue

pytestmark = pytest.mark.django_db

SOON, LATER = NOW + timedelta(minutes=15), NOW + timedelta(minutes=30)
Step = RecommenderState.Step


@pytest.fixture
def accounts(cast: Cast) -> dict[str, SocialAccount]:
    """A catalogue, of which the brand was shown three and shortlisted one."""
    accounts = make_catalogue()
    shown = [accounts[name].creator_id for name in ("runner", "weights", "skin")]
    record_list(
        brand=cast.brand,
        actor=cast.brand_owner,
        surface=InteractionEvent.Surface.RECOMMENDED,
        campaign=None,
        shown=[Shown(pk, place, 0.9) for place, pk in enumerate(shown, start=1)],
        now=NOW,
    )
    put_on_list(cast, accounts["runner"])
    return accounts


def put_on_list(cast: Cast, account: SocialAccount) -> None:
    shortlist = create_shortlist(
        brand=cast.brand, name=account.handle, actor=cast.brand_owner, now=NOW
    )
    add_creator(shortlist=shortlist, creator=account.creator, actor=cast.brand_owner, now=NOW)


def test_nothing_is_learned_from_nothing(cast: Cast) -> None:
    assert learning.learn_from_new_events(now=SOON) is None
    assert learning.learn_everything_anew(now=SOON) is None
    assert not RecommenderState.objects.exists()


def test_the_first_step_learns_everything(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    state = learning.learn_from_new_events(now=SOON)
    assert state is not None
    assert (state.step, state.events, state.choices) == (Step.REFIT, 4, 1)
    assert state.serves == RecommenderState.Serves.POINTS  # one brand cannot tell
    current = get_current()
    assert current is not None
    assert current.learned.brands.tolist() == [cast.brand.pk]
    assert current.learned.events_of(cast.brand.pk) == 4
    assert len(current.learned.creators) == 3


def test_another_shipped_model_is_learned_with_anew_from_the_same_events(
    cast: Cast, accounts: dict[str, SocialAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = learning.learn_from_new_events(now=SOON)
    other = replace(load_base(), version="recommend/v9")
    for module in (learning, serving):
        monkeypatch.setattr(module, "load_base", lambda: other)
    # What was learned with the model before is not read with this one.
    assert recommend_creators(brand=cast.brand, now=SOON).version == "points"
    after = learning.learn_from_new_events(now=LATER)
    assert before is not None
    assert after is not None
    assert (after.step, after.base_version) == (Step.REFIT, "recommend/v9")
    assert after.fingerprint == before.fingerprint
    assert str(after.pk) in str(recommend_creators(brand=cast.brand, now=LATER, top=1).next)
    assert learning.learn_from_new_events(now=LATER) is None


def test_the_same_events_teach_nothing_new(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    assert learning.learn_from_new_events(now=SOON) is not None
    assert learning.learn_from_new_events(now=LATER) is None
    assert RecommenderState.objects.count() == 1


def test_new_events_are_learned_on_from(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    learning.learn_from_new_events(now=SOON)
    put_on_list(cast, accounts["guitarist"])
    hide_creator(
        brand=cast.brand, creator=accounts["skin"].creator, actor=cast.brand_owner, now=SOON
    )
    state = learning.learn_from_new_events(now=LATER)
    assert state is not None
    assert (state.step, state.events, state.choices) == (Step.UPDATE, 6, 2)
    current = get_current()
    assert current is not None
    assert accounts["guitarist"].creator_id in current.learned.creators


def test_a_full_fit_is_made_anew_though_nothing_changed(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    first = learning.learn_everything_anew(now=SOON)
    second = learning.learn_everything_anew(now=SOON)
    assert first is not None
    assert second is not None
    assert first.sha256 == second.sha256


def test_who_comes_while_another_learns_does_nothing(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    settings = connection.get_connection_params()
    other = psycopg2.connect(
        **{k: v for k, v in settings.items() if k in ("dbname", "user", "host", "port", "password")}
    )
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [learning.LOCK])
        assert learning.learn_from_new_events(now=SOON) is None
        other.close()  # as when its worker is killed
        for _ in range(50):
            if learning.learn_from_new_events(now=SOON) is not None:
                break
        assert RecommenderState.objects.count() == 1
    finally:
        other.close()
