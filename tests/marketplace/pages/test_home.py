"""The first page for each kind of visitor, and the allauth pages in our frame."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from tests.cast import NOW, PASSWORD, Cast
from tests.marketplace.pages.conftest import BRIEF, Browse

pytestmark = pytest.mark.django_db


def test_strangers_learn_what_this_is_without_a_query(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/")
    assert "Hire creators, and see why." in response.content.decode()
    assert len(captured) == 0


def test_a_brand_finds_its_campaigns(cast: Cast, browse: Browse, campaign: Campaign) -> None:
    html = browse(cast.brand_owner).get("/").content.decode()
    assert reverse("campaign", args=[campaign.pk]) in html
    assert "New brief" in html
    others = browse(cast.other_owner).get("/").content.decode()
    assert "Write the first brief" in others
    assert "Spring" not in others


def test_a_viewer_is_offered_nothing_they_may_not_do(
    cast: Cast, browse: Browse, campaign: Campaign
) -> None:
    page = browse(cast.brand_viewer).get("/").content.decode()
    assert "Spring" in page
    assert reverse("brief_new") not in page.split("<main")[1]


def test_a_creator_finds_what_needs_them_and_their_profile(cast: Cast, browse: Browse) -> None:
    html = browse(cast.creator_user).get("/").content.decode()
    assert reverse("creator", args=[cast.creator.pk]) in html
    assert "Nothing waits for you." in html


def test_a_moderator_finds_the_desk_and_the_jobs(cast: Cast, browse: Browse) -> None:
    html = browse(cast.moderator).get("/").content.decode()
    assert reverse("admin:index") in html
    assert reverse("jobs") in html


def test_somebody_in_no_team_is_told_how_to_get_into_one(browse: Browse) -> None:
    html = browse(User.objects.create_user("lone@example.org")).get("/").content.decode()
    assert "You are in no team yet" in html


def test_the_dashboards_queries_do_not_grow_with_campaigns(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)

    def add(count: int) -> None:
        for number in range(count):
            create_campaign(
                brand=cast.brand,
                title=f"Campaign {number}",
                terms=BriefTerms(text=BRIEF),
                actor=cast.brand_owner,
                now=NOW,
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    add(1)
    few = queries()
    add(12)
    assert queries() == few


def test_logging_in_and_out(client: Client, cast: Cast) -> None:
    wrong = {"login": cast.brand_owner.email, "password": "wrong"}
    assert client.post(reverse("account_login"), wrong).status_code == 200
    right = {"login": cast.brand_owner.email.upper(), "password": PASSWORD}
    assert client.post(reverse("account_login"), right).url == "/"
    assert "Olga Owner" in client.get("/").content.decode()
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert "Hire creators" in client.get("/").content.decode()


ACCOUNT_PAGES = (
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done",
    "account_email_verification_sent",
)  # fmt: skip
MEMBER_PAGES = ("account_email", "account_change_password", "account_logout", "mfa_index")


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_account_pages_are_in_our_frame(client: Client, name: str) -> None:
    html = client.get(reverse(name)).content.decode()
    assert "fairground/site.css" in html
    assert html.count("<h1") == 1
    assert 'class="skip-link"' in html


@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_member_pages_are_in_our_frame(cast: Cast, browse: Browse, name: str) -> None:
    html = browse(cast.brand_owner).get(reverse(name)).content.decode()
    assert "fairground/site.css" in html
    assert html.count("<h1") == 1
    assert '<script src="' in html


def test_no_page_has_inline_script_and_the_policy_forbids_it(
    cast: Cast, browse: Browse, campaign: Campaign
) -> None:
    client = browse(cast.moderator)
    for name in ("home", "creators", "jobs", "mfa_index"):
        response = client.get(reverse(name))
        assert "script-src 'self'" in response["Content-Security-Policy"]
        for tag in response.content.decode().split("<script")[1:]:
            attributes = tag.split(">")[0]
            assert "src=" in attributes or 'type="application/json"' in attributes
