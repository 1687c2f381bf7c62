"""Writing briefs: a campaign's first one and each that follows."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError
from accounts.models import Brand, User
from campaigns.models import Brief, Campaign
from campaigns.running import change_campaign
from campaigns.states import CampaignStatus, Side
from campaigns.terms import BriefTerms

# What creators work by. Filters, budgets, places and dates of a campaign that is open may
# change without moderators; these may not.
READ_AGAIN = (
    "text", "product", "links", "deliverables", "dos", "donts", "usage_rights_months",
    "usage_rights", "exclusivity_days", "disclosure", "approval",
)  # fmt: skip
OPENED = (CampaignStatus.OPEN, CampaignStatus.PAUSED)


class TitleMissing(DomainError):
    code = "title_missing"
    message = "Give the campaign a title of 1 to 140 characters."

    def __init__(self) -> None:
        super().__init__(details={"field": "title"})


@transaction.atomic
def create_campaign(
    *, brand: Brand, title: str, terms: BriefTerms, actor: User, now: datetime
) -> Campaign:
    """A draft campaign with version 1 of its brief.

    :raises BriefRejected: if the terms cannot be used.
    :raises TitleMissing: if the title is blank or too long.
    """
    terms.checked()
    campaign = Campaign.objects.create(
        brand=brand, title=check_title(title), created_by=actor, created_at=now, updated_at=now
    )
    _add_version(campaign=campaign, version=1, terms=terms, actor=actor, now=now)
    audit.record(actor=actor, verb="campaign.created", subject=campaign)
    return campaign


class BriefHeld(Conflict):
    code = "brief_held"
    message = (
        "The brief is with the moderators, who must read what they decide about. Take the "
        "campaign back to change it."
    )


class CampaignOver(Conflict):
    code = "campaign_over"
    message = "The campaign is at its end; copy it to go on with its brief."


class BudgetCurrencyTaken(Conflict):
    code = "budget_currency_taken"

    def __init__(self, currencies: list[str]) -> None:
        super().__init__(
            f"Of this budget, {' and '.join(currencies)} are promised or paid already, so its "
            "currency stays. Copy the campaign to go on in another.",
            details={"field": "budget_currency"},
        )


@transaction.atomic
def revise_brief(
    *, campaign: Campaign, terms: BriefTerms, actor: User, now: datetime, title: str | None = None
) -> Brief:
    """Follow the campaign's brief with a new version; unchanged terms add none.

    A change of what creators work by (`READ_AGAIN`) or of the title takes an open or paused
    campaign back to the moderators. Collaborations go on under the terms they have; nobody new
    is invited or applies until it is approved.

    :param title: a new title; None keeps the present one.
    :raises BriefRejected: if the terms cannot be used.
    :raises TitleMissing: if the title is blank or too long.
    :raises BriefHeld: while the moderators have it.
    :raises CampaignOver: if it is closed, archived or cancelled.
    :raises BudgetCurrencyTaken: if money of the budget is promised in another currency.
    """
    terms.checked()
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    title = locked.title if title is None else check_title(title)
    latest = get_latest_brief(locked)
    present = BriefTerms.of(latest)
    if present == terms and title == locked.title:
        return latest
    status = CampaignStatus(locked.status)
    if status is CampaignStatus.IN_MODERATION:
        raise BriefHeld
    if status not in (CampaignStatus.DRAFT, *OPENED):
        raise CampaignOver
    _check_currency_of_budget(locked, terms)
    read_again = status in OPENED and (
        title != locked.title or bool(changed_fields(present, terms) & set(READ_AGAIN))
    )
    if title != locked.title:
        audit.record(
            actor=actor,
            verb="campaign.renamed",
            subject=locked,
            data={"from": locked.title, "to": title},
        )
    locked.title, locked.updated_at = title, now
    locked.save(update_fields=["title", "updated_at"])
    if present != terms:
        version = latest.version + 1
        latest = _add_version(campaign=locked, version=version, terms=terms, actor=actor, now=now)
        audit.record(actor=actor, verb="brief.revised", subject=locked, data={"version": version})
    if read_again:
        change_campaign(campaign=locked, name="recheck", side=Side.BRAND, actor=actor, now=now)
    return latest


def _check_currency_of_budget(campaign: Campaign, terms: BriefTerms) -> None:
    """What is taken of a budget is added up, so all of it is in one currency."""
    if terms.total_budget_minor is None:
        return
    taken = campaign.collaborations.filter(earmark_minor__gt=0)
    others = taken.exclude(earmark_currency=terms.budget_currency).order_by("earmark_currency")
    if found := list(others.values_list("earmark_currency", flat=True).distinct()):
        raise BudgetCurrencyTaken(found)


def changed_fields(before: BriefTerms, after: BriefTerms) -> set[str]:
    return {name for name in vars(before) if getattr(before, name) != getattr(after, name)}


def check_title(title: str) -> str:
    """The title as one line, since contracts and subjects of e-mails name it.

    :raises TitleMissing: if nothing is left, or too much.
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= 140 or "\x00" in title:
        raise TitleMissing
    return title


def get_latest_brief(campaign: Campaign) -> Brief:
    """The version that counts. One query; every campaign has one."""
    return campaign.briefs.order_by("-version")[0]


def _add_version(
    *, campaign: Campaign, version: int, terms: BriefTerms, actor: User, now: datetime
) -> Brief:
    return Brief.objects.create(
        campaign=campaign, version=version, created_by=actor, created_at=now, **asdict(terms)
    )
