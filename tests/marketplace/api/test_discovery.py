"""Searching, similar creators and saved searches, asked by programs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Creator, SocialAccount
from scoring.models import SavedSearch
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db

Catalogue = dict[str, SocialAccount]
SEARCH = "creators/search"
SAVED = "saved-searches/"


def test_search_answers_what_the_page_shows(program: As, cast: Cast, catalogue: Catalogue) -> None:
    status, answer = program(cast.brand_owner).get(SEARCH, q="easy vegan recipes", page_size=2)
    assert status == 200
    first = answer["results"][0]
    assert first["handle"] == "vegan_cook"
    assert first["similarity"] > 0.5
    assert first["shared_words"] == {"bio": ["Vegan", "recipes"], "hashtags": []}
    assert first["fake_follower_risk"]["model_version"]
    assert len(answer["results"]) == 2
    assert answer["depth"] == 500
    assert (answer["eligible"], answer["eligible_at_least"]) == (8, False)


def test_pages_follow_each_other(program: As, cast: Cast, catalogue: Catalogue) -> None:
    asker = program(cast.creator_user)
    found: list[int] = []
    query: dict[str, object] = {"q": "fitness", "page_size": 3}
    status, answer = asker.get(SEARCH, **query)
    while True:
        assert status == 200
        found += [one["creator_id"] for one in answer["results"]]
        if not (address := answer["next"]):
            break
        status, answer = asker.read(asker.client.get(address))
    assert len(found) == len(set(found)) == 7


def test_limits_repeat_and_hold(program: As, cast: Cast, catalogue: Catalogue) -> None:
    asker = program(cast.brand_viewer)
    status, answer = asker.get(
        SEARCH, platform=["tiktok", "douyin"], country=["Germany", "China"], max_followers="90000"
    )
    assert status == 200
    assert [one["handle"] for one in answer["results"]] == ["video_shop", "skin"]
    assert answer["depth"] is None
    cook = catalogue["vegan_cook"].creator_id
    status, answer = asker.get(SEARCH, like=[cook, catalogue["runner"].creator_id])
    assert [one["id"] for one in answer["examples"]] == [cook, catalogue["runner"].creator_id]


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ({"text": "tea"}, "text"),
        ({"q": "a" * 501}, "q"),
        ({"q": "a\x00"}, "q"),
        ({"like": "x"}, "like.0"),
        ({"like": list(range(1, 7))}, "like"),
        ({"like": 10**18}, "like.0"),
        ({"platform": "myspace"}, "platform.0"),
        ({"country": "Germny"}, "country"),
        ({"max_risk": "nan"}, "max_risk"),
        ({"min_followers": 5, "max_followers": 1}, "max_followers"),
        ({"budget_minor": 100}, "currency"),
        ({"available_from": "soon"}, "available_from"),
        ({"available_from": "2026-02-01", "available_until": "2026-01-01"}, "available_until"),
        ({"page_size": 0}, "page_size"),
        ({"page_size": 101}, "page_size"),
    ],
)
def test_what_cannot_be_searched_by_is_named(
    program: As, cast: Cast, query: dict[str, object], attr: str
) -> None:
    status, answer = program(cast.brand_owner).get(SEARCH, **query)
    assert status == 400
    assert refusal(answer)[1] == attr


def test_lost_examples_and_foreign_cursors_are_not_found(
    program: As, cast: Cast, catalogue: Catalogue
) -> None:
    asker = program(cast.brand_owner)
    status, answer = asker.get(SEARCH, like=10**12)
    assert (status, refusal(answer)) == (404, ("example_not_found", "like"))
    status, answer = asker.get(SEARCH, q="tea", cursor="abc")
    assert (status, refusal(answer)[0]) == (404, "cursor_unknown")


def test_similar_creators_come_with_parts(program: As, cast: Cast, catalogue: Catalogue) -> None:
    asker, skin = program(cast.brand_owner), catalogue["skin"].creator_id
    status, answer = asker.get(f"creators/{skin}/similar", page_size=2)
    assert status == 200
    assert answer["basis"] == "text"
    first = answer["results"][0]
    assert first["handle"] == "video_shop"
    assert [part["name"] for part in first["parts"]] == ["text", "niches", "size", "audience"]
    assert answer["next"]
    status, answer = asker.get(f"creators/{skin}/similar", platform="instagram")
    assert {one["platform"] for one in answer["results"]} == {"instagram"}
    for address in ("creators/999999/similar", f"creators/{10**30}/similar"):
        assert asker.get(address)[0] == 404
    Creator.objects.filter(pk=skin).update(status=Creator.Status.CLOSED)
    assert asker.get(f"creators/{skin}/similar")[0] == 404
    status, answer = asker.get(f"creators/{cast.creator.pk}/similar", depth=3)
    assert (status, refusal(answer)) == (400, ("unknown_parameter", "depth"))


def test_strangers_are_asked_to_log_in(program: As, db: None) -> None:
    stranger = program(None)
    for address in (SEARCH, "creators/1/similar", SAVED, f"{SAVED}1/"):
        assert stranger.get(address)[0] == 401


def test_a_saved_search_is_kept_read_renamed_and_deleted(
    program: As, cast: Cast, catalogue: Catalogue
) -> None:
    owner, viewer = program(cast.brand_owner), program(cast.brand_viewer)
    terms = {"q": "vegan", "platform": ["instagram"], "max_risk": 90}
    status, search = owner.post(SAVED, {"name": "Cooks", "terms": terms})
    assert status == 201
    assert (search["terms"], search["new"]) == (terms, 0)
    address = f"{SAVED}{search['id']}/"
    SocialAccount.objects.filter(handle="vegan_cook").update(created_at="2099-01-01T00:00Z")
    status, answer = viewer.get(SAVED)
    assert [one["new"] for one in answer["results"]] == [1]
    status, answer = viewer.get(address)
    assert answer["new_creator_ids"] == [catalogue["vegan_cook"].creator_id]
    status, answer = viewer.get(f"{address}creators/", page_size=1)
    assert [one["handle"] for one in answer["results"]] == ["vegan_cook"]
    assert viewer.client.post(f"/api/v1/{address}seen/").status_code == 204
    assert owner.patch(address, {"name": "Chefs"})[1]["name"] == "Chefs"
    assert owner.client.delete(f"/api/v1/{address}").status_code == 204
    assert owner.get(address)[0] == 404


def test_a_page_of_saved_searches_asks_at_most_twenty_searches(
    program: As, cast: Cast, catalogue: Catalogue
) -> None:
    brand = cast.brand_owner.memberships.get().brand
    SavedSearch.objects.bulk_create(
        SavedSearch(brand=brand, name=str(number), terms={"text": "vegan"}) for number in range(21)
    )
    status, answer = program(cast.brand_owner).get(SAVED, page_size=100)
    assert (status, len(answer["results"])) == (200, 20)
    assert answer["next"]


def test_who_may_do_what_with_a_saved_search(program: As, cast: Cast) -> None:
    owner = program(cast.brand_owner)
    body = {"name": "Cooks", "terms": {"q": "vegan"}}
    _, search = owner.post(SAVED, body)
    address = f"{SAVED}{search['id']}/"
    viewer = program(cast.brand_viewer)
    assert viewer.post(SAVED, body)[0] == 403
    assert viewer.patch(address, {"name": "x"})[0] == 403
    assert viewer.client.delete(f"/api/v1/{address}").status_code == 403
    for user in (cast.other_owner, cast.creator_user, cast.moderator):
        other = program(user)
        assert other.get(SAVED)[1]["results"] == []
        for tried in (address, f"{address}creators/", f"{SAVED}{10**30}/"):
            assert other.get(tried)[0] == 404
        assert other.patch(address, {"name": "x"})[0] == 404
        assert other.client.post(f"/api/v1/{address}seen/").status_code == 404
    assert program(cast.creator_user).post(SAVED, body)[0] == 403
    assert SavedSearch.objects.get().name == "Cooks"


@pytest.mark.parametrize(
    ("body", "status", "attr"),
    [
        ({"name": "Cooks", "terms": {"q": "tea"}}, 409, "name"),
        ({"name": "", "terms": {"q": "tea"}}, 400, "name"),
        ({"name": "a\x00", "terms": {"q": "tea"}}, 400, "name"),
        ({"name": "x" * 81, "terms": {"q": "tea"}}, 400, "name"),
        ({"name": "New", "terms": {}}, 400, "terms"),
        ({"name": "New", "terms": {"text": "tea"}}, 400, "terms.text"),
        ({"name": "New", "terms": {"q": "tea", "max_risk": 200}}, 400, "terms.max_risk"),
        ({"name": "New"}, 400, "terms"),
        ({"name": "New", "terms": {"q": "tea"}, "brand_id": 10**17}, 404, None),
        ({"name": "New", "terms": {"q": "tea"}, "mood": 1}, 400, "mood"),
    ],
)
def test_what_cannot_be_saved_is_named(
    program: As, cast: Cast, body: dict[str, object], status: int, attr: str | None
) -> None:
    owner = program(cast.brand_owner)
    owner.post(SAVED, {"name": "Cooks", "terms": {"q": "vegan"}})
    found, answer = owner.post(SAVED, body)
    assert (found, refusal(answer)[1]) == (status, attr)
    assert SavedSearch.objects.count() == 1


def test_queries_do_not_grow_with_the_list(program: As, cast: Cast, catalogue: Catalogue) -> None:
    owner = program(cast.brand_owner)
    counts = []
    for name in ("One", "Two", "Three"):
        owner.post(SAVED, {"name": name, "terms": {"q": name}})
        with CaptureQueriesContext(connection) as queries:
            owner.get(SAVED)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
