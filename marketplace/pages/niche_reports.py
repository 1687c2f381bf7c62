"""Niche strategy reports: all niches of a month, one niche over the months, both as tables."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Platform
from accounts.money import to_major
from marketplace.forms.niche_reports import NicheReportFilterForm, WriteReportForm
from marketplace.niche_report_csv import niche_csv
from marketplace.pages.jobs import require_moderator
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.readable import compact, niche_name
from scoring.models import NicheReport
from scoring.models.niche_reports import FEWEST_CREATORS
from scoring.niche_reports.computing import FEWEST_BRANDS
from scoring.niche_reports.months import Month, MonthRefused, last_full_month
from scoring.niche_reports.reading import (
    NicheReading,
    choose_kind,
    list_months_of,
    list_niches,
    list_reports,
    niches_of,
    price_key_of,
)
from scoring.niche_reports.statements import TIERS
from scoring.niche_reports.wording import describe
from scoring.niche_reports.writing import start_report

PAGE_SIZE = 50
CHARTS = (
    ("creators", "Creators"),
    ("growth", "Growth in 30 days, %"),
    ("engagement", "Engagement, %"),
    ("price", "Median price"),
)
PRICE_ENDS = ("low_minor", "median_minor", "high_minor")
Series = list[tuple[NicheReport, NicheReading | None]]


@page
@require_safe
def niche_reports(request: HttpRequest) -> HttpResponse:
    """Eight queries at most beside the log-in's, however many niches and months."""
    return _list_page(request, WriteReportForm(initial=_last_month()))


@page
@require_POST
def niche_reports_write(request: HttpRequest) -> HttpResponse:
    """Start the job that computes a month: for moderators, who keep the catalogue."""
    user = user_of(request)
    require_moderator(user)
    form = WriteReportForm(request.POST)
    if form.is_valid():
        try:
            job = start_report(month=form.cleaned_data["month"], owner=user, now=timezone.now())
        except MonthRefused as error:
            form.add_error("month", error.message)
        else:
            return redirect("job", job.pk)
    return _list_page(request, form, status=422)


@page
@require_safe
def niche_report(request: HttpRequest, niche: str) -> HttpResponse:
    platform = request.GET.get("platform", "")
    is_simulated = choose_kind(request.GET.get("creators", ""))
    series = list_months_of(niche, is_simulated=is_simulated, platform=platform)
    known = [(report, reading) for report, reading in series if reading is not None]
    newest = known[-1] if known else None
    price_key = next((price_key_of(one.price) for _, one in known[::-1] if one.price), None)
    context = {
        "niche": niche,
        "name": niche_name(niche).capitalize(),
        "platform": platform,
        "is_simulated": is_simulated,
        "series": series,
        "months": series[::-1],
        "platforms": Platform.choices,
        "charts": CHARTS,
        "tiers": _tiers(newest[1]) if newest else [],
        "price_key": price_key,
        "has_prices": price_key is not None,
        "points": [_point(report, reading) for report, reading in series],
        "newest": newest[0] if newest else None,
        "reading": newest[1] if newest else None,
        "latest": series[-1][0] if series else None,
        "sentences": describe(newest[1]) if newest else [],
        "is_mine": niche in niches_of(user_of(request)),
        "fewest_creators": FEWEST_CREATORS,
        "fewest_brands": FEWEST_BRANDS,
    }
    return render(request, "niche_reports/detail.html", context)


@page
@require_safe
def niche_report_csv(request: HttpRequest, niche: str = "") -> HttpResponse:
    """All niches of a month as they are filtered, or all months of one niche."""
    is_simulated = choose_kind(request.GET.get("creators", ""))
    if niche:
        platform = request.GET.get("platform", "")
        series = list_months_of(niche, is_simulated=is_simulated, platform=platform)
        rows = [(report, reading) for report, reading in series if reading is not None]
        name = f"niche-{niche}"
    else:
        form = _filter_form(request, is_simulated=is_simulated)
        listed = list_niches(is_simulated=is_simulated, **form.chosen())
        rows = [(listed.report, one) for one in listed.readings if listed.report]
        name = f"niches-{listed.report.month:%Y-%m}" if listed.report else "niches"
    # The mark at the start tells a spreadsheet that the file is UTF-8.
    response = HttpResponse("\ufeff" + niche_csv(rows), content_type="text/csv; charset=utf-8")
    safe = "".join(letter for letter in name if letter.isascii() and letter not in '"\\\r\n')
    response["Content-Disposition"] = f'attachment; filename="{safe}.csv"'
    return response


def _list_page(request: HttpRequest, write_form: WriteReportForm, *, status: int = 200) -> Any:
    is_simulated = choose_kind(request.GET.get("creators", ""))
    form = _filter_form(request, is_simulated=is_simulated)
    mine = niches_of(user_of(request))
    listed = list_niches(is_simulated=is_simulated, mine=mine, **form.chosen())
    pages = Paginator(listed.readings, PAGE_SIZE)
    context = {
        "form": form,
        "write_form": write_form,
        "listed": listed,
        "page_of": pages.get_page(request.GET.get("page")),
        "is_simulated": is_simulated,
        "is_filtered": any(form.data.get(name) for name in form.fields),
        "price_key": listed.price_key,
        "too_small_of_mine": sorted(mine - listed.names) if listed.report else [],
        "fewest_creators": FEWEST_CREATORS,
        "fewest_brands": FEWEST_BRANDS,
    }
    return render(request, "niche_reports/list.html", context, status=status)


def _filter_form(request: HttpRequest, *, is_simulated: bool) -> NicheReportFilterForm:
    months = [Month(report.month) for report in list_reports(is_simulated=is_simulated)]
    return NicheReportFilterForm(request.GET, months=months)


def _point(report: NicheReport, reading: NicheReading | None) -> dict[str, Any]:
    """What the charts draw of one month; unknown is null."""
    row = reading.row if reading else None
    price = reading.price if reading else None
    return {
        "month": f"{report.month:%Y-%m}",
        "creators": row.creators if row else None,
        "growth": _ends(row.growth) if row else None,
        "engagement": _ends(row.engagement) if row else None,
        "price": None
        if price is None
        else [float(to_major(price[name], price["currency"])) for name in PRICE_ENDS],
    }


def _tiers(reading: NicheReading) -> list[tuple[str, str, int]]:
    """(name, size in words, accounts), the smallest first."""
    return [
        (name, f"from {compact(low)}" if low else f"below {compact(high)}", reading.row.tiers[name])
        for name, (low, high) in TIERS.items()
    ]


def _ends(one: dict[str, Any] | None) -> list[float] | None:
    """[low, value, high] in per cent."""
    return None if one is None else [100 * one[name] for name in ("low", "value", "high")]


def _last_month() -> dict[str, str]:
    return {"month": str(last_full_month(timezone.now()))}


PATTERNS = [
    path("niches/reports/", niche_reports, name="niche_reports"),
    path("niches/write-reports/", niche_reports_write, name="niche_reports_write"),
    path("niches/reports/table.csv", niche_report_csv, name="niche_report_csv"),
    path("niches/reports/<str:niche>/", niche_report, name="niche_report"),
    path("niches/reports/<str:niche>/table.csv", niche_report_csv, name="niche_report_csv"),
]
