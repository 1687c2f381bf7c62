"""Languages on search rows: read once per text, again when the text changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Creator, Post, SocialAccount
from scoring import entries
from scoring.account_languages import read_languages
from scoring.models import SearchEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITALIAN = "Ti aiuto a mangiare vegan facile, ogni giorno una ricetta nuova"
SPANISH = "Amante de la vida, de la música y de los viajes con mi familia"


@pytest.fixture
def account() -> SocialAccount:
    creator = Creator.objects.create(display_name="Anna")
    account = SocialAccount.objects.create(
        creator=creator, platform="tiktok", handle="anna", bio=ITALIAN
    )
    entries.sync_entries()
    return account


def language(account: SocialAccount) -> str:
    return SearchEntry.objects.get(account=account).language


def test_the_language_is_read_and_follows_the_text(account: SocialAccount) -> None:
    assert language(account) == "it"
    SocialAccount.objects.filter(pk=account.pk).update(bio=SPANISH)
    entries.sync_entries(account_ids=[account.pk])
    assert language(account) == "es"
    SocialAccount.objects.filter(pk=account.pk).update(bio="DJ | Roma")
    entries.sync_entries()
    assert language(account) == ""


def test_captions_speak_where_the_bio_says_little(account: SocialAccount) -> None:
    SocialAccount.objects.filter(pk=account.pk).update(bio="")
    Post.objects.bulk_create(
        Post(
            account=account, external_id=f"p{n}", caption=SPANISH,
            published_at=NOW - timedelta(days=n),
        )
        for n in range(3)
    )  # fmt: skip
    entries.sync_entries()
    assert language(account) == "es"


def test_texts_that_did_not_change_are_not_read_again(
    account: SocialAccount, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert read_languages() == 0


def test_everything_can_be_read_again_to_the_same_answers(account: SocialAccount) -> None:
    before = SearchEntry.objects.values_list("language", "language_basis").get()
    SearchEntry.objects.update(language="de", language_basis="")
    assert read_languages() == 1
    assert SearchEntry.objects.values_list("language", "language_basis").get() == before


def test_only_the_named_accounts_are_read(account: SocialAccount) -> None:
    SearchEntry.objects.update(language_basis="")
    assert read_languages(account_ids=[account.pk + 1]) == 0
    assert read_languages(account_ids=[account.pk]) == 1
