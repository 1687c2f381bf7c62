"""Open campaigns as creators see them: found, read, applied to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.errors import Forbidden, NotFound
from accounts.models import Creator, User
from accounts.money import exponent, readable
from campaigns.brief_changes import BriefSeen, get_brief_seen
from campaigns.briefs import get_latest_brief
from campaigns.models import Brief, Campaign, Collaboration
from campaigns.states import LIVE, CampaignStatus

MAX_QUERY = 100


@dataclass(frozen=True, kw_only=True)
class CallFilters:
    """Empty means any. A brief that leaves platform, country or niche open passes each."""

    q: str = ""
    platform: str = ""
    country: str = ""
    niche: str = ""


@dataclass(frozen=True)
class OpenCall:
    """A campaign as one creator reads it; ``seen`` where they talk with the brand already."""

    campaign: Campaign
    brief: Brief
    collaboration: Collaboration | None
    seen: BriefSeen | None
    can_apply: bool


def reader_of_calls(user: User) -> Creator | None:
    """The creator who reads as themselves; None for moderators.

    :raises Forbidden: for everybody else, and for profiles that take part in no new campaign.
    """
    creator = Creator.objects.filter(user=user).first()
    if creator is not None:
        if not creator.can_be_hired:
            raise Forbidden(
                "Your profile is suspended or closed, so it takes part in no new campaign."
            )
        return creator
    if user.is_staff:
        return None
    raise Forbidden("Open campaigns are for creators; brands see their own.")


def list_open_briefs(filters: CallFilters, *, today: date) -> QuerySet[Brief]:
    """The latest brief of each open campaign that takes applications, the newest campaign first.

    With ``campaign__brand`` loaded. One query; pages go on below a campaign's id.
    """
    later = Brief.objects.filter(campaign=OuterRef("campaign"), version__gt=OuterRef("version"))
    found = (
        Brief.objects.filter(~Exists(later), campaign__status=CampaignStatus.OPEN)
        .filter(Q(apply_by=None) | Q(apply_by__gte=today))
        .select_related("campaign__brand")
        .order_by("-campaign_id")
    )
    if filters.platform:
        found = found.filter(platform__in=["", filters.platform])
    if filters.country:
        found = found.filter(Q(country="") | Q(country__iexact=filters.country))
    if filters.niche:
        found = found.filter(Q(niches=[]) | Q(niches__contains=[filters.niche]))
    if q := filters.q.strip()[:MAX_QUERY].replace("\x00", ""):
        found = found.filter(
            Q(campaign__title__icontains=q) | Q(campaign__brand__name__icontains=q)
            | Q(text__icontains=q) | Q(product__icontains=q)
        )  # fmt: skip
    return found


def open_call_for(user: User, campaign_id: int, *, today: date) -> OpenCall:
    """An open campaign, or one the creator takes part in whatever its status.

    :raises NotFound: if it is neither. :raises Forbidden: as `reader_of_calls`.
    """
    campaign = Campaign.objects.select_related("brand").filter(pk=campaign_id).first()
    collaboration = None
    if campaign is not None:
        own = campaign.collaborations.filter(creator__user=user).select_related("campaign__brand")
        # A live one before those that ended; there is one live at most.
        collaboration = own.filter(state__in=LIVE).first() or own.first()
    if collaboration is None:
        reader_of_calls(user)
    if campaign is None or (
        collaboration is None and campaign.status != CampaignStatus.OPEN and not user.is_staff
    ):
        raise NotFound("There is no such campaign, or it is not open.")
    live = collaboration is not None and collaboration.state in LIVE
    seen = get_brief_seen(collaboration) if collaboration is not None else None
    # Whoever took part once reads what they worked by, not what is drafted later.
    over = seen is not None and not live and campaign.status != CampaignStatus.OPEN
    brief = seen.brief if seen and over else seen.latest if seen else get_latest_brief(campaign)
    creator = Creator.objects.filter(user=user).first()
    return OpenCall(
        campaign=campaign,
        brief=brief,
        collaboration=collaboration,
        seen=seen if live else None,
        can_apply=(
            creator is not None
            and creator.can_be_hired
            and not live
            and campaign.status == CampaignStatus.OPEN
            and (brief.apply_by is None or brief.apply_by >= today)
        ),
    )


def shown_budget(brief: Brief) -> str:
    """The range the budget for one creator lies in, such as “€2,000–€5,000”; empty if hidden.

    Ranges run from 1 to 2 to 5 to 10, so that nobody reads the limit itself off them.
    """
    if not brief.shows_budget:
        return ""
    budget = brief.budget_minor
    if budget is None and brief.total_budget_minor is not None and brief.places:
        budget = brief.total_budget_minor // brief.places
    if not budget:
        return ""
    low, high = budget_range(budget, brief.budget_currency)
    return f"{readable(low, brief.budget_currency)}–{readable(high, brief.budget_currency)}"


def budget_range(minor: int, currency: str) -> tuple[int, int]:
    """The step of 1, 2, 5, 10, … that ``minor`` lies in: low < minor <= high, minor units."""
    step = 10 ** exponent(currency)
    low = 0
    while True:
        for factor in (1, 2, 5):
            high = factor * step
            if minor <= high:
                return low, high
            low = high
        step *= 10
