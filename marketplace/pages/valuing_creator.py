"""What one creator's accounts are worth: the parts of the formula, and how it went."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Creator, SocialAccount
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.value_words import Chart, Part, chart_of, parts_of
from scoring import registry
from scoring.ml.value.valuing import ValueModel
from scoring.valuing.reading import Valuation, value_history


@dataclass(frozen=True)
class AccountValue:
    """One account's values as the page shows them, the newest first."""

    account: SocialAccount
    current: Valuation | None
    parts: list[Part]
    history: list[Valuation]
    chart: Chart | None


@page
@require_safe
def creator_value(request: HttpRequest, creator_id: int) -> HttpResponse:
    """The same page for brands and for the creator. A query for each account."""
    user = user_of(request)
    creator = access.creator_for(user, creator_id)
    context: dict[str, Any] = {
        "creator": creator,
        "accounts": values_of(creator),
        "is_own": creator.user_id == user.pk,
    }
    return render(request, "valuing/creator.html", context)


def values_of(creator: Creator) -> list[AccountValue]:
    model: ValueModel = registry.load("value")
    found = []
    for account in creator.accounts.order_by("platform", "pk"):
        history = value_history(account)
        current = history[-1] if history else None
        alike = [one for one in history if one.model_version == history[-1].model_version]
        found.append(
            AccountValue(
                account=account,
                current=current,
                parts=parts_of(current, model.formula) if current else [],
                history=history[::-1],
                chart=chart_of(alike),
            )
        )
    return found
