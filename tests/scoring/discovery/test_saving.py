"""Searches a brand keeps, and who is new in them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.audit import list_entries
from accounts.errors import Forbidden, NotFound
from accounts.models import Creator, SocialAccount
from scoring.discovery import saving
from scoring.discovery.saving import (
    NothingToSave,
    SearchNameMissing,
    SearchNameTaken,
    TooManySearches,
    delete_search,
    get_news,
    list_searches,
    mark_seen,
    rename_search,
    save_search,
    search_for,
    terms_of,
)
from scoring.discovery.terms import SearchRejected, SearchTerms
from scoring.models import SavedSearch
from tests.cast import NOW, Cast
from tests.scoring.catalogue import make_account

pytestmark = pytest.mark.django_db

VEGAN = SearchTerms(text="vegan cooking", platforms=("instagram",), max_risk=40)


def saved(cast: Cast, name: str = "Cooks", terms: SearchTerms = VEGAN) -> SavedSearch:
    return save_search(brand=cast.brand, name=name, terms=terms, actor=cast.brand_owner, now=NOW)


def test_a_search_is_kept_whole_and_audited(cast: Cast) -> None:
    terms = SearchTerms(
        text="tea", like=(3, 4), example="a bio", platforms=("tiktok",), countries=("Italy",),
        languages=("en",), niches=("food",), min_followers=0, max_followers=9, max_risk=40,
        budget_minor=500, currency="EUR", available_from=date(2026, 1, 2),
        available_until=date(2026, 1, 3),
    )  # fmt: skip
    search = saved(cast, "  Tea   time ", terms)
    search.refresh_from_db()
    assert search.name == "Tea time"
    assert terms_of(search) == terms
    assert search.created_by == cast.brand_owner
    assert search.last_seen_at == NOW
    [entry] = list_entries(search)
    assert (entry.verb, entry.actor) == ("search.saved", cast.brand_owner)


def test_only_what_asks_something_is_stored(cast: Cast) -> None:
    assert saved(cast, "Few", SearchTerms(max_risk=0)).terms == {"max_risk": 0}
    # An entry of a version to come, or gone, is no reason not to open a search.
    assert SearchTerms.from_json({"text": "a", "mood": "calm"}) == SearchTerms(text="a")


def test_refusals_leave_nothing(cast: Cast) -> None:
    saved(cast)
    with pytest.raises(SearchNameTaken):
        saved(cast, "COOKS")
    for name in ("", "   ", "x" * 81, "a\x00"):
        with pytest.raises(SearchNameMissing):
            saved(cast, name)
    with pytest.raises(NothingToSave):
        saved(cast, "Empty", SearchTerms())
    with pytest.raises(SearchRejected):
        saved(cast, "Bad", SearchTerms(max_risk=900))
    assert SavedSearch.objects.count() == 1
    # Another brand may use the name.
    save_search(brand=cast.other_brand, name="Cooks", terms=VEGAN, actor=cast.other_owner, now=NOW)


def test_a_brand_keeps_at_most_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MAX_SEARCHES", 1)
    saved(cast)
    with pytest.raises(TooManySearches):
        saved(cast, "One more")


def test_renaming_and_deleting_are_audited(cast: Cast) -> None:
    search, other = saved(cast), saved(cast, "Other")
    rename_search(search=search, name="cooks", actor=cast.brand_owner)
    with pytest.raises(SearchNameTaken):
        rename_search(search=other, name="Cooks", actor=cast.brand_owner)
    with pytest.raises(SearchNameMissing):
        rename_search(search=other, name=" ", actor=cast.brand_owner)
    other.refresh_from_db()
    assert other.name == "Other"
    verbs = [entry.verb for entry in list_entries(search)]
    assert verbs == ["search.saved", "search.renamed"]
    entries = list_entries(SavedSearch(pk=search.pk))
    delete_search(search=search, actor=cast.brand_owner)
    assert entries.last().verb == "search.deleted"  # type: ignore[union-attr]
    assert list(list_searches(cast.brand_owner)) == [other]


def test_who_reaches_a_search(cast: Cast) -> None:
    search = saved(cast)
    assert search_for(cast.brand_owner, search.pk, write=True) == search
    assert search_for(cast.brand_viewer, search.pk) == search
    with pytest.raises(Forbidden):
        search_for(cast.brand_viewer, search.pk, write=True)
    for user in (cast.other_owner, cast.creator_user, cast.moderator):
        with pytest.raises(NotFound):
            search_for(user, search.pk)
    with pytest.raises(NotFound):
        search_for(cast.brand_owner, 10**30)


def test_new_are_those_who_joined_since_and_are_found(
    catalogue: dict[str, SocialAccount], cast: Cast
) -> None:
    search = saved(cast, terms=SearchTerms(text="vegan cooking"))
    mark_seen(search=search, now=timezone.now() + timedelta(minutes=1))
    search.refresh_from_db()
    assert get_news([search])[search.pk].count == 0
    late = make_account("late_cook")
    later = search.last_seen_at + timedelta(hours=1)
    cook = catalogue["vegan_cook"]
    SocialAccount.objects.filter(pk=cook.pk).update(created_at=later)
    # Joined as well, but the search does not find them.
    SocialAccount.objects.filter(pk=late.pk).update(created_at=later)
    assert get_news([search])[search.pk].creator_ids == {cook.creator_id}
    mark_seen(search=search, now=later + timedelta(hours=1))
    mark_seen(search=search, now=NOW)
    search.refresh_from_db()
    assert get_news([search])[search.pk].count == 0


def test_a_search_whose_example_is_gone_says_so(
    catalogue: dict[str, SocialAccount], cast: Cast
) -> None:
    cook = catalogue["vegan_cook"].creator
    search = saved(cast, terms=SearchTerms(like=(cook.pk,)))
    SavedSearch.objects.filter(pk=search.pk).update(last_seen_at=NOW - timedelta(days=9_000))
    search.refresh_from_db()
    assert not get_news([search])[search.pk].refusal
    Creator.objects.filter(pk=cook.pk).update(status=Creator.Status.CLOSED)
    assert str(cook.pk) in get_news([search])[search.pk].refusal
