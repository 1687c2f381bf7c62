"""The page of recommendations in a browser: the first four at home, hiding, and narrow screens."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from campaigns.briefs import create_campaign
from campaigns.terms import BriefTerms
from tests.browser.conftest import log_in
from tests.cast import NOW, Cast
from tests.scoring.catalogue import make_catalogue
from tests.scoring.recommendations.learning import learned_state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where pictures are kept, if somebody wants to look at the pages.
PICTURES = os.environ.get("PICTURES", "")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_an_owner_meets_hides_and_meets_no_more(people: Cast, page: Page) -> None:
    accounts = make_catalogue()
    create_campaign(
        brand=people.brand,
        title="Strong",
        terms=BriefTerms(text="Gym clothes for strength training", niches=["fitness"]),
        actor=people.brand_owner,
        now=NOW,
    )
    learned_state({people.brand: [accounts["runner"].creator]})
    log_in(page, people.brand_owner.email)
    page.locator("section[aria-labelledby=recommended] article").nth(3).wait_for()
    picture(page, "home")
    page.get_by_role("link", name="All of them, with the reasons").click()
    page.get_by_role("heading", name="Recommended creators").wait_for()
    assert page.locator(".match-card").count() == len(accounts)
    picture(page, "recommended")
    violations = Axe().run(page).response["violations"]
    assert not violations, [one["id"] for one in violations]
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.emulate_media(color_scheme="dark")
    picture(page, "recommended-narrow-dark")
    name = page.locator(".match-card h3").first.inner_text()
    page.locator(".match-card").first.get_by_role("button", name=f"Hide {name}").click()
    page.get_by_text("1 hidden creator is left out").wait_for()
    assert page.locator(".match-card").count() == len(accounts) - 1
    assert name not in page.locator(".ranked").inner_text()
