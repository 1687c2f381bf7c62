"""The first page: for strangers what this is, for everybody else what awaits them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import access
from accounts.case_states import UNDER_REVIEW
from accounts.models import Creator, ModerationCase, User
from campaigns.access import campaigns_of
from marketplace.pages.people import user_of
from scoring.moderation.selectors import count_waiting
from scoring.selectors import get_catalogue_state

CAMPAIGNS_SHOWN = 50
JOBS_SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    user = user_of(request)
    brands = list(access.brands_of(user))
    own_profile = Creator.objects.filter(user=user).values_list("pk", flat=True).first()
    if own_profile and not brands and not user.is_staff:
        return redirect("creator", own_profile)
    return render(request, "home/dashboard.html", {**_dashboard(user), "brands": brands})


def _dashboard(user: User) -> dict[str, Any]:
    """Queries: campaigns, roles, jobs, two for the catalogue, and two for who moderates."""
    campaigns = list(campaigns_of(user)[: CAMPAIGNS_SHOWN + 1])
    roles = list(user.memberships.values_list("role", flat=True))
    return {
        "campaigns": campaigns[:CAMPAIGNS_SHOWN],
        "has_more_campaigns": len(campaigns) > CAMPAIGNS_SHOWN,
        "has_simulated": any(campaign.is_simulated for campaign in campaigns),
        "may_write": any(role in access.WRITERS for role in roles),
        "jobs": access.jobs_visible_to(user).select_related("owner")[:JOBS_SHOWN],
        "state": get_catalogue_state(),
        "waiting": count_waiting() if user.is_staff else None,
        "own_cases": ModerationCase.objects.filter(creator__user=user, state__in=UNDER_REVIEW),
    }
