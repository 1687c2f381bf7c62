"""Creators a brand does not want to be shown: hiding, showing again, and who they are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.interactions.errors import CreatorNotShown
from scoring.interactions.hiding import hide_creator, list_hidden, unhide_creator


@page
@require_safe
def hidden_creators(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Two queries, whatever the list's length."""
    membership = access.membership_for(user_of(request), brand_id)
    hidden = list_hidden(membership.brand)
    context = {
        "brand": membership.brand,
        "hidden": hidden,
        "may_write": membership.role in access.WRITERS,
        "has_simulated": any(one.creator.is_simulated for one in hidden),
    }
    return render(request, "creators/hidden.html", context)


@page
@require_POST
def hide(request: HttpRequest, brand_id: int, creator_id: int) -> HttpResponse:
    user = user_of(request)
    brand = access.brand_for(user, brand_id, roles=access.WRITERS)
    creator = access.creator_for(user, creator_id)
    hide_creator(
        brand=brand, creator=creator, actor=user, list_id=_list_sent(request), now=timezone.now()
    )
    messages.success(
        request, f"{creator} is left out of the lists and recommendations of {brand} from now on."
    )
    return redirect(_back(request, brand_id))


@page
@require_POST
def unhide(request: HttpRequest, brand_id: int, creator_id: int) -> HttpResponse:
    user = user_of(request)
    brand = access.brand_for(user, brand_id, roles=access.WRITERS)
    creator = access.creator_for(user, creator_id)
    unhide_creator(brand=brand, creator=creator, actor=user, now=timezone.now())
    messages.success(request, f"{creator} can be shown to {brand} again.")
    return redirect(_back(request, brand_id))


def _list_sent(request: HttpRequest) -> UUID | None:
    """The list the button stood in. :raises CreatorNotShown: if what was sent can be none."""
    text = request.POST.get("list", "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise CreatorNotShown from None


def _back(request: HttpRequest, brand_id: int) -> str:
    """The page the button was on, if it is one of ours."""
    asked = request.POST.get("back", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return reverse("hidden_creators", args=[brand_id])


PATTERNS = [
    path("brand/<int:brand_id>/hidden/", hidden_creators, name="hidden_creators"),
    path("brand/<int:brand_id>/hidden/<int:creator_id>/hide/", hide, name="creator_hide"),
    path("brand/<int:brand_id>/hidden/<int:creator_id>/unhide/", unhide, name="creator_unhide"),
]
