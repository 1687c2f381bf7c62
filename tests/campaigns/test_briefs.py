from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import AuditEntry, Brand, Membership, User
from campaigns.access import campaign_for, campaigns_of
from campaigns.briefs import TitleMissing, create_campaign, get_latest_brief, revise_brief
from campaigns.models import Brief, Campaign
from campaigns.terms import BriefRejected, BriefTerms

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TERMS = BriefTerms(text="Vegan skincare for sensitive skin", platform="tiktok")


@pytest.fixture
def owner() -> User:
    user = User.objects.create_user("owner@example.com")
    brand = Brand.objects.create(name="Alder")
    Membership.objects.create(brand=brand, user=user, role=Membership.Role.OWNER)
    return user


@pytest.fixture
def campaign(owner: User) -> Campaign:
    brand = owner.brands.get()
    return create_campaign(brand=brand, title=" Spring ", terms=TERMS, actor=owner, now=NOW)


def test_create_makes_a_draft_with_version_one(campaign: Campaign, owner: User) -> None:
    brief = get_latest_brief(campaign)
    assert (campaign.title, campaign.status, brief.version) == ("Spring", "draft", 1)
    assert BriefTerms.of(brief) == TERMS
    entry = AuditEntry.objects.get(verb="campaign.created")
    assert (entry.actor, entry.subject_id) == (owner, str(campaign.pk))


def test_create_refuses_bad_input_and_writes_nothing(owner: User) -> None:
    brand = owner.brands.get()
    with pytest.raises(TitleMissing):
        create_campaign(brand=brand, title=" ", terms=TERMS, actor=owner, now=NOW)
    with pytest.raises(BriefRejected):
        create_campaign(brand=brand, title="T", terms=BriefTerms(text=""), actor=owner, now=NOW)
    assert not Campaign.objects.exists()
    assert not AuditEntry.objects.exists()


def test_revise_adds_a_version_and_keeps_the_old_one(campaign: Campaign, owner: User) -> None:
    terms = BriefTerms(text="Vegan make-up")
    brief = revise_brief(campaign=campaign, terms=terms, actor=owner, now=NOW)
    assert brief.version == 2
    assert [b.text for b in campaign.briefs.order_by("version")] == [TERMS.text, terms.text]
    assert AuditEntry.objects.get(verb="brief.revised").data == {"version": 2}


def test_revise_with_unchanged_terms_adds_nothing(campaign: Campaign, owner: User) -> None:
    assert revise_brief(campaign=campaign, terms=TERMS, actor=owner, now=NOW).version == 1
    assert Brief.objects.count() == 1


def test_a_brief_cannot_be_rewritten_in_the_database(campaign: Campaign) -> None:
    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE campaigns_brief SET text = 'something else'")


def test_access_answers_for_members_only(campaign: Campaign, owner: User) -> None:
    from accounts.errors import Forbidden, NotFound

    viewer = User.objects.create_user("viewer@example.com")
    Membership.objects.create(brand=campaign.brand, user=viewer, role=Membership.Role.VIEWER)
    stranger = User.objects.create_user("stranger@example.com")

    assert campaign_for(owner, campaign.pk, write=True) == campaign
    assert campaign_for(viewer, campaign.pk) == campaign
    with pytest.raises(Forbidden):
        campaign_for(viewer, campaign.pk, write=True)
    with pytest.raises(NotFound):
        campaign_for(stranger, campaign.pk)
    assert not campaigns_of(stranger).exists()
