"""A creator's status and what search shows of them."""

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Creator, SocialAccount, User
from scoring import entries
from scoring.models import SearchEntry
from scoring.visibility import set_creator_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(creator_user: User) -> SocialAccount:
    account = SocialAccount.objects.create(
        creator=creator_user.creator, platform="tiktok", handle="someone"
    )
    entries.sync_entries()
    return account


@pytest.mark.parametrize(
    ("status", "shown"), [("suspended", False), ("closed", False), ("flagged", True)]
)
def test_search_follows_the_status_at_once(
    account: SocialAccount, moderator: User, status: str, shown: bool
) -> None:
    set_creator_status(creator=account.creator, status=status, actor=moderator, now=timezone.now())
    assert SearchEntry.objects.get(account=account).is_visible is shown
    entry = AuditEntry.objects.get(verb="creator.status_changed")
    assert (entry.actor, entry.data["from"], entry.data["to"]) == (moderator, "active", status)


def test_the_same_status_changes_and_records_nothing(
    account: SocialAccount, moderator: User
) -> None:
    set_creator_status(
        creator=account.creator, status="active", actor=moderator, now=timezone.now()
    )
    assert not AuditEntry.objects.filter(verb="creator.status_changed").exists()


def test_an_unknown_status_is_refused(account: SocialAccount, moderator: User) -> None:
    with pytest.raises(ValueError, match="adored"):
        set_creator_status(
            creator=account.creator, status="adored", actor=moderator, now=timezone.now()
        )
    assert Creator.objects.get(pk=account.creator_id).status == "active"
