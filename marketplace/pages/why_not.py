"""Why a named creator is not in a campaign's list, or where in it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.creator_names import LONGEST, find_called
from accounts.errors import DomainError
from campaigns.access import campaign_for
from campaigns.briefs import get_latest_brief
from marketplace.pages.people import user_of
from marketplace.pages.ranking import PAGE_SIZE
from marketplace.pages.refusals import page
from scoring.matching import Placing, explain_place
from scoring.matching.campaigns import asked_by


@dataclass(frozen=True)
class ShownPlacing:
    placing: Placing

    @property
    def page(self) -> int:
        """The page of the list that shows the place."""
        return ((self.placing.rank or 1) - 1) // PAGE_SIZE + 1


@page
@require_safe
def why_not(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One creator by number, handle or name; several of a name are offered to choose from."""
    user = user_of(request)
    campaign = campaign_for(user, campaign_id)
    asked = " ".join(request.GET.get("creator", "").split())
    context: dict[str, Any] = {"campaign": campaign, "asked": asked[:LONGEST], "found": None}
    seen = access.creators_visible_to(user).prefetch_related("accounts")
    people = list(find_called(seen, asked))
    if len(people) > 1:
        return render(request, "brand/why_not.html", {**context, "several": people})
    if not people:
        context["refusal"] = (
            f"No creator is called “{asked[:LONGEST]}”. Write the whole name, the @handle or the "
            "number in the address of the creator’s page."
            if asked
            else "Name a creator."
        )
        return render(request, "brand/why_not.html", context, status=422)
    by = asked_by(campaign, get_latest_brief(campaign))
    try:
        found = explain_place(
            terms=by.terms,
            creator=people[0],
            now=timezone.now(),
            brand_names=by.brand_names,
            hidden=by.hidden,
        )
    except DomainError as error:
        context["refusal"] = error.message
        return render(request, "brand/why_not.html", context)
    context |= {"found": found, "placings": [ShownPlacing(one) for one in found.placings]}
    return render(request, "brand/why_not.html", context)
