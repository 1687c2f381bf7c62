"""Writing briefs: a campaign's first one and each that follows."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import DomainError
from accounts.models import Brand, User
from campaigns.models import Brief, Campaign
from campaigns.terms import BriefTerms


class TitleMissing(DomainError):
    code = "title_missing"
    message = "Give the campaign a title of 1 to 140 characters."


@transaction.atomic
def create_campaign(
    *, brand: Brand, title: str, terms: BriefTerms, actor: User, now: datetime
) -> Campaign:
    """A draft campaign with version 1 of its brief.

    :raises BriefRejected: if the terms cannot be used.
    :raises TitleMissing: if the title is blank or too long.
    """
    terms.checked()
    title = title.strip()
    if not 1 <= len(title) <= 140 or "\x00" in title:
        raise TitleMissing
    campaign = Campaign.objects.create(
        brand=brand, title=title, created_by=actor, created_at=now, updated_at=now
    )
    _add_version(campaign=campaign, version=1, terms=terms, actor=actor, now=now)
    audit.record(actor=actor, verb="campaign.created", subject=campaign)
    return campaign


@transaction.atomic
def revise_brief(*, campaign: Campaign, terms: BriefTerms, actor: User, now: datetime) -> Brief:
    """Follow the campaign's brief with a new version; unchanged terms add none.

    :raises BriefRejected: if the terms cannot be used.
    """
    terms.checked()
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    latest = get_latest_brief(locked)
    if BriefTerms.of(latest) == terms:
        return latest
    brief = _add_version(
        campaign=locked, version=latest.version + 1, terms=terms, actor=actor, now=now
    )
    locked.updated_at = now
    locked.save(update_fields=["updated_at"])
    audit.record(actor=actor, verb="brief.revised", subject=locked, data={"version": brief.version})
    return brief


def get_latest_brief(campaign: Campaign) -> Brief:
    """The version that counts. One query; every campaign has one."""
    return campaign.briefs.order_by("-version")[0]


def _add_version(
    *, campaign: Campaign, version: int, terms: BriefTerms, actor: User, now: datetime
) -> Brief:
    return Brief.objects.create(
        campaign=campaign, version=version, created_by=actor, created_at=now, **asdict(terms)
    )
