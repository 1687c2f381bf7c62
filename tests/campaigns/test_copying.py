"""Copies of campaigns, and templates."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.errors import Forbidden, NotFound
from accounts.models import AuditEntry
from campaigns import copying
from campaigns.briefs import TitleMissing, get_latest_brief
from campaigns.copying import (
    TemplateNameMissing,
    TemplateNameTaken,
    TooManyTemplates,
    copy_campaign,
    delete_template,
    save_template,
    template_for,
    templates_of,
    terms_of_template,
)
from campaigns.models import BriefTemplate
from campaigns.starting import invite_creator
from campaigns.terms import BriefRejected, BriefTerms
from tests.campaigns.full_briefs import FULL, draft, opened
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def keep(cast: Cast, name: str = "Launches", terms: BriefTerms = FULL) -> BriefTemplate:
    return save_template(brand=cast.brand, name=name, terms=terms, actor=cast.brand_owner, now=NOW)


def test_a_copy_is_a_draft_with_the_brief_and_nothing_else(cast: Cast) -> None:
    campaign = opened(cast)
    invite_creator(campaign=campaign, creator=cast.creator, actor=cast.brand_owner, now=NOW)
    copy = copy_campaign(campaign=campaign, actor=cast.brand_owner, now=NOW)
    assert (copy.title, copy.status, copy.brand) == ("Copy of Spring", "draft", cast.brand)
    assert BriefTerms.of(get_latest_brief(copy)) == FULL
    assert not copy.collaborations.exists()
    assert not copy.submissions.exists()
    assert AuditEntry.objects.get(verb="campaign.copied").data == {"of": campaign.pk}


def test_a_copy_leaves_out_days_that_are_over(cast: Cast) -> None:
    later = NOW + timedelta(days=61)
    copy = copy_campaign(campaign=draft(cast), actor=cast.brand_owner, now=later)
    terms = BriefTerms.of(get_latest_brief(copy))
    assert (terms.apply_by, terms.publish_from, terms.publish_by) == (None, None, None)


def test_titles_of_copies_stay_within_their_length(cast: Cast) -> None:
    campaign = draft(cast, title="t" * 140)
    copy = copy_campaign(campaign=campaign, actor=cast.brand_owner, now=NOW)
    assert len(copy.title) == 140
    again = copy_campaign(campaign=copy, actor=cast.brand_owner, now=NOW)
    assert again.title == copy.title
    with pytest.raises(TitleMissing):
        copy_campaign(campaign=campaign, actor=cast.brand_owner, now=NOW, title="  ")


def test_a_template_keeps_the_brief(cast: Cast) -> None:
    template = keep(cast, " Launches ")
    assert (template.name, terms_of_template(template, now=NOW)) == ("Launches", FULL)
    assert list(templates_of(cast.brand_viewer)) == [template]
    assert not templates_of(cast.other_owner).exists()


def test_templates_are_refused_without_a_name_of_their_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(cast)
    for name in ("", " ", "n" * 141, "a\x00b"):
        with pytest.raises(TemplateNameMissing):
            keep(cast, name)
    with pytest.raises(TemplateNameTaken):
        keep(cast)
    with pytest.raises(BriefRejected):
        keep(cast, "Other", replace(FULL, text=" "))
    monkeypatch.setattr(copying, "MAX_TEMPLATES", 1)
    with pytest.raises(TooManyTemplates):
        keep(cast, "Other")
    assert BriefTemplate.objects.count() == 1


def test_templates_belong_to_their_brand(cast: Cast) -> None:
    template = keep(cast)
    assert template_for(cast.brand_owner, template.pk, write=True) == template
    with pytest.raises(Forbidden):
        template_for(cast.brand_viewer, template.pk, write=True)
    with pytest.raises(NotFound):
        template_for(cast.other_owner, template.pk)
    delete_template(template=template, actor=cast.brand_owner)
    assert AuditEntry.objects.get(verb="template.deleted").data == {"name": "Launches"}
    with pytest.raises(NotFound):
        template_for(cast.brand_owner, template.pk)
