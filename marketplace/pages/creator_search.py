"""Searching creators by words, names and examples; creators like one creator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Brand, User
from marketplace.forms.creator_search import CreatorSearchForm, SavedSearchNameForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.showing import ListShown, Surface, show_list
from scoring.discovery.directions import ExampleNotFound
from scoring.discovery.places import CursorUnknown
from scoring.discovery.resembling import similar_creators
from scoring.discovery.searching import SearchPage, search_creators
from scoring.discovery.terms import SearchRejected

PAGE_SIZE = 20


@page
@require_safe
def creator_search(request: HttpRequest) -> HttpResponse:
    """Read from the address. Without a search, the form and what it can be asked."""
    form = CreatorSearchForm(request.GET)
    asks = form.is_valid() and not form.terms.is_empty
    found = None
    if asks:
        try:
            found = search_creators(
                terms=form.terms, top=PAGE_SIZE, cursor=request.GET.get("cursor", "")
            )
        except CursorUnknown:
            return redirect(f"{request.path}?{_without_cursor(request)}")
        except SearchRejected as rejected:
            form.refuse(rejected)
        except ExampleNotFound as missing:
            form.add_error(None, missing.message)
    brands = writable_brands(user_of(request)) if found else []
    context = {
        "form": form,
        "found": found,
        "shown": shown_search(request, found) if found else None,
        "is_first": not request.GET.get("cursor"),
        "has_simulated": has_simulated(found),
        "brands": brands,
        "name_form": SavedSearchNameForm(brands=brands) if brands else None,
        "search_query": _without_cursor(request),
    }
    return render(request, "creators/search.html", context, status=422 if form.errors else 200)


@page
@require_safe
def similar(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Who is like this creator, in pages, with the parts of each likeness."""
    creator = access.creator_for(user_of(request), creator_id)
    try:
        found = similar_creators(
            creator=creator, top=PAGE_SIZE, cursor=request.GET.get("cursor", "")
        )
    except CursorUnknown:
        return redirect("similar_creators", creator.pk)
    ids = [one.account.creator_id for one in found.results]
    first = found.results[0].rank if found.results else 1
    context = {
        "creator": creator,
        "found": found,
        "shown": show_list(request, surface=Surface.SIMILAR, creator_ids=ids, first_position=first),
        "is_first": not request.GET.get("cursor"),
        "has_simulated": any(one.account.creator.is_simulated for one in found.results),
    }
    return render(request, "creators/similar.html", context)


def shown_search(request: HttpRequest, found: SearchPage) -> ListShown:
    """Record what a page of a search showed."""
    return show_list(
        request,
        surface=Surface.SEARCH,
        creator_ids=[one.account.creator_id for one in found.results],
        first_position=found.results[0].rank if found.results else 1,
    )


def has_simulated(found: SearchPage | None) -> bool:
    results = found.results if found else []
    return any(one.account.creator.is_simulated for one in results)


def writable_brands(user: User) -> list[Brand]:
    """Brands the user may keep searches for. One query."""
    memberships = user.memberships.filter(role__in=access.WRITERS).select_related("brand")
    return [membership.brand for membership in memberships.order_by("brand__name", "brand_id")]


def _without_cursor(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    return query.urlencode()


urlpatterns = [
    path("creators/search/", creator_search, name="creator_search"),
    path("creators/<int:creator_id>/similar/", similar, name="similar_creators"),
]
