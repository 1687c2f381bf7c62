"""A brand's alerts: the list, a rule with what it found, and writing one with a try first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.errors import DomainError, NotFound
from accounts.models import Brand, User
from marketplace.alert_words import (
    finding_sentence,
    metric_name,
    rule_sentence,
    scope_sentence,
    value_of,
)
from marketplace.forms.alerts import AlertForm, initial_of
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.slices import below, next_below
from scoring.alerting import keeping
from scoring.alerting.backtesting import Backtest, backtest
from scoring.alerting.metrics import METRICS
from scoring.alerting.reading import (
    findings_of,
    last_check,
    newest_versions,
    rule_for,
    rules_of,
    with_counts,
)
from scoring.alerting.terms import RuleRejected, RuleTerms
from scoring.models import AlertRule, AlertSeries, AlertVersion

PAGE_SIZE = 50


@page
@require_safe
def alerts(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Every rule of the brand, what is new first. Five queries, however many rules."""
    membership = access.membership_for(user_of(request), brand_id)
    now = timezone.now()
    rules = with_counts(AlertRule.objects.filter(brand=membership.brand), now=now)
    listed = list(rules)
    versions = newest_versions([rule.pk for rule in listed])
    context = {
        "brand": membership.brand,
        "rows": [
            (rule, rule_sentence(versions[rule.pk]), scope_sentence(versions[rule.pk]))
            for rule in listed
        ],
        "may_write": membership.role in access.WRITERS,
        "is_full": len(listed) >= keeping.MOST_RULES,
        "most": keeping.MOST_RULES,
        "check": last_check(),
        "metrics": METRICS.values(),
    }
    return render(request, "alerts/list.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def alert_new(request: HttpRequest, brand_id: int) -> HttpResponse:
    """A rule is written, tried on the past with one button and kept with the other."""
    user = user_of(request)
    brand = access.brand_for(user, brand_id, roles=access.WRITERS)
    seen = access.creators_visible_to(user)
    if request.method != "POST":
        return _form_page(request, brand, AlertForm(brand=brand, seen=seen))
    form = AlertForm(request.POST, brand=brand, seen=seen)
    return _tried_or_kept(request, brand, form, None, user)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def alert_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    user = user_of(request)
    rule = rule_for(user, rule_id, write=True)
    terms = RuleTerms.of_version(keeping.current_version(rule))
    seen = access.creators_visible_to(user)
    initial = initial_of(rule, terms, seen)
    if request.method != "POST":
        form = AlertForm(initial=initial, brand=rule.brand, seen=seen)
        return _form_page(request, rule.brand, form, rule=rule)
    form = AlertForm(request.POST, initial=initial, brand=rule.brand, seen=seen)
    return _tried_or_kept(request, rule.brand, form, rule, user)


@page
@require_safe
def alert(request: HttpRequest, rule_id: int) -> HttpResponse:
    """What a rule found and why, the latest first; eight queries, however many findings."""
    user = user_of(request)
    rule = rule_for(user, rule_id)
    version = newest_versions([rule.pk])[rule.pk]
    rows = list(below(findings_of(rule).order_by("-pk"), request, key="pk")[: PAGE_SIZE + 1])
    counted = with_counts(rules_of(user).filter(pk=rule.pk), now=timezone.now()).get()
    context = {
        "rule": rule,
        "counted": counted,
        "version": version,
        "what": rule_sentence(version),
        "whom": scope_sentence(version),
        "metric": METRICS[version.series.metric],
        "rows": [(firing, finding_sentence(firing)) for firing in rows[:PAGE_SIZE]],
        "next_below": next_below(rows, PAGE_SIZE, key="pk"),
        "has_simulated": any(row.creator.is_simulated for row in rows),
        "may_write": access.membership_for(user, rule.brand_id).role in access.WRITERS,
        "check": last_check(),
    }
    return render(request, "alerts/detail.html", context)


@page
@require_POST
def alert_act(request: HttpRequest, rule_id: int, name: str) -> HttpResponse:
    """Pause, resume, delete, or mark what was found as seen."""
    user = user_of(request)
    rule = rule_for(user, rule_id, write=True)
    now = timezone.now()
    if name == "pause":
        keeping.pause_rule(rule=rule, actor=user)
        messages.success(request, "The alert is paused; it watches nothing until it is resumed.")
    elif name == "resume":
        keeping.resume_rule(rule=rule, actor=user, now=now)
        messages.success(request, "The alert watches again, from now on.")
    elif name == "seen":
        count = keeping.mark_seen(rule=rule, actor=user, now=now)
        messages.success(request, f"{count} finding{'' if count == 1 else 's'} marked as seen.")
    elif name == "delete":
        keeping.delete_rule(rule=rule, actor=user)
        messages.success(request, "The alert is deleted, with what it found.")
        return redirect("alerts", rule.brand_id)
    else:
        raise NotFound("There is no such act.")
    return redirect("alert", rule.pk)


def _tried_or_kept(
    request: HttpRequest, brand: Brand, form: AlertForm, rule: AlertRule | None, user: User
) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, brand, form, rule=rule, status=422)
    now = timezone.now()
    try:
        if request.POST.get("act") == "preview":
            keeping.check_terms(brand, form.terms)
            tried = backtest(brand=brand, terms=form.terms, now=now)
            return _form_page(request, brand, form, rule=rule, tried=tried)
        kept = _keep(brand, form, rule, user)
    except RuleRejected as refusal:
        form.refuse(refusal)
    except DomainError as refusal:
        field = (refusal.details or {}).get("field")
        form.add_error(field if field in form.fields else None, refusal.message)
    else:
        messages.success(request, "The alert is kept. It is checked every quarter of an hour.")
        return redirect("alert", kept.pk)
    return _form_page(request, brand, form, rule=rule, status=422)


def _keep(brand: Brand, form: AlertForm, rule: AlertRule | None, user: User) -> AlertRule:
    given: dict[str, Any] = {
        "name": form.cleaned_data["name"],
        "terms": form.terms,
        "channels": form.cleaned_data["channels"],
        "actor": user,
        "now": timezone.now(),
    }
    if rule is None:
        return keeping.create_rule(brand=brand, **given)
    return keeping.change_rule(rule=rule, **given)


def _form_page(
    request: HttpRequest,
    brand: Brand,
    form: AlertForm,
    *,
    rule: AlertRule | None = None,
    tried: Backtest | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"brand": brand, "form": form, "rule": rule, "tried": tried}
    if tried is not None:
        series = _series_of(form.terms)
        most = max((count for _, count in tried.weeks), default=0)
        context |= {
            "metric_name": metric_name(series),
            "weeks": [
                (day, count, round(100 * count / most) if most else 0) for day, count in tried.weeks
            ],
            "examples": [(one, value_of(series, one.value)) for one in tried.examples],
            "asks_matching": form.terms.include_matching,
            "is_entrant": form.terms.kind == AlertVersion.Kind.ENTRANT,
            "has_simulated": any(one.is_simulated for one in tried.examples),
        }
    return render(request, "alerts/form.html", context, status=status)


def _series_of(terms: RuleTerms) -> AlertSeries:
    """Not saved: for its words."""
    return AlertSeries(
        metric=terms.of.name,
        key=terms.key,
        mode=terms.series_mode,
        window_days=terms.window_days or 0,
    )
