"""The answer: who stands where, why, and who is left out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SocialAccount
from campaigns.briefs import create_campaign
from campaigns.terms import BriefTerms
from scoring.interactions.hiding import hide_creator
from scoring.ml.match.limits import Limits
from scoring.models import RecommenderState
from scoring.recommendations import states
from scoring.recommendations.cursors import BadCursor, Cursor
from scoring.recommendations.serving import Recommendations, recommend_creators
from tests.cast import NOW, Cast
from tests.scoring.catalogue import make_account, make_catalogue
from tests.scoring.recommendations.learning import learned_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(cast: Cast, settings: object) -> dict[str, SocialAccount]:
    """A catalogue, and a brand whose brief asks for fitness creators of Italy."""
    settings.RECOMMEND_EPSILON = 0.0  # type: ignore[attr-defined]
    create_campaign(
        brand=cast.brand,
        title="Strong",
        terms=BriefTerms(
            text="Gym clothes for strength training, weights and running",
            country="Italy",
            niches=["fitness"],
        ),
        actor=cast.brand_owner,
        now=NOW,
    )
    return make_catalogue()


def recommend(cast: Cast, **options: object) -> Recommendations:
    return recommend_creators(brand=cast.brand, now=NOW, **options)  # type: ignore[arg-type]


def handles(found: Recommendations) -> list[str]:
    return [one.account.handle for one in found.results]


def test_without_behaviour_points_decide_and_say_so(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    found = recommend(cast)
    assert handles(found)[0] == "weights"
    assert found.confidence.is_cold
    assert found.confidence.sentences[0].startswith("Nothing has been learned yet")
    assert found.version == "points"
    assert len(found.results) == len(accounts)
    points = "15.04 points: 10 for fitness, 5 for Italy, 0.04 for 4.0 % engagement"
    assert points in found.results[0].reasons


def test_what_a_brand_shortlisted_brings_its_like_to_the_top(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    """Another brand of the same wish shortlisted the runner: so it comes before its points."""
    points = handles(recommend(cast))
    learned_state({cast.brand: [accounts["runner"].creator, accounts["guitarist"].creator]})
    found = recommend(cast)
    assert not found.confidence.is_cold
    assert "Learned from 2 acts of your brand" in found.confidence.sentences[0]
    assert handles(found).index("runner") < points.index("runner")
    assert any("by what brands' choices taught" in one for one in found.results[0].reasons)


def test_a_brand_without_events_is_told_so(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    learned_state({cast.other_brand: [accounts["runner"].creator]})
    found = recommend(cast)
    assert found.confidence.is_cold
    assert found.confidence.own_events == 0
    assert found.confidence.all_events == 1


def test_what_did_worse_than_points_is_not_served(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    points = handles(recommend(cast))
    learned_state({cast.brand: [accounts["guitarist"].creator]}, serves_learned=False)
    found = recommend(cast)
    assert handles(found) == points
    assert "not used until" in found.confidence.sentences[0]


def test_a_damaged_state_is_passed_over(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    good = learned_state({cast.brand: [accounts["runner"].creator]})
    bad = RecommenderState.objects.get(pk=good.pk)
    bad.pk, bad.sha256 = None, "f" * 64
    bad.save(force_insert=True)
    current = states.get_current()
    assert current is not None
    assert current.state.pk == good.pk


def test_only_ten_states_are_kept(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    made = [learned_state({cast.brand: [accounts["runner"].creator]}).pk for _ in range(12)]
    kept = RecommenderState.objects.order_by("pk").values_list("pk", flat=True)
    assert list(kept) == made[2:]


def test_hidden_creators_are_left_out_and_pages_do_not_move(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    whole = handles(recommend(cast))
    first = recommend(cast, top=3)
    assert first.next is not None
    hide_creator(
        brand=cast.brand,
        creator=first.results[0].account.creator,
        actor=cast.brand_owner,
        now=NOW,
    )
    second = recommend(cast, top=3, cursor=Cursor.read(str(first.next)))
    assert handles(first) + handles(second) == whole[:6]
    assert [one.rank for one in second.results] == [4, 5, 6]
    again = recommend(cast)
    assert handles(again) == whole[1:]
    assert again.hidden == 1


def test_limits_are_kept_and_pages_stay_full(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    found = recommend(cast, limits=Limits(countries=["Germany"]))
    assert sorted(handles(found)) == ["skin", "streets"]


def test_a_hidden_profile_is_not_shown(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    entry = accounts["weights"].search_entry  # type: ignore[attr-defined]
    entry.is_visible = False
    entry.save(update_fields=["is_visible"])
    assert "weights" not in handles(recommend(cast))


def test_the_lot_is_drawn_once_a_day_and_its_chance_is_told(
    cast: Cast, accounts: dict[str, SocialAccount], settings: object
) -> None:
    settings.RECOMMEND_EPSILON = 0.9  # type: ignore[attr-defined]
    found, again = recommend(cast), recommend(cast)
    assert handles(found) == handles(again)
    drawn = [one for one in found.results if one.by_lot]
    assert drawn
    assert "drawn by lot, with chance 90 %" in drawn[0].reasons[0]
    assert all(0 < one.propensity <= 1 for one in found.results)
    assert found.results[-1].propensity == 1.0  # the last one left has nobody to lose to


def test_one_creator_with_two_accounts_appears_once(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    other = make_account("weights_too", bio="Gym and fitness", country="Italy")
    other.creator = accounts["weights"].creator
    other.save(update_fields=["creator"])
    from scoring.entries import sync_entries

    sync_entries()
    creators = [one.account.creator_id for one in recommend(cast).results]
    assert len(creators) == len(set(creators)) == len(accounts)


def test_a_brand_that_said_nothing_is_told_so(
    cast: Cast, accounts: dict[str, SocialAccount]
) -> None:
    found = recommend_creators(brand=cast.other_brand, now=NOW)
    assert "neither a description nor a brief" in found.confidence.sentences[-1]
    assert found.results


def test_an_empty_catalogue_recommends_nobody(cast: Cast) -> None:
    found = recommend(cast)
    assert (found.results, found.next, found.catalogue) == ([], None, 0)


def test_queries_do_not_grow_with_the_page(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    learned_state({cast.brand: [accounts["runner"].creator]})
    recommend(cast)
    with CaptureQueriesContext(
        connection,
    ) as one:
        recommend(cast, top=1)
    with CaptureQueriesContext(connection) as all_of_them:
        recommend(cast, top=20)
    assert len(all_of_them) == len(one) <= 14


@pytest.mark.parametrize(
    "text", ["", "x", "1-2-3", "1-2-3-4-5", "٣-1-0-0", "1-9999999-0-0", "1-1-0-3", "9" * 40]
)
def test_a_cursor_nobody_gave_out_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.read(text)
