"""Search, similar creators and saved searches against everybody (`seeing.PEOPLE`)."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from scoring.discovery.saving import save_search
from scoring.discovery.terms import SearchTerms
from scoring.models import SavedSearch
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse, make_creators
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "creator_search":   (302, 200, 200, 200, 200, 200, 200),
    "similar_creators": (302, 200, 200, 200, 200, 200, 200),
    "saved_searches":   (302, 200, 200, 200, 200, 200, 200),
    "saved_search":     (302, 200, 200, 404, 404, 404, 404),
}  # fmt: skip
POST = {
    # Without a search in the address there is nothing to save; the other owner saves their own.
    "saved_searches":      (302, 422, 403, 422, 403, 403, 403),
    "saved_search_rename": (302, 302, 403, 404, 404, 404, 404),
    "saved_search_delete": (302, 302, 403, 404, 404, 404, 404),
}  # fmt: skip


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    [creator] = make_creators(1)
    search = save_search(
        brand=cast.brand, name="Cooks", terms=SearchTerms(platforms=("instagram",)),
        actor=cast.brand_owner, now=NOW,
    )  # fmt: skip

    def of(name: str) -> str:
        one = name.startswith("saved_search") and name != "saved_searches"
        arguments = [search.pk] if one else [creator.pk] if name == "similar_creators" else []
        return reverse(name, args=arguments)

    return of


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], {"name": "Chefs"}, cast=cast, browse=browse)


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    owner = browse(cast.brand_owner)
    for name in ("saved_search", "similar_creators"):
        assert owner.get(reverse(name, args=[10**30])).status_code == 404
    for name in ("saved_search_rename", "saved_search_delete"):
        assert owner.post(reverse(name, args=[10**30])).status_code == 404
        assert owner.get(reverse(name, args=[1])).status_code == 405


def test_a_viewer_changes_nothing(
    cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    viewer = browse(cast.brand_viewer)
    assert viewer.post(f"{address('saved_searches')}?q=tea", {"name": "New"}).status_code == 403
    viewer.post(address("saved_search_delete"))
    assert [search.name for search in SavedSearch.objects.all()] == ["Cooks"]
    page = viewer.get(address("saved_search")).content.decode()
    assert "Rename or delete" not in page
