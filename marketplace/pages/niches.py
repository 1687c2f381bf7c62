"""Niche groups found without labels: all of them, one of them, and finding them anew."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs
from accounts.models import Creator, Job, Platform
from marketplace.forms.niches import FindGroupsForm
from marketplace.pages.jobs import require_moderator
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.niche_groups import NicheGroupFacts, get_group, list_groups, list_typical_members

SMALLEST_SHARE = 0.005


@page
@require_safe
def niches(request: HttpRequest) -> HttpResponse:
    """Three queries beside the log-in's, however many groups there are."""
    return _list_page(request, FindGroupsForm())


@page
@require_safe
def niche(request: HttpRequest, group_id: int) -> HttpResponse:
    group = get_group(group_id)
    members = list_typical_members(group_id)
    context = {
        "group": group,
        "shares": platform_shares(group),
        "members": members,
        "has_simulated": any(member.creator.is_simulated for member in members),
    }
    return render(request, "niches/detail.html", context)


@page
@require_POST
def find_niches(request: HttpRequest) -> HttpResponse:
    """Start the job that groups the catalogue anew: for moderators, who keep it."""
    user = user_of(request)
    require_moderator(user)
    form = FindGroupsForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    k = form.cleaned_data["k"]
    started = jobs.start_job(
        kind=Job.Kind.CLUSTER,
        title=Job.Kind.CLUSTER.label,
        params={} if k is None else {"k": k},
        owner=user,
        now=timezone.now(),
    )
    return redirect("job", started.pk)


def _list_page(request: HttpRequest, form: FindGroupsForm, *, status: int = 200) -> HttpResponse:
    found = list_groups()
    context = {
        "run": found.run,
        "groups": [(group, platform_shares(group)) for group in found.groups],
        "find_form": form,
        "has_simulated": bool(found.groups) and Creator.objects.filter(is_simulated=True).exists(),
    }
    return render(request, "niches/list.html", context, status=status)


def platform_shares(group: NicheGroupFacts) -> list[tuple[Any, float]]:
    """(platform's name, share), the largest first; what rounds to nothing is left out."""
    names: dict[str, Any] = dict(Platform.choices)
    return [
        (names.get(name, name), share)
        for name, share in group.platform_shares.items()
        if share >= SMALLEST_SHARE
    ]


PATTERNS = [
    path("niches/", niches, name="niches"),
    path("niches/find/", find_niches, name="niches_find"),
    path("niches/<int:group_id>/", niche, name="niche"),
]
