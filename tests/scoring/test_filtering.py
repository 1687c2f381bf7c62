import pytest

from accounts.models import Creator, SocialAccount
from scoring import entries
from scoring.filtering import filter_creators
from tests.scoring.catalogue import make_account

pytestmark = pytest.mark.django_db


def found(**asked: object) -> list[str]:
    creators = filter_creators(Creator.objects.order_by("display_name"), asked)
    return list(creators.values_list("display_name", flat=True))


@pytest.fixture(autouse=True)
def catalogue() -> None:
    big = make_account("big_baker", bio="Sourdough", platform="tiktok", followers=90_000)
    small = make_account("quiet_one", bio="Bread and rye", platform="instagram", followers=900)
    SocialAccount.objects.create(
        creator=small.creator, platform="tiktok", handle="second", bio="Sourdough too"
    )
    Creator.objects.create(display_name="Without Accounts")
    assert big.pk
    entries.sync_entries()


def test_asking_nothing_leaves_everybody() -> None:
    assert found() == found(platform="", q=None) == ["Big Baker", "Quiet One", "Without Accounts"]


def test_one_and_the_same_account_passes_every_limit() -> None:
    assert found(platform="tiktok") == ["Big Baker", "Quiet One"]
    assert found(platform="instagram", max_followers=1_000) == ["Quiet One"]
    assert found(platform="tiktok", max_followers=1_000) == []


def test_text_is_looked_for_in_names_handles_and_bios_of_accounts_that_pass() -> None:
    assert found(q="sourdough") == ["Big Baker", "Quiet One"]
    assert found(q="@QUIET") == ["Quiet One"]
    assert found(q="without") == ["Without Accounts"]
    assert found(q="rye", platform="tiktok") == []


def test_an_unknown_fact_passes_no_limit() -> None:
    assert found(max_risk=100) == []


def test_a_country_is_found_by_its_code_and_a_language_by_its_texts() -> None:
    SocialAccount.objects.filter(handle="second").update(
        country="Germany", bio="Aus dem Ruhrpott, hier backe ich Brot und schreibe darüber"
    )
    entries.sync_entries()
    assert found(country="de") == found(country="Germany") == found(language="DE") == ["Quiet One"]
    assert found(country="France") == found(language="fr") == []
