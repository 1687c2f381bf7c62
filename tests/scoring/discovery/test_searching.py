"""Search by words, by name and by example, under hard limits."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Creator, SocialAccount
from scoring.discovery.directions import ExampleNotFound
from scoring.discovery.places import CursorUnknown, Place, write_cursor
from scoring.discovery.searching import SearchPage, search_creators
from scoring.discovery.terms import SearchRejected, SearchTerms
from scoring.models import EntryEmbedding, SearchEntry
from tests.scoring.catalogue import make_account

pytestmark = pytest.mark.django_db


def handles(page: SearchPage) -> list[str]:
    return [found.account.handle for found in page.results]


def search(**terms: object) -> SearchPage:
    return search_creators(terms=SearchTerms(**terms))  # type: ignore[arg-type]


def test_the_nearest_text_comes_first(catalogue: dict[str, SocialAccount]) -> None:
    page = search(text="easy vegan recipes")
    first = page.results[0]
    assert first.account == catalogue["vegan_cook"]
    assert first.similarity is not None
    assert first.similarity > 0.5
    assert first.shared.bio == ("Vegan", "recipes")
    assert [found.rank for found in page.results] == list(range(1, 8))
    # Without text there is nothing to compare.
    assert "silent" not in handles(page)
    assert page.exact
    assert not page.eligible_at_least
    assert page.eligible == 8


def test_an_exact_name_comes_before_what_is_similar(catalogue: dict[str, SocialAccount]) -> None:
    for text in ("@skin", "SKIN", "  skin "):
        page = search(text=text)
        assert page.results[0].is_named
        assert page.results[0].account == catalogue["skin"]
        assert not page.results[1].is_named
        assert handles(page).count("skin") == 1
    assert search(text="vegan COOK").results[0].is_named
    # Somebody without text is found by name, too.
    assert handles(search(text="@silent"))[0] == "silent"


def test_an_at_sign_means_a_handle(catalogue: dict[str, SocialAccount]) -> None:
    assert not search(text="@vegan cook").results[0].is_named
    assert search(text="@vegan_cook").results[0].is_named


def test_a_name_that_the_filters_leave_out_is_said(catalogue: dict[str, SocialAccount]) -> None:
    page = search(text="@skin", platforms=["instagram"])
    assert "skin" not in handles(page)
    assert any("filters leave them out" in note for note in page.notes)


def test_hashed_handles_are_no_names(catalogue: dict[str, SocialAccount]) -> None:
    SocialAccount.objects.filter(handle="skin").update(handle_is_hash=True)
    assert not search(text="@skin").results[0].is_named


def test_limits_hold_and_pages_stay_full(catalogue: dict[str, SocialAccount]) -> None:
    page = search(text="beauty and makeup", platforms=["tiktok"], max_followers=60_000)
    assert set(handles(page)) == {"skin", "guitarist"}
    assert set(handles(search(text="music", countries=["brazil", "Italy"]))) == {
        "vegan_cook", "weights", "guitarist", "runner",
    }  # fmt: skip


def test_a_country_nobody_knows_is_refused_with_the_nearest_name(
    catalogue: dict[str, SocialAccount],
) -> None:
    with pytest.raises(SearchRejected, match="Did you mean Germany") as refused:
        search(countries=["Germny"])
    assert refused.value.attr == "country"


def test_an_empty_page_says_which_limit_empties_it(catalogue: dict[str, SocialAccount]) -> None:
    page = search(text="tea", platforms=["douyin"], countries=["Italy"])
    assert page.results == []
    assert {(one.limit, one.alone) for one in page.emptying} == {("platform", 2), ("country", 1)}


def test_pages_repeat_and_lose_nobody(catalogue: dict[str, SocialAccount]) -> None:
    terms = SearchTerms(text="@runner")
    whole = handles(search_creators(terms=terms))
    walked: list[str] = []
    ranks: list[int] = []
    cursor = ""
    while True:
        page = search_creators(terms=terms, top=2, cursor=cursor)
        walked += handles(page)
        ranks += [found.rank for found in page.results]
        if not (cursor := page.next_cursor):
            break
        # Somebody who joins above the reader's place pushes nobody away and repeats nobody.
        make_account(f"late_{len(walked)}", bio="")
    assert walked == whole
    assert ranks == list(range(1, len(whole) + 1))


def test_who_joins_between_pages_repeats_nobody(catalogue: dict[str, SocialAccount]) -> None:
    terms = SearchTerms(text="trail running in the mountains")
    first = search_creators(terms=terms, top=3)
    late = make_account("late", bio="x")
    entry = SearchEntry.objects.create(account=late, creator=late.creator, platform="instagram")
    nearest = EntryEmbedding.objects.get(entry__account=catalogue["runner"])
    EntryEmbedding.objects.create(
        entry=entry, vector=nearest.vector, encoder_version=nearest.encoder_version, text_hash=""
    )
    second = search_creators(terms=terms, top=10, cursor=first.next_cursor)
    assert len({*handles(first), *handles(second)}) == 7
    assert not set(handles(first)) & set(handles(second))


def test_a_creator_appears_once_with_the_nearest_account(
    catalogue: dict[str, SocialAccount],
) -> None:
    cook, streets = catalogue["vegan_cook"], catalogue["streets"]
    SocialAccount.objects.filter(pk=streets.pk).update(creator=cook.creator)
    SearchEntry.objects.filter(account=streets).update(creator=cook.creator)
    page = search(text="street photography")
    assert handles(page)[0] == "streets"
    assert "vegan_cook" not in handles(page)


def test_without_words_it_is_a_list_by_followers(catalogue: dict[str, SocialAccount]) -> None:
    SearchEntry.objects.filter(account=catalogue["runner"]).update(followers=None)
    terms = SearchTerms(platforms=["instagram", "tiktok"])
    whole = handles(search_creators(terms=terms))
    assert whole == [
        "silent", "guitarist", "streets", "skin", "weights", "vegan_cook", "runner",
    ]  # fmt: skip
    walked: list[str] = []
    cursor = ""
    while True:
        page = search_creators(terms=terms, top=3, cursor=cursor)
        walked += handles(page)
        assert page.depth is None
        assert all(found.similarity is None for found in page.results)
        if not (cursor := page.next_cursor):
            break
    assert walked == whole


def test_examples_are_a_direction_and_no_results(catalogue: dict[str, SocialAccount]) -> None:
    cook, runner = catalogue["vegan_cook"].creator_id, catalogue["runner"].creator_id
    page = search(like=[runner])
    assert handles(page)[0] == "weights"
    assert "runner" not in handles(page)
    assert [creator.pk for creator in page.examples] == [runner]
    both = search(like=[cook, runner])
    assert not {"vegan_cook", "runner"} & set(handles(both))
    assert handles(search(example="Makeup reviews, beauty"))[0] == "video_shop"
    # A name is looked up among words, not in a pasted text.
    assert not search(example="skin").results[0].is_named


def test_examples_that_cannot_be_compared(catalogue: dict[str, SocialAccount]) -> None:
    silent, cook = catalogue["silent"].creator, catalogue["vegan_cook"].creator
    with pytest.raises(SearchRejected) as refused:
        search(like=[silent.pk])
    assert refused.value.attr == "like"
    page = search(like=[silent.pk, cook.pk])
    assert any("no text to compare" in note for note in page.notes)
    with pytest.raises(ExampleNotFound):
        search(like=[10**17])
    Creator.objects.filter(pk=cook.pk).update(status=Creator.Status.SUSPENDED)
    with pytest.raises(ExampleNotFound):
        search(like=[cook.pk])


@pytest.mark.parametrize(
    ("terms", "attr"),
    [
        ({"text": "a" * 501}, "q"),
        ({"text": "vegan\x00"}, "q"),
        ({"text": "vegan\ud800"}, "q"),
        ({"example": "a" * 801}, "example"),
        ({"like": [1, 2, 3, 4, 5, 6]}, "like"),
        ({"like": [10**30]}, "like"),
        ({"like": [-1]}, "like"),
        ({"platforms": ["myspace"]}, "platform"),
        ({"countries": ["\x00"]}, "country"),
        ({"niches": ["n" * 61]}, "niche"),
        ({"min_followers": 5, "max_followers": 4}, "max_followers"),
        ({"min_followers": -1}, "min_followers"),
        ({"max_risk": 101}, "max_risk"),
        ({"budget_minor": 5}, "currency"),
        ({"budget_minor": -5, "currency": "EUR"}, "budget_minor"),
    ],
)
def test_what_cannot_be_searched_by_is_named(terms: dict[str, object], attr: str) -> None:
    with pytest.raises(SearchRejected) as refused:
        search(**terms)
    assert refused.value.attr == attr


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "%_\\", "🥑🥑", "' OR 1=1 --", "42"])
def test_odd_texts_are_searched_by_as_they_are(
    catalogue: dict[str, SocialAccount], text: str
) -> None:
    page = search(text=text)
    if not any(sign.isalpha() for sign in text):
        assert page.results == []
        assert any("no words" in note for note in page.notes)


def test_other_languages_get_a_note(catalogue: dict[str, SocialAccount]) -> None:
    assert any("English" in note for note in search(text="简单的素食食谱").notes)
    assert search(text="vegan recipes").notes == []


@pytest.mark.parametrize("cursor", ["x", "a" * 34, "é", "=", "A" * 5000])
def test_cursors_of_no_page_are_refused(cursor: str) -> None:
    with pytest.raises(CursorUnknown):
        search_creators(terms=SearchTerms(text="vegan"), cursor=cursor)


@pytest.mark.parametrize("shown", [10**9 + 1, 2**32 - 1])
def test_a_cursor_cannot_have_shown_more_than_there_are(shown: int) -> None:
    terms = SearchTerms(text="vegan")
    asked = json.dumps(terms.to_json(), sort_keys=True)
    with pytest.raises(CursorUnknown):
        search_creators(
            terms=terms, cursor=write_cursor(Place(0, 0.0, 1), shown=shown, asked=asked)
        )


@pytest.mark.parametrize("value", [0.5, -1e308, 1e308, -9.3e18, 1e19])
@pytest.mark.parametrize("creator_id", [-(2**63), 2**63 - 1])
def test_a_made_up_place_is_a_place(
    catalogue: dict[str, SocialAccount], value: float, creator_id: int
) -> None:
    for asked in ("", "vegan"):
        terms = SearchTerms(text=asked)
        place = Place(2, value, creator_id)
        cursor = write_cursor(place, shown=10**9, asked=json.dumps(terms.to_json(), sort_keys=True))
        assert search_creators(terms=terms, cursor=cursor).eligible == 8


def test_a_cursor_belongs_to_its_search(catalogue: dict[str, SocialAccount]) -> None:
    page = search_creators(terms=SearchTerms(text="vegan"), top=1)
    with pytest.raises(CursorUnknown):
        search_creators(terms=SearchTerms(text="music"), cursor=page.next_cursor)


def test_queries_do_not_grow_with_the_page(catalogue: dict[str, SocialAccount]) -> None:
    counts = []
    for top in (1, 7):
        with CaptureQueriesContext(connection) as queries:
            search_creators(terms=SearchTerms(text="vegan recipes"), top=top)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
