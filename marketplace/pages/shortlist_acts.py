"""What a team does with a shortlist: change it, add and remove, vote, note, put it away."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import access
from accounts.errors import DomainError, Forbidden
from campaigns.access import REVIEWERS
from campaigns.models import Shortlist, ShortlistEntry
from campaigns.shortlist_entries import add_creator, entry_for, remove_creator
from campaigns.shortlist_notes import delete_note, note_for, write_note
from campaigns.shortlist_votes import Value, cast_vote
from campaigns.shortlists import (
    archive_shortlist,
    brands_kept_by,
    change_shortlist,
    create_shortlist,
    open_shortlists_kept_by,
    restore_shortlist,
    shortlist_for,
)
from marketplace.forms.shortlists import AddForm, NoteForm, ShortlistForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.shortlists import add_refusal, campaigns_offered, shortlist_page

VOTES = {"1": Value.FOR, "-1": Value.AGAINST, "0": None}


@page
@require_POST
def shortlist_add(request: HttpRequest) -> HttpResponse:
    """Put a creator on a list, which may be a new one, and go back to where the form was."""
    user, now = user_of(request), timezone.now()
    brands = list(brands_kept_by(user))
    if not brands:
        raise Forbidden("Owners and managers of brands keep shortlists.")
    form = AddForm(request.POST, lists=open_shortlists_kept_by(user), brands=brands)
    if not form.is_valid():
        for field, problems in form.errors.items():
            word = "" if field == "name" else f"{field.capitalize()}: "
            messages.error(request, f"{word}{problems[0]}")
        return redirect(_back(request, form.data.get("next", "")))
    creator = access.creator_for(user, form.cleaned_data["creator"])
    with transaction.atomic():  # no new list without whom it was begun for
        found = form.chosen_list or create_shortlist(
            brand=form.chosen_brand, name=form.cleaned_data["name"], actor=user, now=now
        )
        _, is_new = add_creator(shortlist=found, creator=creator, actor=user, now=now)
    if is_new:
        messages.success(request, f"{creator} is on “{found}” now.")
    else:
        messages.info(request, f"{creator} was on “{found}” already.")
    return redirect(_back(request, form.cleaned_data["next"]))


@page
@require_POST
def shortlist_change(request: HttpRequest, shortlist_id: int) -> HttpResponse:
    user = user_of(request)
    found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
    form = ShortlistForm(
        request.POST,
        campaigns=campaigns_offered([found.brand], present=found.campaign_id),
    )
    if form.is_valid():
        try:
            change_shortlist(
                shortlist=found,
                name=form.cleaned_data["name"],
                campaign=form.chosen_campaign,
                actor=user,
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, "The list is changed.")
            return redirect("shortlist", found.pk)
    return shortlist_page(request, found, settings_form=form, status=422)


@page
@require_POST
def shortlist_archive(request: HttpRequest, shortlist_id: int) -> HttpResponse:
    user = user_of(request)
    found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
    archive_shortlist(shortlist=found, actor=user, now=timezone.now())
    messages.success(request, f"“{found}” is archived: it can be read and no longer changed.")
    return redirect("shortlist", found.pk)


@page
@require_POST
def shortlist_restore(request: HttpRequest, shortlist_id: int) -> HttpResponse:
    user = user_of(request)
    found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
    restore_shortlist(shortlist=found, actor=user)
    messages.success(request, f"“{found}” is back.")
    return redirect("shortlist", found.pk)


@page
@require_POST
def shortlist_remove(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = user_of(request)
    entry = entry_for(user, entry_id, roles=access.WRITERS)
    remove_creator(entry=entry, actor=user, now=timezone.now())
    messages.success(request, f"{entry.creator} is off the list; the notes are kept.")
    return redirect(_place(request, entry.shortlist))


@page
@require_POST
def shortlist_vote(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = user_of(request)
    entry = entry_for(user, entry_id, roles=REVIEWERS)
    value = request.POST.get("value", "")
    if value not in VOTES:
        messages.error(request, "A vote is for or against; nothing was changed.")
    else:
        cast_vote(entry=entry, value=VOTES[value], actor=user, now=timezone.now())
    return redirect(_place(request, entry.shortlist, entry))


@page
@require_POST
def shortlist_note(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = user_of(request)
    entry = entry_for(user, entry_id, roles=REVIEWERS)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            write_note(entry=entry, text=form.cleaned_data["text"], actor=user, now=timezone.now())
        except DomainError as error:
            form.add_error("text", error.message)
        else:
            return redirect(_place(request, entry.shortlist, entry))
    return shortlist_page(request, entry.shortlist, note_form=form, note_entry=entry.pk, status=422)


@page
@require_POST
def shortlist_note_delete(request: HttpRequest, note_id: int) -> HttpResponse:
    user = user_of(request)
    note = note_for(user, note_id)
    delete_note(note=note, actor=user, now=timezone.now())
    messages.success(request, "Your note is deleted.")
    return redirect(_place(request, note.entry.shortlist, note.entry))


def _place(request: HttpRequest, shortlist: Shortlist, entry: ShortlistEntry | None = None) -> str:
    """The list as it was read, at the entry."""
    asked = {name: request.POST.get(name, "")[:10] for name in ("sort", "page")}
    given = {name: value for name, value in asked.items() if value.isalnum()}
    anchor = f"#entry-{entry.pk}" if entry else ""
    query = f"?{urlencode(given)}" if given else ""
    return f"{reverse('shortlist', args=[shortlist.pk])}{query}{anchor}"


def _back(request: HttpRequest, address: str) -> str:
    """A page of ours; the lists when the form names none."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else reverse("shortlists")
