"""Starting from what is there: a campaign's copy, and templates of a brand."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import access, audit
from accounts.errors import Conflict, DomainError, NotFound
from accounts.models import Brand, User
from campaigns.briefs import create_campaign, get_latest_brief
from campaigns.models import BriefTemplate, Campaign
from campaigns.terms import BriefTerms

MAX_TEMPLATES = 200
MAX_NAME = 140
COPY = "Copy of "


class TemplateNameMissing(DomainError):
    code = "template_name_missing"

    def __init__(self) -> None:
        super().__init__(
            f"Give the template a name of 1 to {MAX_NAME} characters.", details={"field": "name"}
        )


class TemplateNameTaken(Conflict):
    code = "template_name_taken"

    def __init__(self) -> None:
        super().__init__(
            "The brand has a template of this name. Choose another, or delete that one first.",
            details={"field": "name"},
        )


class TooManyTemplates(Conflict):
    code = "too_many_templates"
    message = f"A brand keeps at most {MAX_TEMPLATES} templates. Delete one first."


def copy_campaign(
    *, campaign: Campaign, actor: User, now: datetime, title: str | None = None
) -> Campaign:
    """A new draft with the campaign's latest brief, without days that are over.

    Nothing of its collaborations, submissions or earlier versions comes along.

    :raises TitleMissing: if a title is given and blank or too long.
    """
    terms = BriefTerms.of(get_latest_brief(campaign)).without_past_dates(today=now.date())
    if title is None:
        title = campaign.title if campaign.title.startswith(COPY) else COPY + campaign.title
        title = title[:MAX_NAME]
    with transaction.atomic():
        copy = create_campaign(brand=campaign.brand, title=title, terms=terms, actor=actor, now=now)
        audit.record(actor=actor, verb="campaign.copied", subject=copy, data={"of": campaign.pk})
    return copy


@transaction.atomic
def save_template(
    *, brand: Brand, name: str, terms: BriefTerms, actor: User, now: datetime
) -> BriefTemplate:
    """Keep a brief under a name, to start campaigns from.

    :raises TemplateNameMissing, TemplateNameTaken, TooManyTemplates: as named.
    :raises BriefRejected: if the terms cannot be used.
    """
    terms.checked()
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME or "\x00" in name:
        raise TemplateNameMissing
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    if brand.brief_templates.count() >= MAX_TEMPLATES:
        raise TooManyTemplates
    try:
        with transaction.atomic():
            template = BriefTemplate.objects.create(
                brand=brand, name=name, terms=terms.to_json(), created_by=actor, created_at=now
            )
    except IntegrityError as error:
        raise TemplateNameTaken from error
    audit.record(actor=actor, verb="template.saved", subject=template, data={"name": name})
    return template


def terms_of_template(template: BriefTemplate, *, now: datetime) -> BriefTerms:
    """The template's brief for a campaign that starts now."""
    return BriefTerms.from_json(template.terms).without_past_dates(today=now.date())


@transaction.atomic
def delete_template(*, template: BriefTemplate, actor: User) -> None:
    audit.record(
        actor=actor, verb="template.deleted", subject=template, data={"name": template.name}
    )
    template.delete()


def templates_of(user: User) -> QuerySet[BriefTemplate]:
    """Templates of every brand the user belongs to, by name."""
    found = BriefTemplate.objects.filter(brand__memberships__user=user)
    return found.select_related("brand", "created_by")


def template_for(user: User, template_id: int, *, write: bool = False) -> BriefTemplate:
    """:raises NotFound: if it is no brand's of the user's.
    :raises Forbidden: if ``write`` is asked and the role only reads.
    """
    template = templates_of(user).filter(pk=template_id).first()
    if template is None:
        raise NotFound("There is no such template, or it belongs to another brand.")
    if write:
        access.membership_for(user, template.brand_id, roles=access.WRITERS)
    return template
