"""The ranking of market values, and how they come about."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs
from accounts.models import Job
from marketplace.forms.valuing import RankingForm
from marketplace.pages.jobs import require_moderator
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.valuing.errors import BadRanking
from scoring.valuing.listing import RankingFilters, list_ranking, ordered_leagues
from scoring.valuing.reading import newest_run


@page
@require_safe
def rankings(request: HttpRequest) -> HttpResponse:
    """One league, filtered. Seven queries beside the log-in's, however long the page."""
    run = newest_run()
    form = RankingForm(request.GET, leagues=ordered_leagues(run) if run else {})
    status, cursor = 200, request.GET.get("cursor", "")
    found = None
    if form.is_valid():
        try:
            found = list_ranking(form.filters, cursor=cursor)
        except BadRanking as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    if found is None:
        status = 422
        found = list_ranking(RankingFilters(league=_league(form)))
    filters = {name: value for name, value in _given(request, form).items() if value}
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "is_later_page": bool(cursor) and status == 200,
        "has_filters": bool(filters.keys() - {"league"}),
        "here": urlencode(filters),
        "next": urlencode({**filters, "cursor": found.next_cursor}) if found.next_cursor else "",
        "is_simulated": found.league.startswith("simulated:"),
    }
    return render(request, "valuing/rankings.html", context, status=status)


@page
@require_POST
def rankings_run(request: HttpRequest) -> HttpResponse:
    """Start the job that values everybody now: for moderators, who keep the ranking."""
    user = user_of(request)
    require_moderator(user)
    started = jobs.start_job(
        kind=Job.Kind.VALUES,
        title=Job.Kind.VALUES.label,
        params={},
        owner=user,
        now=timezone.now(),
    )
    return redirect("job", started.pk)


def _league(form: RankingForm) -> str:
    """The asked one, where it is another filter that was refused."""
    league = form.cleaned_data.get("league") if hasattr(form, "cleaned_data") else ""
    return league or ""


def _given(request: HttpRequest, form: RankingForm) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:200] for name in form.fields}
