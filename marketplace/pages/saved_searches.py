"""Saved searches of a brand: the list with what is new, opening, renaming, deleting."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.errors import DomainError, Forbidden
from accounts.models import Brand, User
from marketplace.forms.creator_search import CreatorSearchForm, SavedSearchNameForm, query_of
from marketplace.pages.creator_search import (
    PAGE_SIZE,
    has_simulated,
    shown_search,
    writable_brands,
)
from marketplace.pages.people import user_of
from marketplace.pages.ranking import page_number
from marketplace.pages.refusals import page
from marketplace.pages.showing import is_looked_at
from scoring.discovery.places import CursorUnknown
from scoring.discovery.saving import (
    SearchNameMissing,
    SearchNameTaken,
    delete_search,
    get_news,
    list_searches,
    mark_seen,
    rename_search,
    save_search,
    search_for,
    terms_of,
)
from scoring.discovery.searching import search_creators

# Each may ask a search of its own for what is new.
SEARCHES_PER_PAGE = 20


@page
@require_http_methods(["GET", "HEAD", "POST"])
def saved_searches(request: HttpRequest) -> HttpResponse:
    """The list; a POST keeps the search that the address holds under the name sent."""
    if request.method == "POST":
        return _save(request)
    user = user_of(request)
    listed = Paginator(list_searches(user), SEARCHES_PER_PAGE).get_page(page_number(request))
    rows = list(listed.object_list)
    news = get_news(rows)
    context = {
        "listed": listed,
        "rows": [(search, terms_of(search), news[search.pk]) for search in rows],
        "writable": {brand.pk for brand in writable_brands(user)},
        "several": access.brands_of(user).count() > 1,
    }
    return render(request, "creators/saved_searches.html", context)


@page
@require_safe
def saved_search(request: HttpRequest, search_id: int) -> HttpResponse:
    """What the search finds now, the new marked; to have looked is to have seen them."""
    user = user_of(request)
    search = search_for(user, search_id)
    terms, now = terms_of(search), timezone.now()
    cursor = request.GET.get("cursor", "")
    found, refusal = None, ""
    try:
        found = search_creators(terms=terms, top=PAGE_SIZE, cursor=cursor)
    except CursorUnknown:
        return redirect("saved_search", search.pk)
    except DomainError as error:
        refusal = error.message
    news = get_news([search])[search.pk]
    may_write = search.brand_id in {brand.pk for brand in writable_brands(user)}
    context = {
        "search": search,
        "terms": terms,
        "search_query": query_of(terms),
        "found": found,
        "shown": shown_search(request, found) if found else None,
        "news": news,
        "refusal": refusal,
        "is_first": not cursor,
        "has_simulated": has_simulated(found),
        "may_write": may_write,
        "name_form": SavedSearchNameForm(initial={"name": search.name}),
    }
    answer = render(request, "creators/saved_search.html", context)
    if found and not cursor and is_looked_at(request):
        mark_seen(search=search, now=now)
    return answer


@page
@require_POST
def saved_search_rename(request: HttpRequest, search_id: int) -> HttpResponse:
    user = user_of(request)
    search = search_for(user, search_id, write=True)
    try:
        rename_search(search=search, name=request.POST.get("name", ""), actor=user)
    except (SearchNameMissing, SearchNameTaken) as refusal:
        form = SavedSearchNameForm(request.POST)
        form.full_clean()
        form.add_error("name", refusal.message)
        context = {"form": form, "search": search}
        return render(request, "creators/saved_search_name.html", context, status=422)
    messages.success(request, "The search has its new name.")
    return redirect("saved_search", search.pk)


@page
@require_POST
def saved_search_delete(request: HttpRequest, search_id: int) -> HttpResponse:
    user = user_of(request)
    delete_search(search=search_for(user, search_id, write=True), actor=user)
    messages.success(request, "The search is deleted.")
    return redirect("saved_searches")


def _save(request: HttpRequest) -> HttpResponse:
    """The search is the address's, so that nothing of it is typed again."""
    user = user_of(request)
    brands = writable_brands(user)
    if not brands:
        raise Forbidden("You are no owner or manager of any brand, so you cannot save searches.")
    brand = _brand_named(user, brands, request.POST.get("brand", ""))
    asked = CreatorSearchForm(QueryDict(request.META.get("QUERY_STRING", "")))
    form = SavedSearchNameForm(request.POST, brands=brands)
    form.full_clean()
    if asked.is_valid():
        try:
            search = save_search(
                brand=brand,
                name=request.POST.get("name", ""),
                terms=asked.terms,
                actor=user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            field = "name" if refusal.code.startswith("search_name") else None
            form.add_error(field, refusal.message)
        else:
            messages.success(request, f"Saved for {brand}. New creators are counted from now on.")
            return redirect("saved_search", search.pk)
    else:
        form.add_error(None, "The search itself cannot be used; correct it first.")
    context = {"form": form, "search_query": request.META.get("QUERY_STRING", "")}
    return render(request, "creators/saved_search_name.html", context, status=422)


def _brand_named(user: User, brands: list[Brand], text: str) -> Brand:
    """The brand chosen, or the only one. :raises NotFound, Forbidden: as `access.brand_for`."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return access.brand_for(user, int(text), roles=access.WRITERS)
    return brands[0]


_ONE = "creators/saved-searches/<int:search_id>/"
urlpatterns = [
    path("creators/saved-searches/", saved_searches, name="saved_searches"),
    path(_ONE, saved_search, name="saved_search"),
    path(f"{_ONE}rename/", saved_search_rename, name="saved_search_rename"),
    path(f"{_ONE}delete/", saved_search_delete, name="saved_search_delete"),
]
