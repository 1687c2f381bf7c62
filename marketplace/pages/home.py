"""The first page: for strangers what this is, for everybody else what awaits them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.case_states import UNDER_REVIEW
from accounts.models import Creator, ModerationCase, User
from campaigns.access import campaigns_of
from campaigns.balances import list_earnings
from campaigns.collaboration_list import (
    Filters,
    Sides,
    count_collaborations,
    counted,
    list_collaborations,
    sides_of,
)
from campaigns.dispute_states import DisputeState
from campaigns.models import BooksCheck, Dispute, MessageReport, Payment
from campaigns.payment_states import PaymentState
from campaigns.submissions import list_held_submissions
from marketplace.pages.people import user_of
from scoring.alerting.reading import count_unseen
from scoring.moderation.selectors import count_waiting
from scoring.selectors import get_catalogue_state

CAMPAIGNS_SHOWN = 50
JOBS_SHOWN = 5
NEEDING_SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    user = user_of(request)
    brands = list(access.brands_of(user))
    sides = sides_of(user)
    context = {
        **_waiting(user, sides),
        "brands": brands,
        "several_brands": len(brands) > 1,
        "own_cases": _own_cases(user),
    }
    if sides.creator_id and not brands and not user.is_staff:
        own = Creator.objects.get(pk=sides.creator_id)
        context |= {"creator": own, "earnings": list_earnings(own)}
        return render(request, "home/creator.html", context)
    return render(request, "home/dashboard.html", {**context, **_dashboard(user)})


def _waiting(user: User, sides: Sides) -> dict[str, Any]:
    """What needs the user on any side they sit on. At most five queries; none without a side."""
    if not sides:
        return {"needing": [], "needing_count": ""}
    now, needs_me = timezone.now(), Filters(needs_me=True)
    listed = list_collaborations(user, needs_me, now=now, size=NEEDING_SHOWN, sides=sides)
    total = count_collaborations(user, needs_me, now=now, sides=sides)
    return {"needing": listed.rows, "needing_count": counted(total)}


def _own_cases(user: User) -> QuerySet[ModerationCase]:
    return ModerationCase.objects.filter(creator__user=user, state__in=UNDER_REVIEW)


def _dashboard(user: User) -> dict[str, Any]:
    """Queries: campaigns, roles, jobs, alerts, two for the catalogue, and two for who moderates."""
    campaigns = list(campaigns_of(user)[: CAMPAIGNS_SHOWN + 1])
    roles = list(user.memberships.values_list("role", flat=True))
    return {
        "campaigns": campaigns[:CAMPAIGNS_SHOWN],
        "has_more_campaigns": len(campaigns) > CAMPAIGNS_SHOWN,
        "has_simulated": any(campaign.is_simulated for campaign in campaigns),
        "may_write": any(role in access.WRITERS for role in roles),
        "jobs": access.jobs_visible_to(user).select_related("owner")[:JOBS_SHOWN],
        "state": get_catalogue_state(),
        "unseen_alerts": count_unseen(user),
        "waiting": count_waiting() if user.is_staff else None,
        "held_campaigns": list_held_submissions().count() if user.is_staff else None,
        **(_desk() if user.is_staff else {}),
    }


def _desk() -> dict[str, Any]:
    """What of disputes, messages and money waits for the moderators. Five queries."""
    disputes = Dispute.objects.filter(ended_at=None)
    return {
        "disputes_open": disputes.filter(state=DisputeState.OPEN).count(),
        "disputes_proposed": disputes.filter(state=DisputeState.PROPOSED).count(),
        "reported_messages": MessageReport.objects.filter(state=MessageReport.State.OPEN).count(),
        "held_payments": Payment.objects.filter(state=PaymentState.IN_REVIEW).count(),
        "books": BooksCheck.objects.order_by("-at").first(),
    }
