"""A brand's shortlists: all of them, one as its team reads it, and the same as a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.errors import DomainError, Forbidden
from accounts.models import Brand
from campaigns.access import REVIEWERS
from campaigns.models import Campaign, Shortlist
from campaigns.shortlists import (
    brands_kept_by,
    create_shortlist,
    shortlist_for,
    shortlists_of,
    with_sizes,
)
from campaigns.states import CampaignStatus
from marketplace.forms.shortlists import NewShortlistForm, NoteForm, ShortlistForm
from marketplace.pages.people import user_of
from marketplace.pages.ranking import page_number
from marketplace.pages.refusals import page
from marketplace.pages.showing import Surface, show_list
from marketplace.pages.slices import below, next_below
from marketplace.shortlist_csv import shortlist_csv
from marketplace.shortlist_rows import list_rows, orders_of, read_order

CAMPAIGNS_OFFERED = 200
PAGE_SIZE = 50
OVER = (CampaignStatus.ARCHIVED, CampaignStatus.CANCELLED)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def shortlists(request: HttpRequest) -> HttpResponse:
    """Every list of the user's brands; owners and managers begin new ones here."""
    user = user_of(request)
    brands = list(brands_kept_by(user))
    if request.method != "POST":
        return _lists_page(request, brands)
    if not brands:
        raise Forbidden("Owners and managers of brands keep shortlists.")
    form = _new_form(brands, request.POST)
    if form.is_valid():
        try:
            made = create_shortlist(
                brand=form.chosen_brand,
                name=form.cleaned_data["name"],
                campaign=form.chosen_campaign,
                actor=user,
                now=timezone.now(),
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            return redirect("shortlist", made.pk)
    return _lists_page(request, brands, form=form, status=422)


@page
@require_safe
def shortlist(request: HttpRequest, shortlist_id: int) -> HttpResponse:
    return shortlist_page(request, shortlist_for(user_of(request), shortlist_id))


@page
@require_safe
def shortlist_file(request: HttpRequest, shortlist_id: int) -> HttpResponse:
    user = user_of(request)
    found = shortlist_for(user, shortlist_id)
    order = read_order(request.GET.get("sort", ""), found)
    listed = list_rows(found, asker=user, now=timezone.now(), order=order)
    # The mark at the start tells a spreadsheet that the file is UTF-8.
    response = HttpResponse(
        "\ufeff" + shortlist_csv(listed.rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="shortlist-{found.pk}.csv"'
    return response


def shortlist_page(
    request: HttpRequest,
    found: Shortlist,
    *,
    settings_form: ShortlistForm | None = None,
    note_form: NoteForm | None = None,
    note_entry: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """One list. Twenty-five creators a page, whose number changes no count of queries.

    :param note_form: the note about ``note_entry`` that could not be kept.
    """
    user = user_of(request)
    role = access.membership_for(user, found.brand_id).role
    asked = request.POST if request.method == "POST" else request.GET
    order = read_order(asked.get("sort", ""), found)
    listed = list_rows(
        found, asker=user, now=timezone.now(), order=order, page=page_number(request)
    )
    may_keep = role in access.WRITERS
    may_talk = role in REVIEWERS and not found.is_archived
    context: dict[str, Any] = {
        "shortlist": found,
        "listed": listed,
        "orders": orders_of(found),
        "may_keep": may_keep,
        "may_change": may_keep and not found.is_archived,
        "may_talk": may_talk,
        "may_invite": may_keep and _takes_invitations(found),
        "note_form": note_form,
        "note_entry": note_entry,
        "empty_note": NoteForm(),
        "has_simulated": any(row.entry.creator.is_simulated for row in listed.rows),
        "shown": show_list(
            request,
            surface=Surface.SHORTLIST,
            creator_ids=[row.entry.creator_id for row in listed.rows if row.candidate],
            brand=found.brand,
            campaign=found.campaign,
            first_position=listed.first,
        ),
    }
    if context["may_change"]:
        context["settings_form"] = settings_form or ShortlistForm(
            campaigns=campaigns_offered([found.brand], present=found.campaign_id),
            initial={"name": found.name, "campaign": str(found.campaign_id or "")},
        )
    return render(request, "shortlists/detail.html", context, status=status)


def campaigns_offered(brands: list[Brand], *, present: int | None = None) -> QuerySet[Campaign]:
    """What a list can be for: the brands' campaigns that are not at an end, and the present one."""
    found = Campaign.objects.filter(brand__in=brands)
    found = found.filter(~Q(status__in=OVER) | Q(pk=present))
    return found.select_related("brand")[:CAMPAIGNS_OFFERED]


def add_refusal(form: ShortlistForm, error: DomainError) -> None:
    """Beside the field it names, else above the form."""
    field = (error.details or {}).get("field")
    field = "campaign" if field == "campaign_id" else field
    form.add_error(field if field in form.fields else None, error.message)


def _lists_page(
    request: HttpRequest,
    brands: list[Brand],
    *,
    form: NewShortlistForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    asked_archived = "archived" in request.GET
    lists = with_sizes(shortlists_of(user)).filter(archived_at__isnull=not asked_archived)
    rows = list(below(lists.order_by("-pk"), request, key="pk")[: PAGE_SIZE + 1])
    context = {
        "lists": rows[:PAGE_SIZE],
        "next_below": next_below(rows, PAGE_SIZE, key="pk"),
        "archived": asked_archived,
        "several": access.brands_of(user).count() > 1,
        "form": (form or _new_form(brands)) if brands else None,
    }
    return render(request, "shortlists/list.html", context, status=status)


def _new_form(brands: list[Brand], data: Any = None) -> NewShortlistForm:
    return NewShortlistForm(data, brands=brands, campaigns=campaigns_offered(brands))


def _takes_invitations(found: Shortlist) -> bool:
    return found.campaign is None or found.campaign.status == CampaignStatus.OPEN
