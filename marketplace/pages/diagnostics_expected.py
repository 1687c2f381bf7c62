"""What a planned post of a creator can be expected to get, for whoever plans it with them.

The same answer as the creator's own test, without the words of a draft: those are the creator's.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Creator, SocialAccount
from marketplace.forms.diagnostics import ExpectedForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.planning_posts.diagnosing import Diagnosis, diagnose
from scoring.planning_posts.drafts import DraftFieldRefused
from scoring.planning_posts.history import read_planner


@page
@require_safe
def expected_engagement(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Everybody who may see the creator. Nothing is stored."""
    creator = access.creator_for(user_of(request), creator_id)
    accounts = list(creator.accounts.select_related("creator").order_by("pk"))
    form = ExpectedForm(request.GET, accounts=accounts)
    diagnosis = _diagnosis(form, accounts)
    context = {
        "creator": creator,
        "accounts": accounts,
        "form": form,
        "diagnosis": diagnosis,
        "is_own": _is_own(request, creator),
    }
    status = 422 if form.errors else 200
    return render(request, "diagnostics/expected_engagement.html", context, status=status)


def _diagnosis(form: ExpectedForm, accounts: list[SocialAccount]) -> Diagnosis | None:
    if not accounts or not form.is_valid():
        return None
    chosen = form.cleaned_data["account"]
    account = next((one for one in accounts if str(one.pk) == chosen), accounts[0])
    now = timezone.now()
    try:
        return diagnose(
            planner=read_planner(account, as_of=now), post=form.post(), now=now, advise=False
        )
    except DraftFieldRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None


def _is_own(request: HttpRequest, creator: Creator) -> bool:
    return creator.user_id == user_of(request).pk
