"""The creators list, and the page that shows every score of one creator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import User
from campaigns.access import campaign_for
from campaigns.briefs import get_latest_brief
from campaigns.models import Campaign
from campaigns.review_reading import reputation_of_creator
from marketplace.forms.creators import CreatorFilterForm
from marketplace.pages.creator_facts import AccountFacts, get_account_facts
from marketplace.pages.creator_list import list_creators
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.showing import Surface, note_visit, show_list
from scoring.interactions.access import brands_recorded_for
from scoring.interactions.hiding import hidings_of
from scoring.matching import MatchScore, match_accounts
from scoring.matching.campaigns import asked_by

BRANDS_OFFERED = 20


@page
@require_safe
def creators(request: HttpRequest) -> HttpResponse:
    form = CreatorFilterForm(request.GET)
    listed = list_creators(user_of(request), form.filters, cursor=request.GET.get("cursor", ""))
    ids = [creator.pk for creator in listed.creators]
    context = {
        "form": form,
        "listed": listed,
        "shown": show_list(request, surface=Surface.CATALOGUE, creator_ids=ids),
        "is_filtered": bool(form.filters),
        "is_first": not request.GET.get("cursor"),
        "has_simulated": any(creator.is_simulated for creator in listed.creators),
    }
    return render(request, "creators/list.html", context)


@page
@require_safe
def creator(request: HttpRequest, creator_id: int) -> HttpResponse:
    """The same page for brands and for the creator: scores are not whispered about anyone."""
    user = user_of(request)
    found = access.creator_for(user, creator_id)
    facts = get_account_facts(found, now=timezone.now())
    campaign = _asked_campaign(request, user)
    brands = list(brands_recorded_for(user)[:BRANDS_OFFERED])
    place = note_visit(request, found, brands=brands)
    context = {
        "creator": found,
        "facts": facts,
        "is_own": found.user_id == user.pk,
        "reputation": reputation_of_creator(found),
        "campaign": campaign,
        "hidings": hidings_of(found, brands=brands),
        "listed": place.list_id if place else None,
        "matches": _matches(campaign, facts) if campaign else [],
        "may_invite": found.is_claimed
        and found.can_be_hired
        and user.memberships.filter(role__in=access.WRITERS).exists(),
    }
    return render(request, "creators/detail.html", context)


def _asked_campaign(request: HttpRequest, user: User) -> Campaign | None:
    """The campaign whose list the reader came from. :raises NotFound: if it is not theirs."""
    text = request.GET.get("campaign", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return campaign_for(user, int(text))


def _matches(
    campaign: Campaign, facts: list[AccountFacts]
) -> list[tuple[AccountFacts, MatchScore]]:
    by = asked_by(campaign, get_latest_brief(campaign))
    scores = match_accounts(
        terms=by.terms,
        accounts=[one.account for one in facts],
        now=timezone.now(),
        brand_names=by.brand_names,
    )
    return [(one, scores[one.account.pk]) for one in facts if one.account.pk in scores]
