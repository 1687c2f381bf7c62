"""The main job as a person does it: sign up, paste a brief, get ranked creators."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.jobs import start_job
from accounts.models import Job, User
from tests.browser.conftest import log_in
from tests.cast import NOW, PASSWORD, Cast
from tests.marketplace.pages.conftest import BRIEF
from tests.scoring.catalogue import make_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_sign_up_to_ranked_creators(page: Page, live_server: LiveServer) -> None:
    make_catalogue()
    page.goto("/")
    page.locator("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("Name of your brand").fill("Cedar")
    page.get_by_label("Email").fill("nora@example.org")
    page.get_by_label("Password*", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign up").click()
    page.get_by_role("link", name="Write the first brief").click()

    page.get_by_label("The brief").fill("   ")
    page.get_by_role("button", name="Find creators").click()
    expect(page.get_by_text("The brief is empty")).to_be_visible()
    page.get_by_label("The brief").fill(BRIEF)
    page.get_by_role("button", name="Find creators").click()

    page.wait_for_url("**/brand/campaigns/*/")
    first = page.locator("ol.ranked > li").first
    expect(first.get_by_role("heading")).to_have_text("Skin")
    expect(first.get_by_text("of 100 match")).to_be_visible()
    first.get_by_text("Why this place").click()
    expect(first.get_by_role("table")).to_contain_text("Content close to the brief")

    page.reload()
    expect(page.get_by_label("The brief")).to_have_value(BRIEF)
    page.get_by_label("Platform").select_option("instagram")
    page.get_by_role("button", name="Update the list").click()
    expect(page.locator("ol.ranked > li").first.get_by_role("heading")).not_to_have_text("Skin")

    page.locator("ol.ranked > li").first.get_by_role("heading").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Fake-follower risk")).to_be_visible()
    expect(page.get_by_role("heading", name="Fit for")).to_be_visible()


def test_it_works_without_javascript(page: Page, live_server: LiveServer, people: Cast) -> None:
    make_catalogue()
    browser = page.context.browser
    assert browser
    with browser.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        plain = context.new_page()
        log_in(plain, people.brand_owner.email)
        plain.goto("/brand/find/")
        plain.get_by_label("The brief").fill(BRIEF)
        plain.get_by_role("button", name="Find creators").click()
        expect(plain.locator("ol.ranked > li")).to_have_count(7)


def test_progress_moves_by_itself_and_stops_with_the_job(
    page: Page, live_server: LiveServer, people: Cast
) -> None:
    job = start_job(kind=Job.Kind.EMBED, title="Embed", params={}, owner=people.moderator, now=NOW)
    running = Job.objects.filter(pk=job.pk)
    running.update(state="running", done=10, total=100, started_at=NOW)
    log_in(page, people.moderator.email)
    page.goto(f"/jobs/{job.pk}/")
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "10")
    running.update(done=60)
    expect(bar).to_have_attribute("aria-valuenow", "60")
    running.update(state="succeeded", done=100)
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


def test_the_colours_follow_the_system_until_somebody_chooses(
    page: Page, live_server: LiveServer
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Switch to light colours").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_the_keyboard_reaches_the_content_first(page: Page, live_server: LiveServer) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/#content")
    assert not User.objects.exists()
