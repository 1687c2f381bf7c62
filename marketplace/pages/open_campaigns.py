"""Open campaigns, as creators find and read them and apply."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError, Forbidden
from accounts.models import Creator
from campaigns.open_calls import (
    CallFilters,
    list_open_briefs,
    open_call_for,
    reader_of_calls,
    shown_budget,
)
from campaigns.review_reading import reputation_of_brand
from campaigns.starting import apply_to_campaign
from campaigns.states import LIVE
from campaigns.terms import BriefTerms
from marketplace.forms.campaigns import ApplicationForm, OpenCallFilterForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.slices import below, next_below

PAGE_SIZE = 20


@page
@require_safe
def open_campaigns(request: HttpRequest) -> HttpResponse:
    """Queries: the briefs, what the reader takes part in among them, and the filters' choices."""
    reader = reader_of_calls(user_of(request))
    form = OpenCallFilterForm(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    found = list_open_briefs(CallFilters(**asked), today=timezone.now().date())
    listed = list(below(found, request, key="campaign_id")[: PAGE_SIZE + 1])
    briefs = listed[:PAGE_SIZE]
    own = (
        reader.collaborations.filter(
            campaign__in=[brief.campaign_id for brief in briefs], state__in=LIVE
        ).values_list("campaign_id", flat=True)
        if reader
        else []
    )
    context = {
        "form": form,
        "calls": [(brief, BriefTerms.of(brief), shown_budget(brief)) for brief in briefs],
        "taking_part": set(own),
        "next": next_below(listed, PAGE_SIZE, key="campaign_id"),
        "is_first": not request.GET.get("below"),
        "is_filtered": bool(asked),
        "has_simulated": any(brief.campaign.is_simulated for brief in briefs),
    }
    return render(request, "creators/open_campaigns.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def open_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The whole brief without the brand's private limits; sending the form applies."""
    user = user_of(request)
    now = timezone.now()
    call = open_call_for(user, campaign_id, today=now.date())
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        creator = Creator.objects.filter(user=user).first()
        if creator is None:
            raise Forbidden("Only creators apply.")
        try:
            apply_to_campaign(
                campaign=call.campaign,
                creator=creator,
                message=form.cleaned_data["message"],
                actor=user,
                now=now,
            )
        except DomainError as error:
            field = (error.details or {}).get("field")
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, "You applied. The brand has fourteen days to answer.")
            return redirect("open_campaign", call.campaign.pk)
    context = {
        "call": call,
        "terms": BriefTerms.of(call.brief),
        "budget": shown_budget(call.brief),
        "reputation": reputation_of_brand(call.campaign.brand),
        "form": form if call.can_apply or form.errors else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "creators/open_campaign.html", context, status=status)
