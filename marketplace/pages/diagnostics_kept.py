"""Tests of drafts a creator kept: the list, one of them, and the post it became."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, NotFound
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.ml.plep.settings import NOMINAL_COVERAGE
from scoring.models import PostPlan
from scoring.planning_posts.access import own_accounts_of, own_plan_for, post_of_plan
from scoring.planning_posts.keeping import forget_test, is_reproduced, link_post, unlink_post
from scoring.planning_posts.kept import kept_record, list_kept, posts_to_link, read_outcomes
from scoring.registry import NO_MODEL

SHOWN = 25


@page
@require_safe
def kept_tests(request: HttpRequest) -> HttpResponse:
    """Two that are ticked are shown side by side above the list."""
    user = user_of(request)
    own_accounts_of(user)
    kept = list_kept(user.creator)
    now = timezone.now()
    shown = Paginator(kept, SHOWN).get_page(request.GET.get("page"))
    # of all of them, so that the share does not depend on the page
    outcomes = read_outcomes(kept.filter(published__isnull=False), now=now)
    context = {
        "shown": shown,
        "rows": [(plan, outcomes.get(plan.pk)) for plan in shown],
        "record": kept_record(outcomes.values(), nominal=NOMINAL_COVERAGE),
        "compared": [(plan, outcomes.get(plan.pk)) for plan in _compared(request)],
    }
    return render(request, "diagnostics/kept_tests.html", context)


@page
@require_safe
def kept_test(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = own_plan_for(user_of(request), plan_id)
    now = timezone.now()
    linked = hasattr(plan, "published")
    context: dict[str, Any] = {
        "plan": plan,
        "outcome": read_outcomes([plan], now=now).get(plan.pk),
        "posts": [] if linked else posts_to_link(plan),
        "is_linked": linked,
        "reproduced": _reproduced(plan),
    }
    return render(request, "diagnostics/kept_test.html", context)


@page
@require_POST
def kept_test_link(request: HttpRequest, plan_id: int) -> HttpResponse:
    user = user_of(request)
    plan = own_plan_for(user, plan_id)
    text = request.POST.get("post", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        messages.error(request, "Choose the post this draft became.")
        return redirect("kept_test", plan.pk)
    try:
        link_post(plan=plan, post=post_of_plan(plan, int(text)), actor=user, now=timezone.now())
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Linked. What the post comes to stands here from now on.")
    return redirect("kept_test", plan.pk)


@page
@require_POST
def kept_test_unlink(request: HttpRequest, plan_id: int) -> HttpResponse:
    user = user_of(request)
    plan = own_plan_for(user, plan_id)
    unlink_post(plan=plan, actor=user)
    messages.success(request, "The link is taken back.")
    return redirect("kept_test", plan.pk)


@page
@require_POST
def kept_test_delete(request: HttpRequest, plan_id: int) -> HttpResponse:
    user = user_of(request)
    forget_test(plan=own_plan_for(user, plan_id), actor=user)
    messages.success(request, "The test is deleted.")
    return redirect("kept_tests")


def _compared(request: HttpRequest) -> list[PostPlan]:
    """The first two tests that are ticked. :raises NotFound: if one is not the asker's."""
    ticked = [one for one in request.GET.getlist("compare") if one.isascii() and one.isdigit()]
    chosen = list(dict.fromkeys(int(one) for one in ticked if len(one) < 19))[:2]
    return [own_plan_for(user_of(request), pk) for pk in chosen] if len(chosen) == 2 else []


def _reproduced(plan: PostPlan) -> bool | None:
    """None where the model version of then is gone."""
    try:
        return is_reproduced(plan)
    except NO_MODEL:
        return None
