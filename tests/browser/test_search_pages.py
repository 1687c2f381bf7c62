"""Searching on a phone and on a desk: found, kept, read by all, nothing sticks out."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Creator
from scoring.discovery.saving import save_search
from scoring.discovery.terms import SearchTerms
from tests.browser.conftest import log_in
from tests.browser.test_every_page import NARROW, WIDE, inspect
from tests.cast import NOW, Cast
from tests.scoring.catalogue import make_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_search_pages_in_both_widths(page: Page, live_server: LiveServer, people: Cast) -> None:
    accounts = make_catalogue()
    skin = accounts["skin"].creator
    Creator.objects.filter(pk=skin.pk).update(is_simulated=True, display_name="Unbroken" * 15)
    search = save_search(
        brand=people.brand, name="S" * 80, terms=SearchTerms(text="w" * 500, max_risk=90),
        actor=people.brand_owner, now=NOW,
    )  # fmt: skip
    log_in(page, people.brand_owner.email)

    # Search, look closer by example, and keep it, on a phone.
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/creators/search/")
    page.get_by_label("What they write about, or a name").fill("easy vegan recipes")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("ol.ranked li").first).to_contain_text("Vegan Cook")
    page.get_by_text("Save this search").click()
    page.get_by_label("Name", exact=True).fill("Cooks")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Cooks")).to_be_visible()
    page.get_by_role("link", name="Search with Vegan Cook as an example").click()
    expect(page.get_by_label("Vegan Cook")).to_be_checked()
    expect(page.locator("ol.ranked")).not_to_contain_text("Vegan Cook")

    addresses = [
        "/creators/search/",
        f"/creators/search/?q=skincare&like={skin.pk}",
        "/creators/search/?platform=douyin&country=Italy",
        f"/creators/search/?q={'x' * 501}",
        f"/creators/{skin.pk}/similar/",
        "/creators/saved-searches/",
        f"/creators/saved-searches/{search.pk}/",
    ]
    inspect(page, addresses, width=NARROW, colours="dark")
    inspect(page, addresses, width=WIDE, colours="light")
