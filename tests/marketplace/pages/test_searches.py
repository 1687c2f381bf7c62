"""The pages of search, similar creators and saved searches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SocialAccount
from marketplace.forms.creator_search import CreatorSearchForm, query_of
from marketplace.templatetags.discovery import search_chips
from scoring.discovery.saving import save_search
from scoring.discovery.terms import SearchTerms
from scoring.models import SavedSearch, SearchEntry
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse, make_creators

pytestmark = pytest.mark.django_db

Catalogue = dict[str, SocialAccount]
SEARCH = "/creators/search/"


def test_a_search_shows_why_and_how_near(cast: Cast, browse: Browse, catalogue: Catalogue) -> None:
    response = browse(cast.brand_owner).get(SEARCH, {"q": "easy vegan recipes"})
    page = response.content.decode()
    assert response.status_code == 200
    first = response.context["found"].results[0]
    assert first.account == catalogue["vegan_cook"]
    assert "text similarity" in page
    assert "No word in common" in page
    assert "8 accounts pass the filters" in " ".join(page.split())
    # The list is recorded, and links know it.
    assert f"?list={response.context['shown'].list_id}" in page


def test_without_a_search_it_explains_itself(cast: Cast, browse: Browse) -> None:
    response = browse(cast.creator_user).get(SEARCH)
    assert response.status_code == 200
    assert "What are you looking for?" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "x" * 501}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"like": ["abc"]}, "like"),
        ({"like": ["1", "2", "3", "4", "5", "6"]}, "like"),
        ({"platform": "myspace"}, "platform"),
        ({"min_followers": "10k", "max_followers": "5k"}, "max_followers"),
        ({"max_risk": "101"}, "max_risk"),
        ({"max_risk": "nan"}, "max_risk"),
        ({"budget": "5"}, "currency"),
        ({"available_from": "2026-02-02", "available_until": "2026-02-01"}, "available_until"),
        ({"country": "Germny"}, "country"),
        ({"example": "x" * 801}, "example"),
    ],
)
def test_what_cannot_be_searched_is_marked_at_its_field(
    cast: Cast, browse: Browse, query: dict[str, object], field: str
) -> None:
    response = browse(cast.brand_owner).get(SEARCH, query)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["found"] is None


def test_a_lost_example_is_said(cast: Cast, browse: Browse) -> None:
    response = browse(cast.brand_owner).get(SEARCH, {"like": "99999999"})
    assert response.status_code == 422
    assert "no creator 99999999" in response.content.decode()


def test_markup_stays_text(cast: Cast, browse: Browse, catalogue: Catalogue) -> None:
    SocialAccount.objects.filter(handle="skin").update(bio="<script>skin</script>")
    page = browse(cast.brand_owner).get(SEARCH, {"q": "<script>skin</script>"}).content.decode()
    assert "<script>skin" not in page
    assert "&lt;script&gt;skin" in page


def test_examples_are_chips_that_can_be_left_out(
    cast: Cast, browse: Browse, catalogue: Catalogue
) -> None:
    runner = catalogue["runner"].creator
    page = browse(cast.brand_owner).get(SEARCH, {"like": runner.pk}).content.decode()
    assert f'name="like" value="{runner.pk}"' in page
    assert str(runner) in page


def test_pages_follow_and_foreign_cursors_begin_again(cast: Cast, browse: Browse) -> None:
    make_creators(45)
    owner = browse(cast.brand_owner)
    seen: list[int] = []
    query = {"platform": "instagram"}
    while True:
        found = owner.get(SEARCH, query).context["found"]
        seen += [one.account.creator_id for one in found.results]
        if not found.next_cursor:
            break
        query = {**query, "cursor": found.next_cursor}
    assert len(seen) == len(set(seen)) == 45
    response = owner.get(SEARCH, {"platform": "tiktok", "cursor": query["cursor"]})
    assert (response.status_code, response.url) == (302, f"{SEARCH}?platform=tiktok")


def test_similar_creators_on_their_page(cast: Cast, browse: Browse, catalogue: Catalogue) -> None:
    skin = catalogue["skin"].creator
    address = reverse("similar_creators", args=[skin.pk])
    page = browse(cast.brand_viewer).get(address).content.decode()
    assert "Video Shop" in page
    assert "of 1 alike" in page
    assert "Audience countries not known of both" in page
    silent = reverse("similar_creators", args=[catalogue["silent"].creator_id])
    page = browse(cast.brand_viewer).get(silent).content.decode()
    assert "Nobody to compare with" in page
    response = browse(cast.brand_viewer).get(address, {"cursor": "nonsense"})
    assert response.url == address


def test_a_search_is_saved_opened_renamed_and_deleted(
    cast: Cast, browse: Browse, catalogue: Catalogue
) -> None:
    owner = browse(cast.brand_owner)
    listed = reverse("saved_searches")
    response = owner.post(f"{listed}?q=vegan&platform=instagram&max_risk=90", {"name": "Cooks"})
    search = SavedSearch.objects.get()
    address = reverse("saved_search", args=[search.pk])
    assert response.url == address
    assert search.terms == {"text": "vegan", "platforms": ["instagram"], "max_risk": 90.0}
    SocialAccount.objects.filter(handle="vegan_cook").update(created_at=timezone.now())
    assert "1 new" in owner.get(listed).content.decode()
    assert "1 new" not in owner.head(address).content.decode()
    page = owner.get(address).content.decode()
    assert '<span class="chip accent">new</span>' in page
    # To have looked is to have seen.
    assert "1 new" not in owner.get(listed).content.decode()
    rename = reverse("saved_search_rename", args=[search.pk])
    assert owner.post(rename, {"name": " "}).status_code == 422
    owner.post(rename, {"name": "Chefs"})
    assert "Chefs" in owner.get(listed).content.decode()
    owner.post(reverse("saved_search_delete", args=[search.pk]))
    assert "No saved search yet" in owner.get(listed).content.decode()


def test_what_cannot_be_saved_stays_to_be_corrected(cast: Cast, browse: Browse) -> None:
    owner, listed = browse(cast.brand_owner), reverse("saved_searches")
    assert owner.post(f"{listed}?q=tea", {"name": "Tea"}).status_code == 302
    for address, name, words in (
        (f"{listed}?q=tea", "tea", "a saved search of this name"),
        (f"{listed}?q=tea", " ", "1 to 80 characters"),
        (f"{listed}?q=tea", "x" * 81, "1 to 80 characters"),
        (f"{listed}?q=tea", "a\x00", "ull"),
        (f"{listed}?max_risk=900", "New", "cannot be used"),
        (listed, "New", "asks nothing yet"),
    ):
        response = owner.post(address, {"name": name})
        assert response.status_code == 422, name
        assert words in response.content.decode(), name
    assert SavedSearch.objects.count() == 1
    assert (
        owner.post(f"{listed}?q=tea", {"name": "New", "brand": cast.other_brand.pk}).status_code
        == 404
    )


def test_a_search_goes_into_an_address_and_back() -> None:
    from django.http import QueryDict

    terms = SearchTerms(
        text="tea & cake", like=(3, 4), example="a\nbio", platforms=("tiktok", "instagram"),
        countries=("Italy",), languages=("en",), niches=("food",), min_followers=0,
        max_followers=9, max_risk=40.5, budget_minor=550, currency="EUR",
        available_from=NOW.date(), available_until=NOW.date(),
    )  # fmt: skip
    form = CreatorSearchForm(QueryDict(query_of(terms)))
    assert form.is_valid(), form.errors
    assert form.terms == terms


def test_the_plain_list_has_the_tabs_and_a_language(cast: Cast, browse: Browse) -> None:
    first, *_ = make_creators(2)
    SearchEntry.objects.filter(creator=first).update(language="de")
    response = browse(cast.brand_owner).get("/creators/", {"language": "de"})
    page = response.content.decode()
    assert [one.pk for one in response.context["listed"].creators] == [first.pk]
    assert "German" in page  # Its count is kept for a minute.
    for name in ("creator_search", "saved_searches", "shortlists"):
        assert f'href="{reverse(name)}"' in page
    # Nobody keeps searches for a creator.
    page = browse(cast.creator_user).get("/creators/", {"language": "d\x00"}).content.decode()
    assert f'href="{reverse("saved_searches")}"' not in page


def test_queries_do_not_grow_with_the_lists(
    cast: Cast, browse: Browse, catalogue: Catalogue
) -> None:
    owner = browse(cast.brand_owner)

    def count(address: str) -> int:
        owner.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(address).status_code == 200
        return len(queries)

    def save(name: str) -> None:
        save_search(
            brand=cast.brand, name=name, terms=SearchTerms(text=name), actor=cast.brand_owner,
            now=timezone.now(),
        )  # fmt: skip

    save("One")
    before = count(reverse("saved_searches"))
    save("Two")
    save("Three")
    assert count(reverse("saved_searches")) == before
    assert count(f"{SEARCH}?q=vegan") == count(f"{SEARCH}?q=vegan&max_followers=20000")


def test_a_limit_in_the_way_is_called_as_on_the_form(
    cast: Cast, browse: Browse, catalogue: Catalogue
) -> None:
    page = browse(cast.brand_owner).get(SEARCH, {"q": "vegan", "min_followers": "900m"})
    assert "At least so many followers" in page.content.decode()


def test_chips_write_names_and_not_codes() -> None:
    terms = SearchTerms(platforms=("tiktok", "youtube"), languages=("zh", "de"))
    assert search_chips(terms) == ["TikTok", "YouTube", "Chinese", "German"]
