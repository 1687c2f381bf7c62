"""The demo brand's shortlists, and what its made-up creators say of their time."""

import datetime as dt

import pytest
from pytest_django import Settings

from accounts.availability import is_available
from accounts.models import AuditEntry, Creator
from campaigns.models import Shortlist, ShortlistEntry, ShortlistNote, ShortlistVote
from marketplace.demo import cast, seeding

NOW = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def seed() -> None:
    seeding.seed_market(creators=60, seed=7, now=NOW, with_scores=False, with_stories=False)


def test_the_demo_brand_has_two_lists_its_team_talked_about_and_they_go_with_it() -> None:
    seed()
    first, second = Shortlist.objects.order_by("created_at")
    assert first.campaign is not None
    assert second.campaign is None
    assert first.brand.is_simulated
    assert all(entry.creator.is_simulated for entry in ShortlistEntry.objects.all())
    assert 5 <= ShortlistEntry.objects.count() <= 7
    voters = set(ShortlistVote.objects.values_list("voter__email", flat=True))
    assert voters == {cast.OWNER, cast.MANAGER}
    assert ShortlistNote.objects.filter(created_at__lte=NOW).count() >= 3
    assert AuditEntry.objects.filter(verb="shortlist.voted").exists()
    answers = {
        is_available(creator, NOW.date(), NOW.date() + dt.timedelta(days=3))
        for creator in Creator.objects.exclude(user=None)
    }
    assert answers == {True, False, None}
    seeding.remove_market(now=NOW)
    assert not Shortlist.objects.exists()
    assert not ShortlistNote.objects.exists()
