"""Moderators' pages of the market: files of prices, rates of exchange, and how ranges did."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import jobs
from accounts.importing.errors import FileUnreadable
from accounts.models import Job
from marketplace.forms.pricing import CurrencyRateForm, PriceFileForm
from marketplace.pages.jobs import require_moderator
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.models import MarketPrice, PriceImport
from scoring.pricing.checks import watch_ranges
from scoring.pricing.currencies import OLDEST, give_rate, list_rates
from scoring.pricing.errors import PriceFileRefused, RateRefused
from scoring.pricing.importing import PriceReport, import_prices
from scoring.pricing.states import list_states

RATES_SHOWN = 200


@page
@require_safe
def market(request: HttpRequest) -> HttpResponse:
    require_moderator(user_of(request))
    context = {
        "watched": watch_ranges(),
        "states": list_states(),
        "imports": PriceImport.objects.select_related("imported_by")[:20],
        "prices": MarketPrice.objects.filter(is_simulated=False).count(),
        "simulated_prices": MarketPrice.objects.filter(is_simulated=True).count(),
    }
    return render(request, "pricing/market.html", context)


@page
@require_POST
def learn(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    require_moderator(user)
    job = jobs.start_job(
        kind=Job.Kind.PRICES, title=Job.Kind.PRICES.label, params={}, owner=user,
        now=timezone.now(),
    )  # fmt: skip
    return redirect("job", job.pk)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def rate_card_import(request: HttpRequest) -> HttpResponse:
    require_moderator(user_of(request))
    if request.method != "POST":
        return render(request, "pricing/import.html", {"form": PriceFileForm()})
    form = PriceFileForm(request.POST, request.FILES)
    problems, count = [], 0
    if form.is_valid():
        try:
            report = _import(request, form)
        except (PriceFileRefused, FileUnreadable) as refusal:
            details = refusal.details if isinstance(refusal.details, dict) else {}
            problems, count = details.get("problems", []), details.get("count", 0)
            form.refuse(refusal) if "field" in details else form.add_error("file", refusal.message)
        else:
            return _done(request, report)
    context = {"form": form, "problems": problems, "count": count}
    return render(request, "pricing/import.html", context, status=422)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def currency_rates(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    require_moderator(user)
    form = CurrencyRateForm(request.POST or None, initial={"day": now.date(), "quote": "USD"})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                give_rate(**form.cleaned_data, actor=user, now=now)
            except RateRefused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, "The rate is written down.")
                return redirect("currency_rates")
    context = {"form": form, "rates": list_rates()[:RATES_SHOWN], "days": OLDEST.days}
    return render(request, "pricing/rates.html", context, status=status)


def _import(request: HttpRequest, form: PriceFileForm) -> PriceReport:
    """The upload goes through a file of its own name, because it is read twice."""
    asked = form.cleaned_data
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        for chunk in asked["file"].chunks():
            copy.write(chunk)
        copy.flush()
        try:
            return import_prices(
                path=Path(copy.name),
                source=asked["source"],
                actor=user_of(request),
                now=timezone.now(),
                day=asked["day"],
                file_name=Path(asked["file"].name).name,
                dry_run=asked["dry_run"],
                simulated=asked["simulated"],
            )
        except FileUnreadable as error:
            # The message names the copy; people know the file by their own name.
            message = error.message
            for hidden in (copy.name, Path(copy.name).name):
                message = message.replace(hidden, Path(asked["file"].name).name)
            raise type(error)(message) from error


def _done(request: HttpRequest, report: PriceReport) -> HttpResponse:
    verb = "would be added" if report.dry_run else "were added"
    messages.success(
        request,
        f"{report.file_name}: {report.prices:,} prices of {report.creators:,} creators in "
        f"{report.rows:,} rows; {report.added:,} {verb}, {report.repeated:,} were known.",
    )
    return redirect("rate_card_import" if report.dry_run else "price_market")
