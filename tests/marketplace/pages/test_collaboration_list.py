"""The page of all collaborations, and what the first page says of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Creator
from campaigns.starting import apply_to_campaign
from campaigns.states import Side
from tests.campaigns.conftest import open_campaign
from tests.campaigns.test_contracts_and_work import start_work
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db
HERE = "/collaborations/"


def apply(cast: Cast, count: int) -> None:
    campaign = open_campaign(cast)
    for number in range(count):
        creator = Creator.objects.create(display_name=f"Applicant {number}")
        apply_to_campaign(
            campaign=campaign, creator=creator, actor=cast.moderator, now=timezone.now()
        )


def test_both_sides_find_each_other_the_turn_and_the_money(cast: Cast, browse: Browse) -> None:
    collaboration = start_work(cast, 50_000)
    address = f"/collaborations/{collaboration.pk}/"
    brand = browse(cast.brand_owner).get(HERE).content.decode()
    assert address in brand
    assert "Carla Creator" in brand
    assert "Waits for the creator" in brand
    assert "€550.00 set aside" in brand
    creator = browse(cast.creator_user).get(HERE).content.decode()
    assert "Alder" in creator.split("<main")[1]
    assert "Your turn" in creator
    assert address not in browse(cast.other_owner).get(HERE).content.decode()


def test_pages_lead_on_and_back_and_keep_the_filters(cast: Cast, browse: Browse) -> None:
    apply(cast, 21)
    client = browse(cast.brand_owner)
    first = client.get(HERE, {"stage": "talks"})
    assert first.content.decode().count('class="row-title"') == 20
    assert "Previous page" not in first.content.decode()
    cursor = first.context["listed"].next_cursor
    second = client.get(HERE, {"stage": "talks", "cursor": cursor}).content.decode()
    assert second.count('class="row-title"') == 1
    assert "stage=talks&amp;cursor=" in second


@pytest.mark.parametrize(
    "query",
    [{"stage": "nonsense"}, {"campaign": "\x00"}, {"campaign": "9" * 30}, {"brand": "-1"}],
)
def test_unusable_filters_are_left_out(cast: Cast, browse: Browse, query: dict[str, str]) -> None:
    assert browse(cast.brand_owner).get(HERE, query).status_code == 200


@pytest.mark.parametrize("cursor", ["x", "\x00", "WzFd:abc", "9" * 5_000])
def test_a_forged_cursor_is_refused_in_words(cast: Cast, browse: Browse, cursor: str) -> None:
    response = browse(cast.brand_owner).get(HERE, {"cursor": cursor})
    assert response.status_code == 400
    assert "This is no place in the list" in response.content.decode()


def test_the_first_page_says_how_much_needs_somebody(cast: Cast, browse: Browse) -> None:
    apply(cast, 7)
    response = browse(cast.brand_owner).get("/")
    assert response.context["needing_count"] == "7"
    assert len(response.context["needing"]) == 5
    creator = browse(cast.creator_user).get("/").content.decode()
    assert "Nothing waits for you." in creator
    start_work(cast, 50_000)
    creator = browse(cast.creator_user).get("/").content.decode()
    assert "Spring" in creator


def test_empty_lists_say_what_to_do(cast: Cast, browse: Browse) -> None:
    for user, words in (
        (cast.brand_owner, "No collaboration yet"),
        (cast.creator_user, "your applications appear here"),
        (cast.moderator, "You take part in no collaboration"),
    ):
        assert words in browse(user).get(HERE).content.decode()
    asked = browse(cast.brand_owner).get(HERE, {"needs_me": "1"}).content.decode()
    assert "Nothing waits for you" in asked


def test_the_pages_queries_do_not_grow(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    start_work(cast, 50_000)
    apply(cast, 1)
    few = [queries(HERE), queries("/")]
    apply(cast, 12)
    assert [queries(HERE), queries("/")] == few


def test_the_navigation_leads_there(cast: Cast, browse: Browse) -> None:
    link = f'href="{reverse("collaborations")}"'
    for user in (cast.brand_owner, cast.creator_user):
        assert link in browse(user).get("/creators/").content.decode().split("<main")[0]
    assert link not in browse(cast.moderator).get("/creators/").content.decode()


def test_sides_are_named(cast: Cast, browse: Browse) -> None:
    start_work(cast)
    rows = browse(cast.creator_user).get(HERE).context["listed"].rows
    assert [row.side for row in rows] == [Side.CREATOR]
