"""An account's growth on the creator's page, and the creator's explanation of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import growth_events
from accounts.errors import DomainError
from accounts.models import GrowthEvent, SocialAccount
from marketplace.forms.growth import GrowthEventForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring import registry
from scoring.features.growth_facts import read_events, read_growth
from scoring.ml.growth_model import GrowthAssessment
from scoring.ml.growth_spikes import Spike

SPIKES_SHOWN = 20


@dataclass(frozen=True)
class GrowthView:
    """One account's growth as the page shows it; the latest first."""

    account: SocialAccount
    assessment: GrowthAssessment
    events: list[GrowthEvent]

    @property
    def spikes(self) -> list[Spike]:
        return list(reversed(self.assessment.spikes))[:SPIKES_SHOWN]

    @property
    def sudden(self) -> list[Spike]:
        """What the robust rule finds unusual; document 001's rule alone finds some in any
        uneven series."""
        return [spike for spike in self.spikes if spike.by_robust_rule]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        return [reason.to_json() for reason in self.assessment.reasons]

    @property
    def monthly_growth(self) -> float | None:
        growth = self.assessment.monthly_growth_pct / 100
        return growth if growth == growth else None

    @property
    def consistency(self) -> float | None:
        value = self.assessment.consistency
        return value if value == value else None

    @property
    def marks_id(self) -> str:
        """Where the history chart looks for what it marks."""
        return f"growth-{self.account.pk}"

    @property
    def marks(self) -> dict[str, Any]:
        return {
            "spikes": [
                {
                    "day": spike.day.isoformat(),
                    "explained": spike.explained_by is not None,
                    "sentence": spike.sentence,
                }
                for spike in self.sudden
            ],
            "events": [
                {
                    "name": event.get_kind_display(),
                    "starts_on": event.starts_on.isoformat(),
                    "ends_on": event.ends_on.isoformat(),
                }
                for event in self.events
                if event.state != GrowthEvent.State.REJECTED
            ],
        }


def get_growths(accounts: Sequence[SocialAccount], *, now: datetime) -> dict[int, GrowthView]:
    """Growth as of now by account id, three queries; empty while no model can judge it."""
    try:
        model = registry.load("growth")
    except registry.NO_MODEL:
        return {}
    assessments = model.assess(read_growth(accounts, as_of=now), read_events(accounts, as_of=now))
    events: dict[int, list[GrowthEvent]] = {account.pk: [] for account in accounts}
    for event in growth_events.events_of(*accounts):
        events[event.account_id].append(event)
    return {
        account.pk: GrowthView(account, assessment, events[account.pk])
        for account, assessment in zip(accounts, assessments, strict=True)
    }


@page
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: HttpRequest, account_id: int) -> HttpResponse:
    """The creator's own page to declare what made an account grow."""
    account = growth_events.own_account_for(user_of(request), account_id)
    if request.method != "POST":
        days = {name: _day(request.GET.get(name, "")) for name in ("starts_on", "ends_on")}
        return _explain_page(request, account, GrowthEventForm(initial=days))
    form = GrowthEventForm(request.POST)
    if not form.is_valid():
        return _explain_page(request, account, form, status=422)
    try:
        growth_events.declare_event(
            account=account, actor=user_of(request), now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        field = error.details.get("field") if isinstance(error.details, dict) else None
        form.add_error(field if field in form.fields else None, error.message)
        return _explain_page(request, account, form, status=422)
    messages.success(request, "Declared. A moderator looks at it; your page shows it now.")
    return redirect("growth", account.pk)


@page
@require_POST
def withdraw(request: HttpRequest, event_id: int) -> HttpResponse:
    event = growth_events.event_for(user_of(request), event_id)
    growth_events.withdraw_event(event=event, actor=user_of(request), now=timezone.now())
    messages.success(request, "The declaration is withdrawn.")
    return redirect("growth", event.account_id)


def _explain_page(
    request: HttpRequest, account: SocialAccount, form: GrowthEventForm, *, status: int = 200
) -> HttpResponse:
    growth = get_growths([account], now=timezone.now()).get(account.pk)
    context = {
        "account": account,
        "growth": growth,
        "events": growth_events.events_of(account),
        "form": form,
    }
    return render(request, "creators/growth.html", context, status=status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
