"""Everything a brand's team or a creator has running, and what of it waits for them."""

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import User
from campaigns.collaboration_list import (
    Filters,
    Sides,
    count_collaborations,
    counted,
    list_collaborations,
    sides_of,
)
from campaigns.models import Campaign
from campaigns.states import Stage
from marketplace.forms.collaborations import CollaborationFilterForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


class Tab(NamedTuple):
    href: str
    label: str
    waiting: str
    current: bool


@page
@require_safe
def collaborations(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    filters = CollaborationFilterForm(request.GET).filters
    sides = sides_of(user)
    cursor = request.GET.get("cursor", "")
    listed = list_collaborations(user, filters, now=now, cursor=cursor, sides=sides)
    needing = replace(filters, needs_me=True, overdue=False, stage=None)
    waiting = count_collaborations(user, needing, now=now, sides=sides)
    context = {
        "listed": listed,
        "tabs": _tabs(filters, counted(waiting) if waiting else ""),
        "filters": filters,
        "is_filtered": filters != Filters(),
        "is_first": not cursor,
        "campaign": _campaign(user, sides, filters),
        "brands": list(access.brands_of(user)) if len(sides.brand_ids) > 1 else [],
        "is_creator": sides.creator_id is not None,
        "is_brand": bool(sides.brand_ids),
        "has_simulated": any(row.collaboration.campaign.is_simulated for row in listed.rows),
    }
    return render(request, "collaborations/list.html", context)


def _tabs(filters: Filters, waiting: str) -> list[Tab]:
    """The views of the list; the campaign and the brand asked for are kept."""
    kept = {"campaign": filters.campaign_id, "brand": filters.brand_id}
    base = {name: str(value) for name, value in kept.items() if value is not None}
    plain = not (filters.needs_me or filters.overdue or filters.stage)
    views = [
        ("All", {}, "", plain),
        ("Needs you", {"needs_me": "1"}, waiting, filters.needs_me),
        *(
            (str(stage.label), {"stage": stage.value}, "", filters.stage is stage)
            for stage in Stage
        ),
        ("Overdue", {"overdue": "1"}, "", filters.overdue),
    ]
    return [
        Tab(f"?{urlencode({**base, **query})}", label, count, current)
        for label, query, count, current in views
    ]


def _campaign(user: User, sides: Sides, filters: Filters) -> Campaign | None:
    """The campaign the list is narrowed to, if the reader knows of it."""
    if filters.campaign_id is None:
        return None
    found = Campaign.objects.filter(pk=filters.campaign_id)
    own = found.filter(brand__in=sides.brand_ids).first()
    if own is not None or sides.creator_id is None:
        return own
    return found.filter(collaborations__creator=sides.creator_id).first()
