"""Up to five creators side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Platform, User
from campaigns.access import campaign_for
from campaigns.models import Campaign
from marketplace.comparisons import (
    TooManyCompared,
    compare_creators,
    creators_named,
)
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page

CAMPAIGNS_OFFERED = 50


@page
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """``?id=1&id=2``; ``campaign`` adds each one's match, ``platform`` says which accounts."""
    user = user_of(request)
    context: dict[str, object] = {"platforms": Platform.choices}
    try:
        creators = creators_named(user, request.GET.getlist("id"))
    except TooManyCompared as refusal:
        return render(request, "creators/compare.html", {"refusal": refusal}, status=422)
    campaign = _asked_campaign(request, user)
    platform = request.GET.get("platform", "")
    comparison = compare_creators(
        creators,
        asker=user,
        now=timezone.now(),
        campaign=campaign,
        platform=platform if platform in Platform.values else "",
    )
    context |= {
        "comparison": comparison,
        "campaign": campaign,
        "campaigns": Campaign.objects.filter(brand__memberships__user=user).select_related("brand")[
            :CAMPAIGNS_OFFERED
        ],
    }
    return render(request, "creators/compare.html", context)


def _asked_campaign(request: HttpRequest, user: User) -> Campaign | None:
    """:raises NotFound: if it is not theirs."""
    text = request.GET.get("campaign", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return campaign_for(user, int(text))
