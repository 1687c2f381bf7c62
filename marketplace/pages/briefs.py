"""From a brief to ranked creators: the form, and the campaign with its list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.errors import DomainError, Forbidden
from accounts.models import Brand, User
from campaigns.access import campaign_for
from campaigns.briefs import create_campaign, get_latest_brief, revise_brief
from campaigns.campaign_standing import get_campaign_standing
from campaigns.copying import templates_of
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from marketplace.emptying import list_emptying
from marketplace.forms.briefs import BriefForm
from marketplace.forms.full_briefs import FullBriefForm
from marketplace.pages.campaigns import EDITABLE
from marketplace.pages.people import user_of
from marketplace.pages.ranking import get_ranked_page, page_number
from marketplace.pages.refusals import page
from marketplace.pages.showing import Surface, show_list
from scoring.matching.campaigns import asked_by


@page
@require_http_methods(["GET", "HEAD", "POST"])
def new_brief(request: HttpRequest) -> HttpResponse:
    """Write a first brief; it becomes a draft campaign, so that no reload loses it."""
    user = user_of(request)
    brands = _writable_brands(user)
    form = FullBriefForm(request.POST or None, brands=brands)
    if request.method == "POST" and form.is_valid():
        brand_id = int(form.cleaned_data.get("brand") or brands[0].pk)
        campaign = create_campaign(
            brand=access.brand_for(user, brand_id, roles=access.WRITERS),
            title=form.make_title(),
            terms=form.terms,
            actor=user,
            now=timezone.now(),
        )
        return redirect("campaign", campaign.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "has_templates": templates_of(user).exists()}
    return render(request, "brand/new_brief.html", context, status=status)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The brief and the creators that fit it; sending the form makes the next version."""
    user = user_of(request)
    found = campaign_for(user, campaign_id)
    brief = get_latest_brief(found)
    terms = BriefTerms.of(brief)
    if request.method == "POST":
        campaign_for(user, campaign_id, write=True)
        form = BriefForm(request.POST, terms=terms)
        if form.is_valid():
            revised = revise_brief(
                campaign=found,
                terms=form.terms,
                actor=user,
                now=timezone.now(),
            )
            if revised.version == brief.version:
                messages.info(request, "The brief is as it was.")
            return redirect("campaign", found.pk)
        # What was typed is shown with its errors; ranking the older brief would confuse.
        context = {
            "campaign": found,
            "brief": brief,
            "form": form,
            "may_write": True,
            "standing": get_campaign_standing(found),
        }
        return render(request, "brand/campaign.html", context, status=422)
    ranked, refusal, hidden = None, "", 0
    try:
        by = asked_by(found, brief)
        hidden = len(by.hidden)
        ranked = get_ranked_page(by, page=page_number(request), now=timezone.now())
    except DomainError as error:
        # The brief stays in sight, to be changed, whatever keeps it from being ranked.
        refusal = error.message
    writes = _may_write(user, found)
    cards = ranked.cards if ranked else []
    shown = show_list(
        request,
        surface=Surface.MATCHES,
        creator_ids=[card.ranked.account.creator_id for card in cards],
        campaign=found,
        first_position=ranked.first if ranked else 1,
    )
    context = {
        "campaign": found,
        "brief": brief,
        "may_write": writes and found.status in EDITABLE,
        "may_invite": writes and found.status == Campaign.Status.OPEN,
        "standing": get_campaign_standing(found),
        "form": BriefForm(terms=terms),
        "ranked": ranked,
        "refusal": refusal,
        "hidden": hidden,
        "shown": shown,
        "emptying": list_emptying(terms) if ranked and not ranked.ranking.eligible else [],
    }
    return render(request, "brand/campaign.html", context)


def _writable_brands(user: User) -> list[Brand]:
    """Brands whose briefs the user may write.

    :raises Forbidden: if there are none, saying which of the two reasons it is.
    """
    brands = list(
        access.brands_of(user).filter(memberships__user=user, memberships__role__in=access.WRITERS)
    )
    if brands:
        return brands
    if access.brands_of(user).exists():
        raise Forbidden(
            "Your role only reads your brand's briefs. Its owner can make you a manager "
            "on the team page."
        )
    raise Forbidden("Briefs belong to brands, and you are in no brand's team.")


def _may_write(user: User, campaign: Campaign) -> bool:
    return access.membership_for(user, campaign.brand_id).role in access.WRITERS
