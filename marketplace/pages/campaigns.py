"""A brand's campaigns: the list, the whole brief of each, and what can be done with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.errors import DomainError
from accounts.models import User
from campaigns.access import campaign_for, campaigns_of
from campaigns.brief_changes import list_changes
from campaigns.briefs import OPENED, get_latest_brief, revise_brief
from campaigns.campaign_moves import make_brand_move
from campaigns.campaign_standing import get_campaign_standing
from campaigns.copying import copy_campaign, save_template
from campaigns.models import Campaign
from campaigns.opening import list_missing
from campaigns.states import CampaignStatus
from campaigns.submissions import get_last_decision
from campaigns.terms import BriefTerms
from marketplace.forms.campaigns import CampaignFilterForm, ReasonForm, TemplateForm
from marketplace.forms.full_briefs import FullBriefForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.slices import below, next_below

PAGE_SIZE = 30
VERSIONS_SHOWN = 10
EDITABLE = (CampaignStatus.DRAFT, *OPENED)
DONE = {
    "submit": "It is with the moderators now.",
    "take_back": "It is a draft again.",
    "pause": "It is paused.",
    "resume": "It is open again.",
    "close": "It is closed.",
    "archive": "It is archived.",
    "cancel": "It is cancelled.",
}


@page
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = CampaignFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = campaigns_of(user).order_by("-pk")
    if asked.get("status"):
        found = found.filter(status=asked["status"])
    if asked.get("q"):
        found = found.filter(title__icontains=asked["q"])
    rows = below(found, request, key="pk")[: PAGE_SIZE + 1]
    listed = list(rows)
    context = {
        "form": form,
        "campaigns": listed[:PAGE_SIZE],
        "next": next_below(listed, PAGE_SIZE, key="pk"),
        "is_first": not request.GET.get("below"),
        "is_filtered": bool(asked.get("status") or asked.get("q")),
        "several": access.brands_of(user).count() > 1,
        "may_write": user.memberships.filter(role__in=access.WRITERS).exists(),
        "has_simulated": any(one.is_simulated for one in listed),
    }
    return render(request, "brand/campaigns.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_settings(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The whole brief to be read and changed, its versions, and the campaign's state."""
    user = user_of(request)
    found = campaign_for(user, campaign_id, write=request.method == "POST")
    terms = BriefTerms.of(get_latest_brief(found))
    form = FullBriefForm(
        request.POST if request.method == "POST" else None, terms=terms, title=found.title
    )
    if request.method == "POST" and form.is_valid() and _revised(request, found, form):
        return redirect("campaign_settings", found.pk)
    status = 422 if request.method == "POST" else 200
    return _settings_page(request, user, found, form=form, status=status)


@page
@require_POST
def campaign_move(request: HttpRequest, campaign_id: int, name: str) -> HttpResponse:
    user = user_of(request)
    found = campaign_for(user, campaign_id, write=True)
    try:
        make_brand_move(
            campaign=found,
            name=name,
            actor=user,
            now=timezone.now(),
            reason=request.POST.get("reason", "").replace("\x00", ""),
        )
    except DomainError as error:
        if error.http_status in (403, 404):
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, DONE[name])
    return redirect("campaign_settings", found.pk)


@page
@require_POST
def campaign_copy(request: HttpRequest, campaign_id: int) -> HttpResponse:
    user = user_of(request)
    found = campaign_for(user, campaign_id, write=True)
    copy = copy_campaign(campaign=found, actor=user, now=timezone.now())
    messages.success(request, "This is the copy: a draft with the same brief.")
    return redirect("campaign_settings", copy.pk)


@page
@require_POST
def campaign_template(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Keep the campaign's latest brief as a template of its brand."""
    user = user_of(request)
    found = campaign_for(user, campaign_id, write=True)
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            save_template(
                brand=found.brand,
                name=form.cleaned_data["name"],
                terms=BriefTerms.of(get_latest_brief(found)),
                actor=user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error("name" if (error.details or {}).get("field") else None, error.message)
        else:
            messages.success(request, "It is kept as a template.")
            return redirect("brief_templates")
    return _settings_page(request, user, found, template_form=form, status=422)


def _revised(request: HttpRequest, found: Campaign, form: FullBriefForm) -> bool:
    """Hand the form to its service; a refusal is told on the form that is shown again."""
    try:
        revise_brief(
            campaign=found,
            terms=form.terms,
            title=form.cleaned_data["title"],
            actor=user_of(request),
            now=timezone.now(),
        )
    except DomainError as error:
        field = (error.details or {}).get("field")
        if field not in form.fields:
            raise
        form.add_error(field, error.message)
        return False
    before, found_status = found.status, Campaign.objects.get(pk=found.pk).status
    if found_status != before:
        messages.warning(
            request,
            "It is saved. Creators work by what you changed, so a moderator reads it again "
            "before anybody new is invited or applies.",
        )
    else:
        messages.success(request, "It is saved.")
    return True


def _settings_page(
    request: HttpRequest,
    user: User,
    found: Campaign,
    *,
    form: FullBriefForm | None = None,
    template_form: TemplateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = list(found.briefs.select_related("created_by")[: VERSIONS_SHOWN + 1])
    terms = [BriefTerms.of(version) for version in versions]
    may_write = access.membership_for(user, found.brand_id).role in access.WRITERS
    editable = may_write and found.status in EDITABLE
    shown: dict[str, Any] = {
        "campaign": found,
        "brief": versions[0],
        "terms": terms[0],
        "standing": get_campaign_standing(found),
        "missing": list_missing(terms[0], today=timezone.now().date()),
        "decision": get_last_decision(found),
        "may_write": may_write,
        "form": (form or FullBriefForm(terms=terms[0], title=found.title)) if editable else None,
        "template_form": template_form or TemplateForm(initial={"name": found.title}),
        "reason_form": ReasonForm(),
        "is_open": found.status in OPENED,
        "versions": [
            (version, list_changes(before, after, private=True))
            for version, after, before in zip(versions, terms, terms[1:], strict=False)
        ],
    }
    return render(request, "brand/campaign_settings.html", shown, status=status)
