"""The page of recommendations, its piece of the start page, and who sees them."""

import pytest
from django.urls import reverse

from accounts.models import SocialAccount
from scoring.models import InteractionEvent
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see
from tests.scoring.catalogue import make_catalogue

pytestmark = pytest.mark.django_db

GET = {
    "recommended":       (302, 200, 200, 404, 404, 404, 404),
    "recommended_start": (302, 200, 200, 404, 404, 404, 404),
}  # fmt: skip
POST: dict[str, tuple[int, ...]] = {}


@pytest.fixture
def accounts(cast: Cast) -> dict[str, SocialAccount]:
    return make_catalogue()


@pytest.mark.parametrize("name", GET)
def test_who_sees_the_list(name: str, cast: Cast, browse: Browse) -> None:
    see(reverse(name, args=[cast.brand.pk]), GET[name], cast=cast, browse=browse)


def test_the_page_shows_creators_with_reasons_and_records_it(
    cast: Cast, browse: Browse, accounts: dict[str, SocialAccount]
) -> None:
    answer = browse(cast.brand_owner).get(reverse("recommended", args=[cast.brand.pk]))
    text = answer.content.decode()
    assert "Nothing has been learned yet" in text
    assert " points: " in text
    assert "How this list is made" in text
    recorded = InteractionEvent.objects.filter(surface="recommended")
    assert recorded.count() == len(accounts)
    assert all(0 < row.propensity <= 1 for row in recorded)  # type: ignore[operator]
    assert sorted(row.position or 0 for row in recorded) == list(range(1, len(accounts) + 1))


def test_a_viewer_reads_without_being_recorded(
    cast: Cast, browse: Browse, accounts: dict[str, SocialAccount]
) -> None:
    answer = browse(cast.brand_viewer).get(reverse("recommended", args=[cast.brand.pk]))
    assert answer.status_code == 200
    assert b"from the lists of" not in answer.content
    assert not InteractionEvent.objects.exists()


@pytest.mark.parametrize("after", ["x", "\x00", "9" * 400, "1-1-9999-9999"])
def test_nonsense_in_the_address_does_no_harm(
    after: str, cast: Cast, browse: Browse, accounts: dict[str, SocialAccount]
) -> None:
    address = reverse("recommended", args=[cast.brand.pk])
    assert browse(cast.brand_owner).get(address, {"after": after}).status_code == 200


def test_the_start_page_asks_for_four(
    cast: Cast, browse: Browse, accounts: dict[str, SocialAccount]
) -> None:
    client = browse(cast.brand_owner)
    piece = reverse("recommended_start", args=[cast.brand.pk])
    assert piece in client.get(reverse("home")).content.decode()
    assert client.get(piece).content.decode().count("<article") == 4


def test_bios_are_text(cast: Cast, browse: Browse, accounts: dict[str, SocialAccount]) -> None:
    SocialAccount.objects.filter(handle="weights").update(bio="<script>alert(1)</script>")
    answer = browse(cast.brand_owner).get(reverse("recommended", args=[cast.brand.pk]))
    assert b"<script>alert(1)" not in answer.content
