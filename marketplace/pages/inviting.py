"""A brand invites a creator to one of its open campaigns."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.errors import DomainError, Forbidden
from accounts.models import User
from campaigns.access import campaign_for
from campaigns.models import Campaign
from campaigns.starting import invite_creator
from campaigns.states import CampaignStatus
from marketplace.forms.campaigns import InvitationForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page

CAMPAIGNS_OFFERED = 200


@page
@require_http_methods(["GET", "HEAD", "POST"])
def creator_invite(request: HttpRequest, creator_id: int) -> HttpResponse:
    user = user_of(request)
    creator = access.creator_for(user, creator_id)
    campaigns = _open_campaigns(user)
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        campaigns=campaigns,
        initial={"campaign": request.GET.get("campaign", "")},
    )
    if request.method == "POST" and form.is_valid():
        campaign = campaign_for(user, int(form.cleaned_data["campaign"]), write=True)
        try:
            invite_creator(
                campaign=campaign,
                creator=creator,
                message=form.cleaned_data["message"],
                actor=user,
                now=timezone.now(),
            )
        except DomainError as error:
            field = (error.details or {}).get("field")
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(
                request, f"{creator} is invited to “{campaign}” and has seven days to answer."
            )
            return redirect("campaign", campaign.pk)
    context = {
        "creator": creator,
        "campaigns": campaigns,
        "form": form,
        "back": reverse("creator", args=[creator.pk]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "brand/invite.html", context, status=status)


def _open_campaigns(user: User) -> list[Campaign]:
    """Open campaigns the user may invite to. :raises Forbidden: for people who invite nobody."""
    if not user.memberships.filter(role__in=access.WRITERS).exists():
        raise Forbidden("Owners and managers of brands invite creators.")
    found = Campaign.objects.filter(
        brand__memberships__user=user,
        brand__memberships__role__in=access.WRITERS,
        status=CampaignStatus.OPEN,
    )
    return list(found.select_related("brand")[:CAMPAIGNS_OFFERED])
