"""The ideal creators of a campaign: who they are, and naming one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.errors import DomainError
from campaigns.access import campaign_for
from marketplace.forms.ideal_creators import IdealCreatorForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.interactions.ideal import NAMEABLE, list_ideal_creators, name_ideal_creator


@page
@require_http_methods(["GET", "HEAD", "POST"])
def ideal_creators(request: HttpRequest, campaign_id: int) -> HttpResponse:
    user = user_of(request)
    found = campaign_for(user, campaign_id, write=request.method == "POST")
    form = IdealCreatorForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        creator = form.cleaned_data["creator"]
        try:
            name_ideal_creator(campaign=found, creator=creator, actor=user, now=timezone.now())
        except DomainError as error:
            form.add_error("creator", error.message)
        else:
            messages.success(request, f"{creator} is an ideal creator for “{found}”.")
            return redirect("campaign_ideal", found.pk)
    writes = access.membership_for(user, found.brand_id).role in access.WRITERS
    context = {
        "campaign": found,
        "ideals": list_ideal_creators(found),
        "form": form if writes and found.status in NAMEABLE else None,
    }
    status = 422 if form.errors else 200
    return render(request, "brand/ideal_creators.html", context, status=status)


PATTERNS = [
    path(
        "brand/campaigns/<int:campaign_id>/ideal-creators/",
        ideal_creators,
        name="campaign_ideal",
    ),
]
