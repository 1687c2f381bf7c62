"""Creators recommended to a brand, and the first four of them for its start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Brand
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.showing import ListShown, Surface, show_list
from scoring.recommendations.cursors import BadCursor, Cursor
from scoring.recommendations.serving import Recommendations, recommend_creators

PAGE_SIZE = 20
ON_THE_START_PAGE = 4


@page
@require_safe
def recommended(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Any member reads; only of owners and managers is it recorded what they saw."""
    membership = access.membership_for(user_of(request), brand_id)
    cursor = _asked(request)
    found = recommend_creators(
        brand=membership.brand, top=PAGE_SIZE, cursor=cursor, now=timezone.now()
    )
    context = {
        "brand": membership.brand,
        "found": found,
        "is_first": cursor is None,
        "may_write": membership.role in access.WRITERS,
        "several": access.brands_of(user_of(request)).exclude(pk=brand_id)[:20],
        "shown": _show(request, membership.brand, found),
    }
    return render(request, "brand/recommended.html", context)


@page
@require_safe
def recommended_start(request: HttpRequest, brand_id: int) -> HttpResponse:
    """A piece of a page: the home page asks for it once it stands."""
    brand = access.brand_for(user_of(request), brand_id)
    found = recommend_creators(brand=brand, top=ON_THE_START_PAGE, now=timezone.now())
    context = {"brand": brand, "found": found, "shown": _show(request, brand, found)}
    return render(request, "brand/recommended_start.html", context)


def _asked(request: HttpRequest) -> Cursor | None:
    """``?after=``; nonsense is the first page."""
    try:
        return Cursor.read(request.GET.get("after", ""))
    except BadCursor:
        return None


def _show(request: HttpRequest, brand: Brand, found: Recommendations) -> ListShown:
    return show_list(
        request,
        surface=Surface.RECOMMENDED,
        creator_ids=[one.account.creator_id for one in found.results],
        brand=brand,
        propensities=[one.propensity for one in found.results],
        first_position=found.results[0].rank if found.results else 1,
    )


urlpatterns = [
    path("brand/<int:brand_id>/recommended/", recommended, name="recommended"),
    path("brand/<int:brand_id>/recommended/start/", recommended_start, name="recommended_start"),
]
