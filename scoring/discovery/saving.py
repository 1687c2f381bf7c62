"""Searches a brand keeps: saving, renaming, deleting, and what is new since the last look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from accounts import access, audit
from accounts.errors import Conflict, DomainError, NotFound
from accounts.models import Brand, SocialAccount, User
from scoring.discovery.searching import search_creators
from scoring.discovery.terms import SearchTerms
from scoring.models import SavedSearch

MAX_SEARCHES = 100
MAX_NAME = 80
# New creators are looked for among so many first results.
NEW_AMONG = 100


class SearchNameMissing(DomainError):
    code = "search_name_missing"

    def __init__(self) -> None:
        super().__init__(
            f"Give the search a name of 1 to {MAX_NAME} characters.", details={"field": "name"}
        )


class SearchNameTaken(Conflict):
    code = "search_name_taken"

    def __init__(self) -> None:
        super().__init__(
            "The brand has a saved search of this name. Choose another, or delete that one first.",
            details={"field": "name"},
        )


class NothingToSave(DomainError):
    code = "nothing_to_save"

    def __init__(self) -> None:
        super().__init__(
            "This search asks nothing yet. Search for words or set a filter, then save it.",
            details={"field": "terms"},
        )


class TooManySearches(Conflict):
    code = "too_many_saved_searches"
    message = f"A brand keeps at most {MAX_SEARCHES} searches. Delete one first."


@dataclass(frozen=True)
class News:
    """Creators among the first `NEW_AMONG` of a search who joined after the last look.

    ``refusal`` says why the search cannot be asked any more, such as an example that is gone.
    """

    creator_ids: frozenset[int] = frozenset()
    refusal: str = ""

    @property
    def count(self) -> int:
        return len(self.creator_ids)


@transaction.atomic
def save_search(
    *, brand: Brand, name: str, terms: SearchTerms, actor: User, now: datetime
) -> SavedSearch:
    """Keep a search under a name; what it finds at this moment counts as seen.

    :raises SearchNameMissing, SearchNameTaken, TooManySearches, NothingToSave: as named.
    :raises SearchRejected: if the terms cannot be searched by.
    """
    terms.checked()
    if terms.is_empty:
        raise NothingToSave
    name = _checked(name)
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    if SavedSearch.objects.filter(brand=brand).count() >= MAX_SEARCHES:
        raise TooManySearches
    try:
        with transaction.atomic():
            search = SavedSearch.objects.create(
                brand=brand,
                name=name,
                terms=terms.to_json(),
                created_by=actor,
                created_at=now,
                last_seen_at=now,
            )
    except IntegrityError as error:
        raise SearchNameTaken from error
    audit.record(actor=actor, verb="search.saved", subject=search, data=search.terms)
    return search


@transaction.atomic
def rename_search(*, search: SavedSearch, name: str, actor: User) -> SavedSearch:
    """:raises SearchNameMissing, SearchNameTaken: as named. An unchanged name does nothing."""
    name, before = _checked(name), search.name
    if name == before:
        return search
    try:
        with transaction.atomic():
            SavedSearch.objects.filter(pk=search.pk).update(name=name)
    except IntegrityError as error:
        raise SearchNameTaken from error
    search.name = name
    audit.record(
        actor=actor, verb="search.renamed", subject=search, data={"from": before, "to": name}
    )
    return search


@transaction.atomic
def delete_search(*, search: SavedSearch, actor: User) -> None:
    audit.record(actor=actor, verb="search.deleted", subject=search, data=search.terms)
    search.delete()


def mark_seen(*, search: SavedSearch, now: datetime) -> None:
    """Somebody of the brand has looked; never back in time."""
    SavedSearch.objects.filter(pk=search.pk, last_seen_at__lt=now).update(last_seen_at=now)


def terms_of(search: SavedSearch) -> SearchTerms:
    return SearchTerms.from_json(search.terms)


def get_news(searches: Sequence[SavedSearch]) -> dict[int, News]:
    """Search id → who is new since its last look, asked of each search itself.

    One query, and a search for each that somebody has joined the catalogue after.
    """
    newest = SocialAccount.objects.aggregate(newest=Max("created_at"))["newest"]
    return {
        search.pk: _news(search) if newest and newest > search.last_seen_at else News()
        for search in searches
    }


def _news(search: SavedSearch) -> News:
    try:
        page = search_creators(terms=terms_of(search), top=NEW_AMONG)
    except DomainError as refusal:
        return News(refusal=refusal.message)
    joined = {
        found.account.creator_id
        for found in page.results
        if found.account.created_at > search.last_seen_at
    }
    return News(frozenset(joined))


def list_searches(user: User) -> QuerySet[SavedSearch]:
    """Saved searches of every brand the user belongs to, by name."""
    found = SavedSearch.objects.filter(brand__memberships__user=user)
    return found.select_related("brand", "created_by").order_by("name", "pk")


def search_for(user: User, search_id: int, *, write: bool = False) -> SavedSearch:
    """:raises NotFound: if it is no brand's of the user's.
    :raises Forbidden: if ``write`` is asked and the role only reads.
    """
    search = list_searches(user).filter(pk=search_id).first()
    if search is None:
        raise NotFound("There is no such saved search, or it belongs to another brand.")
    if write:
        access.membership_for(user, search.brand_id, roles=access.WRITERS)
    return search


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME or "\x00" in name:
        raise SearchNameMissing
    return name
