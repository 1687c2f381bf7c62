"""A creator justifies a price; a brand that was sent the link checks it without a log-in."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in
from tests.cast import Cast
from tests.scoring.justifying.frozen import own_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_price_to_a_withdrawn_link(page: Page, people: Cast) -> None:
    own_account(people)
    log_in(page, people.creator_user.email)
    page.goto("/creator/justifications/")
    page.get_by_role("link", name="Justify a price").first.click()
    page.get_by_label("What it is for").select_option(label="A reel")
    page.get_by_label("Your price").fill("1200")
    page.get_by_label("Note to the brand").fill("Two rounds of changes.")
    page.get_by_label("Audience").uncheck()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("A preview: nothing is made yet")).to_be_visible()
    expect(page.get_by_text("The creator left this out.")).to_be_visible()
    page.get_by_role("button", name="Make it").click()
    path = page.get_by_label("The link to send").input_value().split("/verify/")[1]
    own = page.url
    stranger = page.context.browser.new_context()  # type: ignore[union-attr]
    brand = stranger.new_page()
    try:
        origin = page.url.split("/creator/")[0]
        brand.goto(f"{origin}/verify/{path}")
        expect(brand.get_by_role("heading", name="Genuine and valid")).to_be_visible()
        expect(brand.get_by_text("4,500")).to_be_visible()
        page.goto(own)
        expect(page.get_by_text("Opened 1 time,")).to_be_visible()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.get_by_role("heading", name="Withdrawn on")).to_be_visible()
        brand.reload()
        expect(brand.get_by_role("heading", name="Withdrawn")).to_be_visible()
        expect(brand.get_by_text("4,500")).to_have_count(0)
    finally:
        stranger.close()
